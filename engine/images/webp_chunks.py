"""The chunks of a WebP file: finding one, and putting XMP in. Used by `provenance` only.

Source: the WebP container specification (RIFF; extended format, VP8X).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from PIL import Image

_XMP_FLAG = 0x04
_ALPHA_FLAG = 0x10
_FIRST_CHUNK = 12


def find_webp_chunk(data: bytes, kind: bytes) -> bytes | None:
    """Return the content of the first chunk of a kind."""
    return next((content for name, content in _chunks(data) if name == kind), None)


def with_webp_xmp(data: bytes, packet: bytes) -> bytes:
    """Return the file with this XMP packet in place of any it had; a simple file becomes an extended one."""
    kept = [(kind, content) for kind, content in _chunks(data) if kind != b"XMP "]
    extended = kept.pop(0)[1] if kept and kept[0][0] == b"VP8X" else _extended_header(data)
    header = bytes([extended[0] | _XMP_FLAG]) + extended[1:]
    body = b"".join(_chunk(*one) for one in [(b"VP8X", header), *kept, (b"XMP ", packet)])
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _extended_header(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
        width, height = image.size
        flags = _ALPHA_FLAG if image.mode == "RGBA" else 0
    return struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) & 1)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = _FIRST_CHUNK
    while position + 8 <= len(data):
        (length,) = struct.unpack_from("<I", data, position + 4)
        yield data[position : position + 4], data[position + 8 : position + 8 + length]
        position += 8 + length + (length & 1)
