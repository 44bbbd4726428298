"""Everything Pillow reads by itself, from files and from pictures embedded in other files.

Other decoders call `decode_stream`. Invariant: the pixel cap is checked on the header, before any pixel is allocated,
and again on every frame that may be larger than the header said.
"""

from __future__ import annotations

import re
import warnings
from typing import BinaryIO

from PIL import Image

from engine.images.animation import telling_frame
from engine.images.metadata import camera, captured_at, orientation
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

PLUGINS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "DDS", "AVIF", "TGA")
ANIMATED = frozenset({"PNG", "WEBP", "GIF", "AVIF"})

# DecodeLimits are checked per file, where Pillow's limit is one for the process and half of it a mere warning.
Image.MAX_IMAGE_PIXELS = None
_QUIET = ("ignore", None, Warning, re.compile(r"PIL\."), 0)


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode a file of any of the formats that Pillow reads."""
    with source.open() as stream:
        return decode_stream(stream, limits)


def decode_stream(stream: BinaryIO, limits: DecodeLimits, plugins: tuple[str, ...] = PLUGINS) -> Picture:
    """Decode what the stream holds, restricted to the named Pillow plugins (EPS, for one, would start Ghostscript)."""
    silence_pillow()
    with Image.open(stream, formats=plugins) as image:
        return decode_opened(image, limits)


def decode_opened(image: Image.Image, limits: DecodeLimits) -> Picture:
    """Load an opened, still lazy image: caps first, then the frame that tells most."""
    silence_pillow()
    width, height = image.size
    limits.check_pixels(width, height)
    frames = _count_frames(image)
    exif = image.getexif()
    if image.format == "JPEG":
        _draft(image, limits.edge)
    return Picture(
        image=telling_frame(image, frames, limits) if image.format in ANIMATED else _loaded(image),
        width=width,
        height=height,
        frames=frames,
        orientation=orientation(exif),
        captured_at=captured_at(exif),
        camera=camera(exif),
    )


def _count_frames(image: Image.Image) -> int:
    """Return 1 where a damaged later frame cannot be counted; it must not cost the whole one before it."""
    if image.format not in ANIMATED and image.format != "TIFF":
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:  # noqa: BLE001 - Pillow raises anything on hostile bytes
        image.seek(0)
        return 1


def silence_pillow() -> None:
    """Keep Pillow's warnings about odd files from becoming Python warnings, whatever filters are in force by now.

    `warnings.catch_warnings` would swap the filters of all threads; this adds one entry, once, for Pillow's modules.
    """
    if _QUIET not in warnings.filters:
        warnings.filterwarnings("ignore", module=r"PIL\.")


def _draft(image: Image.Image, edge: int) -> None:
    """Let libjpeg read a large JPEG at a half, quarter or eighth, but not below the wanted edge."""
    scale = edge / max(image.size)
    if scale < 1:
        image.draft(None, (max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _loaded(image: Image.Image) -> Image.Image:
    image.load()
    return image
