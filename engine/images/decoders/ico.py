"""Windows icons: the largest picture in the file, by Pillow.

Invariant: every picture's own header is checked before Pillow is asked, because it decodes while it opens and
believes the directory, in which a 30,000-pixel PNG may pass as 16 × 16.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from engine.images.decoders.pillow import decode_stream
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

_ENTRY = struct.Struct("<8xII")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the largest icon."""
    with source.open() as stream:
        for width, height in _sizes(stream):
            limits.check_pixels(width, height)
        stream.seek(0)
        return decode_stream(stream, limits, ("ICO",))


def _sizes(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    count = int.from_bytes(stream.read(6)[4:6], "little")
    directory = stream.read(count * _ENTRY.size)
    for _, offset in _ENTRY.iter_unpack(directory[: len(directory) // _ENTRY.size * _ENTRY.size]):
        stream.seek(offset)
        header = stream.read(24)
        if len(header) < 24:
            raise EOFError("an icon lies beyond the end of the file")
        if header.startswith(_PNG_SIGNATURE):
            yield struct.unpack_from(">II", header, 16)
        else:
            width, doubled_height = struct.unpack_from("<ii", header, 4)  # a bitmap and its mask, one above the other
            yield width, abs(doubled_height) // 2
