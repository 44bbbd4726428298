"""What goes into the sample library: the parsed form of selection.toml.

Read by the build script only. Parsing is strict: an unknown key or source stops the build.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from packages import PackageKind


class Style(StrEnum):
    """How a picture is made."""

    PIXEL = "pixel"
    PAINTED = "painted"
    RENDERED = "rendered"
    DRAWN = "drawn"
    VECTOR = "vector"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One pinned package, with the licence of the pictures taken from it."""

    kind: PackageKind
    package: str
    version: str
    root: PurePosixPath
    title: str
    author: str
    licence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of a sprite sheet, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, upper, right and lower edge, as Pillow wants them."""
        return (self.left, self.top, self.left + self.width, self.top + self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One file of the library: where it comes from, what is done to it, what it shows."""

    to: PurePosixPath
    source: str
    paths: tuple[PurePosixPath, ...]
    style: Style
    en: str
    zh: str
    crop: Crop | None
    scale: int
    fit: int | None
    author: str | None

    @property
    def is_plain_copy(self) -> bool:
        """Whether the file is taken over byte for byte."""
        unchanged = self.crop is None and self.scale == 1 and self.fit is None and len(self.paths) == 1
        return unchanged and self.paths[0].suffix == self.to.suffix


@dataclass(frozen=True, slots=True)
class Selection:
    """The whole table: sources by name, pictures in the order of the file."""

    sources: dict[str, Source]
    pictures: tuple[Picture, ...]


def load_selection(path: Path) -> Selection:
    """Read the table. Raises ValueError, KeyError or TypeError for a row that does not fit its form."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {name: _source(fields) for name, fields in table["sources"].items()}
    pictures = tuple(_picture(row) for row in table["pictures"])
    unknown = {picture.source for picture in pictures} - sources.keys()
    if unknown:
        raise ValueError(f"unknown sources: {sorted(unknown)}")
    return Selection(sources, pictures)


def _source(fields: dict[str, Any]) -> Source:
    return Source(**fields | {"kind": PackageKind(fields["kind"]), "root": PurePosixPath(fields["root"])})


def _picture(row: dict[str, Any]) -> Picture:
    known = {"to", "from", "style", "en", "zh", "crop", "scale", "fit", "author"}
    if row.keys() - known:
        raise ValueError(f"{row['to']}: unknown keys {sorted(row.keys() - known)}")
    source, _, paths = row["from"].partition(":")
    return Picture(
        to=PurePosixPath(row["to"]),
        source=source,
        paths=tuple(PurePosixPath(path) for path in paths.split(",")),
        style=Style(row["style"]),
        en=row["en"],
        zh=row["zh"],
        crop=Crop(*row["crop"]) if "crop" in row else None,
        scale=row.get("scale", 1),
        fit=row.get("fit"),
        author=row.get("author"),
    )
