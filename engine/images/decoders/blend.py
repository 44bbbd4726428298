"""Blender files: the thumbnail that Blender stores near the start of the file.

Invariant: only the first LOOK_BYTES are ever unpacked, so that gigabytes of compressed file cost no more than a few.
Source: Blender, `blendthumb_extract.cc` and `BLO_core_bhead.hh` (block headers with 4- or 8-byte addresses, since 5.0
also with 8-byte lengths).
"""

from __future__ import annotations

import gzip
import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

import zstandard
from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

LOOK_BYTES = 16 << 20  # render results of many scenes may stand before the thumbnail

_OLD_HEADER = re.compile(rb"BLENDER([_-])([vV])(\d{3})")
_NEW_HEADER = re.compile(rb"BLENDER(\d\d)([_-])(\d\d)([vV])(\d{4})")
_ZSTD = b"\x28\xb5\x2f\xfd"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class _Layout:
    header_bytes: int
    block: struct.Struct
    length_field: int
    endian: str


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the embedded thumbnail. Raises DecodeError NO_PREVIEW for files saved without one."""
    with source.open() as stream:
        start = _start_of(stream, source.head)
    layout = _layout(start)
    thumbnail = _thumbnail_block(start, layout)
    if thumbnail is None:
        raise DecodeError(
            DecodeFault.NO_PREVIEW,
            "The Blender file holds no thumbnail.",
            "Set Preferences > Save & Load > File Preview, and save it again.",
        )
    width, height = struct.unpack_from(layout.endian + "ii", thumbnail)
    limits.check_pixels(width, height)
    if len(thumbnail) < 8 + width * height * 4:
        raise EOFError("the thumbnail is cut off")
    upside_down = Image.frombytes("RGBA", (width, height), thumbnail[8 : 8 + width * height * 4])
    return Picture(upside_down.transpose(Image.Transpose.FLIP_TOP_BOTTOM), width, height)


def _start_of(stream: BinaryIO, head: bytes) -> bytes:
    if head.startswith(_ZSTD):
        with zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True) as unpacked:
            return unpacked.read(LOOK_BYTES)
    if head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=stream) as unpacked:
            return unpacked.read(LOOK_BYTES)
    return stream.read(LOOK_BYTES)


def _layout(start: bytes) -> _Layout:
    if match := _NEW_HEADER.match(start):
        wide = int(match.group(3)) >= 1
        endian = ">" if match.group(4) == b"V" else "<"
        return _Layout(int(match.group(1)), *_block(endian, b"wide" if wide else match.group(2)), endian)
    if match := _OLD_HEADER.match(start):
        endian = ">" if match.group(2) == b"V" else "<"
        return _Layout(12, *_block(endian, match.group(1)), endian)
    raise ValueError("it does not begin as a Blender file does")


def _block(endian: str, pointers: bytes) -> tuple[struct.Struct, int]:
    """Return the block header and which of its fields is the length."""
    if pointers == b"wide":
        return struct.Struct(endian + "4siQqq"), 3  # code, SDNA number, old address, length, count
    return struct.Struct(endian + ("4siQii" if pointers == b"-" else "4siIii")), 1  # code, length, old address, …


def _thumbnail_block(start: bytes, layout: _Layout) -> bytes | None:
    position = layout.header_bytes
    while position + layout.block.size <= len(start):
        fields = layout.block.unpack_from(start, position)
        body, length = position + layout.block.size, fields[layout.length_field]
        if fields[0] == b"TEST":
            return start[body : body + length]
        if fields[0] not in (b"REND", b"INFO") or length < 0:
            return None  # Blender writes the thumbnail before everything but render information
        position = body + length
    raise EOFError("the file ends before its data")
