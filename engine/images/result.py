"""Looks at a picture that a service sent: what it really is, whether it can be decoded, whether it shows anything.

Anyone may call it, from any thread. Invariant: what passes is a whole PNG, JPEG or WebP with more than one colour.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from PIL import Image

from engine.errors import DecodeError, PropmasterError
from engine.images.decode import decode_source
from engine.images.formats import Format, identify
from engine.images.picture import DecodeLimits
from engine.images.source import load_source

FLAT_WITHIN = 4
"""Of 255: the widest range of a channel that still counts as one colour; JPEG's rounding makes up to 2 of a black."""

_TYPES = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}
_LIMITS = DecodeLimits(max_pixels=8192 * 8192, max_bytes=100_000_000, edge=sys.maxsize)
_NAMELESS = Path("answer")


class ResultFault(StrEnum):
    """Why a picture is not taken as a result."""

    EMPTY = "empty"
    NO_PICTURE = "no_picture"
    UNDECODABLE = "undecodable"
    BLANK = "blank"


class ResultRejected(PropmasterError):
    """The bytes of an answer are no picture that may be saved."""

    code: ClassVar[str] = "result_rejected"

    def __init__(self, fault: ResultFault, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What the bytes are, whatever the answer called them; sizes in pixels, `suffix` with its dot."""

    media_type: str
    suffix: str
    width: int
    height: int


def check_result(data: bytes) -> ResultFacts:
    """Return what a picture is. Raises ResultRejected for one that is damaged, blank, or of another format."""
    format_ = _format_of(data)
    try:
        decoded = decode_source(load_source(_NAMELESS, data), format_, _LIMITS)
    except DecodeError as error:
        raise ResultRejected(
            ResultFault.UNDECODABLE,
            f"The picture in the answer cannot be decoded: {error.message}",
            "Ask for it again.",
        ) from error
    if _is_flat(decoded.image):
        raise ResultRejected(
            ResultFault.BLANK,
            "The picture in the answer is blank: one flat colour.",
            "Services send such pictures in place of a refusal; change the wording or the references.",
        )
    media_type, suffix = _TYPES[format_.name]
    return ResultFacts(media_type, suffix, decoded.facts.width, decoded.facts.height)


def _format_of(data: bytes) -> Format:
    if not data:
        raise ResultRejected(ResultFault.EMPTY, "The picture in the answer is empty.", "Ask for it again.")
    try:
        found = identify(_NAMELESS, data[:4096])
    except DecodeError:
        found = None
    if found is None or found.name not in _TYPES:
        what = f"a {found.name} file" if found is not None else "no picture"
        raise ResultRejected(
            ResultFault.NO_PICTURE, f"The answer holds {what} where a PNG, JPEG or WebP should be.", "Ask for it again."
        )
    return found


def _is_flat(image: Image.Image) -> bool:
    """Tell whether every pixel that can be seen has the same colour."""
    seen = image.getchannel("A").point(lambda alpha: 255 * (alpha > 0)) if image.mode == "RGBA" else None
    if seen is not None and seen.getbbox() is None:
        return True
    if seen is not None and seen.getextrema()[0] == 0:
        return False  # it has an outline
    ranges = image.convert("RGB").getextrema()
    return all(high - low <= FLAT_WITHIN for low, high in ranges)  # type: ignore[misc]
