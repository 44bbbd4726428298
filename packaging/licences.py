"""Writes the licences of everything inside the frozen application, from the lists of what PyInstaller put there.

A Python distribution speaks for its own files; what the system's packages brought is found by their owner, where the
system can tell; our own resources and Python itself have their notices. What has no text is said to have none.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

FOLDER = "licences"
LIST = "LICENCES.md"
OWN_NOTICES = (
    "sample_library/ATTRIBUTION.md",
    "sample_library/LICENSES",
    "starter_encoder/MODEL_CARD.md",
)
COMMON_TEXTS = Path(__file__).with_name("licence_texts")
"""Texts of licences that wheels name without bringing them."""
_TEXT = re.compile(r"(^|/)(licen[cs]e|copying|notice|copyright|authors)[^/]*$", re.IGNORECASE)
_CODE = (".py", ".pyc", ".pyi", ".so", ".dll", ".pyd")


@dataclass(frozen=True, slots=True)
class Component:
    """Something inside with a licence of its own; `texts` are the files that hold it."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def write_licences(work: Path, resources: Path) -> list[Component]:
    """Write list and texts into the resources of a built folder; `work` holds PyInstaller's tables. Return them all."""
    inside = sorted(_inside(work), key=lambda one: one.name.lower())
    folder = resources / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for component in inside:
        if component.texts:
            (folder / f"{component.name}.txt").write_text(_in_one(component.texts), "utf-8")
    (folder / LIST).write_text(_listed(inside), "utf-8")
    return inside


def frozen_sources(work: Path) -> set[Path]:
    """Return the files that PyInstaller took, by where they lay."""
    tables = (ast.literal_eval(path.read_text("utf-8")) for path in work.rglob("*-00.toc"))
    return {Path(source) for table in tables for source in _sources(table)}


def owners(sources: Iterable[Path], known: Iterable[Distribution]) -> tuple[list[Distribution], set[Path]]:
    """Return the distributions that the files belong to, and the files that belong to none."""
    homes: dict[Path, Distribution] = {}
    for distribution in known:
        for file in distribution.files or ():
            homes[Path(str(distribution.locate_file(file)))] = distribution
    found: dict[str, Distribution] = {}
    ownerless = set()
    for source in sources:
        owner = homes.get(source)
        if owner is None:
            ownerless.add(source)
        else:
            found[owner.name] = owner
    return list(found.values()), ownerless


def describe(distribution: Distribution) -> Component:
    """Return what a distribution says of its licence, with texts that we have where it brings none."""
    metadata = distribution.metadata
    classifiers = [one.split(" :: ")[-1] for one in metadata.get_all("Classifier") or () if one.startswith("License ")]
    written = metadata.get("License") or ""
    licence = metadata.get("License-Expression") or "; ".join(classifiers) or written.split("\n")[0]
    texts = tuple(
        Path(str(distribution.locate_file(file)))
        for file in distribution.files or ()
        if _TEXT.search(file.as_posix()) and not file.name.endswith(_CODE)
    )
    texts = tuple(text for text in texts if text.is_file())
    return Component(distribution.name, distribution.version, licence or "not said", texts or _common(licence))


def _inside(work: Path) -> Iterator[Component]:
    found, ownerless = owners(frozen_sources(work), distributions())
    yield from (describe(one) for one in found if one.name != "propmaster")
    yield from _system_packages(ownerless)
    python = Path(sys.base_prefix)
    texts = tuple(path for path in (*python.glob("lib/python3*/LICENSE.txt"), python / "LICENSE.txt") if path.is_file())
    yield Component("Python", sys.version.split()[0], "PSF-2.0", texts[:1])


def _system_packages(files: Iterable[Path]) -> Iterator[Component]:
    """Ask dpkg whose the files are; elsewhere the interpreter's installer brought them, under Python's own notice."""
    paths = sorted({str(path.resolve()) for path in files if path.is_file() and path.suffix != ".py"})
    if shutil.which("dpkg-query") is None or not paths:
        return
    told = subprocess.run(["dpkg-query", "-S", *paths], capture_output=True, text=True, check=False).stdout
    for package in sorted({line.split(":")[0] for line in told.splitlines() if ": /" in line}):
        version = subprocess.check_output(["dpkg-query", "-W", "-f", "${Version}", package], text=True)
        text = Path("/usr/share/doc") / package / "copyright"
        yield Component(package, version, "see its text", (text,) if text.is_file() else ())


def _sources(table: object) -> Iterator[str]:
    """Yield the second field of every (destination, source, kind), however deep it lies in PyInstaller's tables."""
    if isinstance(table, tuple) and len(table) == 3 and all(isinstance(field, str) for field in table):
        if table[1]:
            yield table[1]
    elif isinstance(table, (tuple, list)):
        for part in table:
            yield from _sources(part)


def _common(licence: str) -> tuple[Path, ...]:
    return tuple(path for path in sorted(COMMON_TEXTS.glob("*.txt")) if path.stem.split("-")[0] in licence)


def _in_one(texts: Iterable[Path]) -> str:
    """Return the texts one after the other; packages that vendor others bring the same one again and again."""
    different = {text.read_text("utf-8", "replace").strip(): text for text in texts}
    return "\n\n\n".join(f"==== {text.name} ====\n\n{words}" for words, text in different.items()) + "\n"


def _listed(components: Iterable[Component]) -> str:
    rows = [f"| {one.name} | {one.version} | {one.licence} | {_where(one)} |" for one in components]
    own = [f"- [`{notice}`](../{notice})" for notice in OWN_NOTICES]
    return "\n".join(
        (
            "# Licences of everything inside Propmaster",
            "",
            "Written when this program was built, from the list of what is in it. Its own pictures and weights:",
            "",
            *own,
            "",
            "| Component | Version | Licence | Text |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


def _where(component: Component) -> str:
    if not component.texts:
        return "its packages bring none"
    return f"[{component.name}.txt]({component.name}.txt)"
