"""JPEG XL by imagecodecs (libjxl under a permissive licence, which the Pillow plug-ins do not have).

Invariant: the size is read from the codestream's header and checked before libjxl allocates.
Source of the header: ISO/IEC 18181-1, SizeHeader; of the boxes, ISO/IEC 18181-2.
"""

from __future__ import annotations

import imagecodecs
import numpy as np
from PIL import Image

from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

_CODESTREAM = b"\xff\x0a"
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_WIDE_BITS = (9, 13, 18, 30)


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the first frame; libjxl has already turned it upright."""
    data = source.read()
    limits.check_pixels(*_size(_codestream_start(data)))
    pixels = np.asarray(imagecodecs.jpegxl_decode(data, index=0, numthreads=1))
    image = Image.fromarray(_eight_bit(pixels.squeeze()))
    return Picture(image, image.width, image.height)


def _codestream_start(data: bytes) -> bytes:
    """Return the first bytes of the codestream, bare or in the first `jxlc` or `jxlp` box."""
    position = 0
    while not data.startswith(_CODESTREAM, position):
        length, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        header = 16 if length == 1 else 8
        if kind in (b"jxlc", b"jxlp"):
            position += header + (4 if kind == b"jxlp" else 0)
            break
        step = int.from_bytes(data[position + 8 : position + 16], "big") if length == 1 else length
        if step < header or position + step >= len(data):
            raise EOFError("the file ends before its picture")
        position += step
    return data[position + 2 : position + 18]


def _size(start: bytes) -> tuple[int, int]:
    bits = _Bits(start)
    is_small = bits.take(1) == 1
    height = _side(bits, is_small)
    ratio = bits.take(3)
    if not ratio:
        return _side(bits, is_small), height
    across, down = _RATIOS[ratio]
    return height * across // down, height


def _side(bits: _Bits, is_small: bool) -> int:
    return (bits.take(5) + 1) * 8 if is_small else bits.take(_WIDE_BITS[bits.take(2)]) + 1


def _eight_bit(
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.generic]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    if pixels.dtype == np.uint16:
        return (pixels.astype(np.uint16, copy=False) >> 8).astype(np.uint8)
    values = np.clip(np.nan_to_num(pixels.astype(np.float32)), 0.0, 1.0)
    return np.rint(values * 255).astype(np.uint8)


class _Bits:
    """Bits of a codestream, least significant first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken
