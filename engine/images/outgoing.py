"""The exact pixels that may leave the machine: upright sRGB of bounded size, with nothing else in the file.

Any thread. Invariant: the bytes hold no EXIF, XMP, profile, comment or text of the original.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.shrink import shrunk

LOSSLESS_UP_TO_PX = 256
"""Long edge up to which opaque pictures stay lossless: pixel art shows every artefact, and is small either way."""
LOWEST_QUALITY = 70
"""What is too many bytes is made smaller rather than worse than this."""
HIGHEST_QUALITY = 95
"""Above it JPEG grows much and gains nothing, says Pillow's documentation."""
SMALLEST_EDGE_PX = 256
LOOKED_AT_QUALITY = 85
_SHRINK = 0.8
_QUALITY_STEP = 8


@dataclass(frozen=True, slots=True)
class OutgoingLimits:
    """How much of a picture is sent. `edge` is the longest in pixels; `quality` is JPEG's, up to HIGHEST_QUALITY."""

    edge: int = 1536
    quality: int = 90
    max_bytes: int = 4_000_000


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture ready to be sent; sizes in pixels."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


def encode_outgoing(image: Image.Image, limits: OutgoingLimits) -> EncodedPicture:
    """Return an upright sRGB image, RGB or RGBA as decoders give it, as PNG where it is transparent or tiny, else JPEG.

    What is too many bytes loses quality first, then size. Raises DecodeError TOO_MANY_BYTES where neither helps.
    """
    small = shrunk(image, limits.edge)
    quality = limits.quality
    while True:
        encoded = _encoded(small, quality)
        if len(encoded.data) <= limits.max_bytes:
            return encoded
        if encoded.media_type == "image/jpeg" and quality - _QUALITY_STEP >= LOWEST_QUALITY:
            quality -= _QUALITY_STEP
            continue
        edge = int(max(small.size) * _SHRINK)
        if edge < SMALLEST_EDGE_PX:
            raise DecodeError(
                DecodeFault.TOO_MANY_BYTES,
                f"The picture cannot be sent in {limits.max_bytes / 1e6:.1f} MB.",
                "Raise the limit, or choose another picture.",
            )
        small = shrunk(small, edge)


def encode_pixels(pixels: NDArray[np.uint8]) -> bytes:
    """Return uint8 `[height, width, 3]` as JPEG, for services that look at a picture rather than use it."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=LOOKED_AT_QUALITY)
    return stream.getvalue()


def read_encoded(path: Path) -> EncodedPicture:
    """Return a file that holds what `encode_outgoing` gave."""
    data = path.read_bytes()
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        return EncodedPicture(data, image.get_format_mimetype() or "", *image.size)


def _encoded(image: Image.Image, quality: int) -> EncodedPicture:
    # What Pillow would carry over from `info` stays behind with the original object.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    stream = io.BytesIO()
    if image.mode == "RGBA" or max(image.size) <= LOSSLESS_UP_TO_PX:
        bare.save(stream, "PNG", compress_level=4)
        return EncodedPicture(stream.getvalue(), "image/png", *image.size)
    # Full colour resolution: thin red or blue lines of a drawing would smear otherwise.
    bare.save(stream, "JPEG", quality=quality, subsampling="4:4:4")
    return EncodedPicture(stream.getvalue(), "image/jpeg", *image.size)
