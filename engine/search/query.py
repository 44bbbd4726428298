"""What a user asks for: weighted terms of text and image, and a filter; plus the parsers of their written forms.

Weights add up; a negative weight subtracts. Parsing happens here, at the edge; the rest of the room trusts a Query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.catalogue.filters import AssetFilter
from engine.errors import InvalidQuery
from engine.images.formats import FORMATS, format_for
from engine.images.palette import oklab_from_hex

NEGATIVE_WEIGHT = -0.5
"""Weight of a "not" term: at −1 it pushes away the wanted pictures that merely stand near it."""

ASPECT_TOLERANCE = 0.05
_NAMED_ASPECTS = {
    "square": (1 - ASPECT_TOLERANCE, 1 + ASPECT_TOLERANCE),
    "portrait": (0.0, 1 - ASPECT_TOLERANCE),
    "landscape": (1 + ASPECT_TOLERANCE, float("inf")),
}
_SPAN_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Something the picture should show, or should not, in words."""

    text: str
    weight: float = 1.0


Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a picture, in 0…1 of its width and height."""


@dataclass(frozen=True, slots=True)
class ImageTerm:
    """A picture file, inside or outside the library, that results should be like or unlike; all of it, or a part.

    `content_id` is that of its content in the library, where the asker knows it: the file is not read then, so that it
    may be away.
    """

    path: Path
    weight: float = 1.0
    part: Box | None = None
    content_id: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """At least one term; `text` of the positive text terms is also sought in file and folder names."""

    terms: tuple[TextTerm | ImageTerm, ...]
    filter: AssetFilter = field(default_factory=AssetFilter)

    def __post_init__(self) -> None:
        if not any(term.weight > 0 for term in self.terms):
            raise InvalidQuery("the search says only what not to find", "add a text or an image to look for")
        if any(isinstance(term, TextTerm) and not term.text.strip() for term in self.terms):
            raise InvalidQuery("the search text is empty", "say in a few words what the picture shows")

    @property
    def text(self) -> str:
        """Return the words that names may hold."""
        return " ".join(term.text for term in self.terms if isinstance(term, TextTerm) and term.weight > 0)

    @property
    def images(self) -> tuple[Path, ...]:
        """Return the files that the query likens to as a whole."""
        return tuple(term.path for term in self.terms if isinstance(term, ImageTerm) and term.part is None)


def parse_aspect(written: str) -> tuple[float, float]:
    """Return the range of width / height for `square`, `portrait`, `landscape`, `16:9` or `1.78`."""
    named = _NAMED_ASPECTS.get(written.lower())
    if named is not None:
        return named
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:\s*[:/x]\s*(\d+(?:\.\d+)?))?", written.strip())
    ratio = float(match[1]) / (float(match[2] or 1) or 1) if match else 0.0
    if ratio <= 0:
        raise InvalidQuery(f"“{written}” is no aspect", "write square, portrait, landscape, or a ratio such as 16:9")
    return ratio * (1 - ASPECT_TOLERANCE), ratio * (1 + ASPECT_TOLERANCE)


def parse_formats(written: Iterable[str]) -> tuple[str, ...]:
    """Return format names for names or suffixes in any case: `psd`, `.jpg`, `JPEG`."""
    found = []
    for name in written:
        known = format_for(Path(f"x.{name.strip().lstrip('.')}"))
        if known is None:
            known = next((one for one in FORMATS if one.name == name.strip().upper()), None)
        if known is None:
            names = ", ".join(one.name.lower() for one in FORMATS)
            raise InvalidQuery(f"“{name}” is no image format that Propmaster knows", f"known are: {names}")
        found.append(known.name)
    return tuple(dict.fromkeys(found))


def parse_colour(written: str) -> tuple[float, float, float]:
    """Return OKLab for `#rrggbb`."""
    try:
        return oklab_from_hex(written)
    except ValueError as error:
        raise InvalidQuery(f"“{written}” is no colour", "write it as #rrggbb, such as #c03020") from error


def parse_min_size(written: str) -> tuple[int, int, int]:
    """Return (least width, least height, least shorter edge) for `512` or `1024x768`, in pixels."""
    match = re.fullmatch(r"(\d+)(?:\s*[x×]\s*(\d+))?", written.strip().lower())
    if match is None:
        raise InvalidQuery(f"“{written}” is no size", "write the shorter edge as 512, or width and height as 1024x768")
    return (int(match[1]), int(match[2]), 0) if match[2] else (0, 0, int(match[1]))


def parse_since(written: str, now: datetime | None = None) -> int:
    """Return nanoseconds since the epoch for a local date `2026-05-01`, an ISO 8601 moment, or a span such as `7d`."""
    span = re.fullmatch(r"(\d+)\s*([dwmy])", written.strip().lower())
    try:
        if span:
            moment = (now or datetime.now(UTC)) - timedelta(days=int(span[1]) * _SPAN_DAYS[span[2]])
        else:
            moment = datetime.fromisoformat(written.strip()).astimezone()
        return int(moment.timestamp() * 1e9)
    except (ValueError, OverflowError, OSError) as error:
        hint = "write a date such as 2026-05-01, or a span such as 7d, 2w, 3m, 1y"
        raise InvalidQuery(f"“{written}” is no date", hint) from error
