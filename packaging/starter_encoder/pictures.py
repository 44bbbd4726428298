"""What one picture of the training data is: where it comes from, how it is drawn, what it is called.

Shared by every stage; holds no logic of any source.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Style(StrEnum):
    """How a picture is made; evaluation and augmentation look at it."""

    FLAT = "flat"
    MONO = "mono"
    PIXEL = "pixel"
    PAINTED = "painted"
    DRAWN = "drawn"
    PHOTO = "photo"
    RENDERED = "rendered"


class Split(StrEnum):
    """Whether a picture is trained on; `HELD` keeps a concept of a known source apart, `APART` a whole source."""

    TRAIN = "train"
    HELD = "held"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to get the pixels: an SVG document, or a file of which `box` is cut out (left, top, right, bottom)."""

    svg: str = ""
    path: str = ""
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and its names, the best one first; `en` is never empty.

    `concept` is an emoji's code point, empty for everything else.
    """

    source: str
    origin: str
    style: Style
    en: tuple[str, ...]
    zh: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    split: Split = Split.TRAIN
    concept: str = ""

    @property
    def label(self) -> str:
        return self.en[0]


def write_pictures(pictures: Iterable[Picture], path: Path) -> None:
    """Write one picture a line."""
    lines = (json.dumps(asdict(picture), ensure_ascii=False) for picture in pictures)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_pictures(path: Path) -> list[Picture]:
    """Read what `write_pictures` wrote."""
    return [_parse(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _parse(row: dict[str, object]) -> Picture:
    lists = {name: tuple(row[name]) for name in ("en", "zh", "tags")}  # type: ignore[arg-type]
    return Picture(**{**row, **lists, "style": Style(row["style"]), "split": Split(row["split"])})  # type: ignore[arg-type]
