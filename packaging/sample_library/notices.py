"""Writes what accompanies the pictures: who made them, under which licence, and what they show.

Used by the build script only. Every picture of the selection has exactly one row in each of the two files.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from selection import Picture, Selection, Source

CREATOR = re.compile(r"<dc:creator>.*?<dc:title>\s*([^<]+?)\s*</dc:title>.*?</dc:creator>", re.DOTALL)
LICENCE_FILES = {
    "GPL-2.0-or-later": "LICENSES/GPL-2.0.txt",
    "GPL-2.0-only": "LICENSES/GPL-2.0.txt",
    "CC0-1.0": "LICENSES/CC0-1.0.txt",
    "Public-Domain": "LICENSES/Public-Domain.txt",
}
INTRODUCTION = """\
# Where the sample library comes from

Every picture in this folder is free to use, change and pass on under the licence in its row. The pictures are
independent works that ship next to Propmaster; their licences do not extend to the program, nor the program's to
them. They were taken from the packages below, most of them unchanged; the column *Changes* names what was done to
the others. `packaging/sample_library/` in Propmaster's source repository holds the script that makes this folder
anew from the original packages.

"""


def write_labels(selection: Selection, target: Path) -> None:
    """Write path, style and the English and Chinese label of every picture."""
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "en", "zh", "style"])
        writer.writerows([str(p.to), p.en, p.zh, p.style.value] for p in selection.pictures)


def write_attribution(selection: Selection, roots: dict[str, Path], target: Path) -> None:
    """Write the table of sources and the table of pictures. The roots hold the unpacked originals."""
    lines = [
        INTRODUCTION + "| Source | Package | Author | Licence | Text |",
        "|---|---|---|---|---|",
        *(_source_row(source) for source in selection.sources.values()),
        "",
        *(f"{source.title}: {source.note}" for source in selection.sources.values() if source.note),
        "",
        "| File | Package | Original | Author | Licence | Changes |",
        "|---|---|---|---|---|---|",
        *(_picture_row(p, selection.sources[p.source], roots[p.source]) for p in selection.pictures),
    ]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _source_row(source: Source) -> str:
    text = LICENCE_FILES[source.licence]
    cells = (source.title, f"{source.package} {source.version} ({source.kind})", source.author, source.licence)
    return f"| {' | '.join(cells)} | [{text}]({text}) |"


def _picture_row(picture: Picture, source: Source, root: Path) -> str:
    author = picture.author or _creator(root / picture.paths[0]) or source.author
    original = ", ".join(str(source.root / path) for path in picture.paths)
    package = f"{source.package} {source.version}"
    return f"| {picture.to} | {package} | {original} | {author} | {source.licence} | {_changes(picture)} |"


def _creator(original: Path) -> str | None:
    """The author an SVG file names in its metadata."""
    if original.suffix != ".svg":
        return None
    named = CREATOR.search(original.read_text(encoding="utf-8", errors="replace"))
    return " ".join(named[1].split()) if named and named[1].lower() != "unknown" else None


def _changes(picture: Picture) -> str:
    if picture.is_plain_copy:
        return "none"
    changes = (
        "cut out" if picture.crop else "",
        f"enlarged {picture.scale} times" if picture.scale > 1 else "",
        f"reduced to at most {picture.fit} pixels" if picture.fit else "",
        "frames joined" if len(picture.paths) > 1 else "",
        f"saved as {picture.to.suffix[1:].upper()}" if picture.paths[0].suffix != picture.to.suffix else "",
    )
    return ", ".join(change for change in changes if change)
