"""The few facts read from EXIF: orientation, time of capture, camera. Called by the decoders only.

Invariant: damaged EXIF means "not said", never an error; the GPS block is not read.
"""

from __future__ import annotations

import re
from datetime import datetime

from PIL import ExifTags, Image

MAX_TEXT = 100

_TIME = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+\-]\d\d:\d\d")


def orientation(exif: Image.Exif) -> int:
    """Return EXIF's orientation 1…8, 1 where there is none."""
    value = _value(exif, ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def captured_at(exif: Image.Exif) -> str | None:
    """Return the time of capture as ISO 8601, with the UTC offset where the camera wrote one."""
    block = _capture_block(exif)
    for key in (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized):
        match = _TIME.match(_text(block.get(key)))
        if match is not None:
            offset = _text(block.get(ExifTags.Base.OffsetTimeOriginal))
            return _iso(match, offset if _OFFSET.fullmatch(offset) else "")
    return None


def camera(exif: Image.Exif) -> str | None:
    """Return maker and model, the maker not said twice."""
    make, model = (_text(_value(exif, key)) for key in (ExifTags.Base.Make, ExifTags.Base.Model))
    return (model if make and model.lower().startswith(make.lower().split()[0]) else f"{make} {model}").strip() or None


def _iso(match: re.Match[str], offset: str) -> str | None:
    year, month, day, hour, minute, second = match.groups()
    text = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    try:
        return datetime.fromisoformat(text).isoformat() + offset
    except ValueError:  # cameras without a set clock write 0000:00:00
        return None


def _value(exif: Image.Exif, key: int) -> object:
    try:
        return exif.get(key)
    except Exception:  # noqa: BLE001 - Pillow parses lazily and raises whatever the damaged bytes lead it to
        return None


def _capture_block(exif: Image.Exif) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(ExifTags.IFD.Exif))
    except Exception:  # noqa: BLE001 - as above
        return {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    printable = "".join(character for character in value.split("\0")[0] if character.isprintable())
    return printable.strip()[:MAX_TEXT]
