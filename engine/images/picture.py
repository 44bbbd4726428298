"""The values that pass between the decoders and those who call them; no behaviour, no decoding.

Invariant: `DecodedImage.image` is upright sRGB, mode RGB or RGBA, and its long edge is at most `DecodeLimits.edge`.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.palette import PaletteColour


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one file may cost. The defaults let a 16,384 x 16,384 texture through and stop what only pretends to be one.

    `seconds` is kept for every format in an isolated decoder; in-process it only bounds the search for a telling frame.
    """

    max_pixels: int = 16_384 * 16_384
    max_bytes: int = 1 << 30
    seconds: float = 30.0
    edge: int = 1024

    def check_pixels(self, width: int, height: int) -> None:
        """Raise DecodeError TOO_MANY_PIXELS, or CORRUPT for no pixels. To be called before they are allocated."""
        if width < 1 or height < 1:
            raise DecodeError(DecodeFault.CORRUPT, f"The file says its picture is {width} × {height} pixels.")
        if width * height > self.max_pixels:
            raise DecodeError(
                DecodeFault.TOO_MANY_PIXELS,
                f"The picture has {width:,} × {height:,} pixels; the limit is {self.max_pixels / 1e6:,.0f} megapixels.",
                "Save a smaller copy, or raise the pixel limit in the settings.",
            )

    def check_bytes(self, size: int) -> None:
        """Raise DecodeError TOO_MANY_BYTES, to be called before the bytes are read or unpacked."""
        if size > self.max_bytes:
            raise DecodeError(
                DecodeFault.TOO_MANY_BYTES,
                f"The file needs {size / 1e6:,.0f} MB; the limit is {self.max_bytes / 1e6:,.0f} MB.",
                "Raise the byte limit in the settings.",
            )


@dataclass(frozen=True, slots=True)
class Picture:
    """What a decoder module hands back: loaded pixels in any Pillow mode, not yet upright, not yet sRGB.

    `width` and `height` are the original's, before `orientation` (EXIF, 1…8) is applied; `image` may be smaller.
    The ICC profile, if any, is in `image.info["icc_profile"]`.
    """

    image: Image.Image
    width: int
    height: int
    frames: int = 1
    orientation: int = 1
    captured_at: str | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What the catalogue keeps of a file. Never holds a place: GPS data is not read at all.

    `width` and `height` are the original's, upright; `has_alpha` says that some pixel is really not opaque.
    """

    format: str
    width: int
    height: int
    frames: int
    has_alpha: bool
    captured_at: str | None
    camera: str | None
    palette: tuple[PaletteColour, ...]


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """Pixels and facts of one file."""

    image: Image.Image
    facts: ImageFacts
