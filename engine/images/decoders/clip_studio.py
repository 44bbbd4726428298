"""CLIP Studio documents: the canvas preview in the SQLite part of the file.

The one user of sqlite3 outside `engine.catalogue`. Invariant: what is queried is a copy in memory, in a bounded
number of steps, so that a hostile schema can neither write nor run on.
The container: "CSFCHUNK", file size, offset of the first chunk; a chunk is "CHNK", four letters, length, data; numbers
are 64 bits, big-endian.
"""

from __future__ import annotations

import io
import sqlite3
import struct
from contextlib import closing
from typing import BinaryIO

from engine.errors import DecodeError, DecodeFault
from engine.images.decoders.pillow import decode_stream
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

MAX_STEPS = 20_000_000

_HEADER = struct.Struct(">8sQQ")
_CHUNK = struct.Struct(">4s4sQ")
_PREVIEW = "SELECT ImageData FROM CanvasPreview ORDER BY ImageWidth DESC LIMIT 1"
_CANVAS = "SELECT CanvasWidth, CanvasHeight FROM Canvas LIMIT 1"


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the canvas preview; width and height are the canvas's."""
    with source.open() as stream:
        database = _sqlite_part(stream, source.size)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        connection.set_progress_handler(lambda: 1, MAX_STEPS)
        connection.execute("PRAGMA trusted_schema = OFF")
        preview = _first_row(connection, _PREVIEW)
        canvas = _first_row(connection, _CANVAS)
    if preview is None or not isinstance(preview[0], bytes):
        raise DecodeError(
            DecodeFault.NO_PREVIEW, "The document holds no canvas preview.", "Save it again in CLIP Studio Paint."
        )
    picture = decode_stream(io.BytesIO(preview[0]), limits, ("PNG", "JPEG"))
    width, height = _canvas_size(canvas, picture)
    return Picture(image=picture.image, width=width, height=height)


def _sqlite_part(stream: BinaryIO, size: int) -> bytes:
    _, _, position = _HEADER.unpack(stream.read(_HEADER.size))
    while position + _CHUNK.size <= size:
        stream.seek(position)
        mark, kind, length = _CHUNK.unpack(stream.read(_CHUNK.size))
        if mark != b"CHNK":
            raise ValueError("its chunks are out of step")
        if kind == b"SQLi":
            data = stream.read(length)
            if len(data) < length:
                raise EOFError("the database part is cut off")
            return data
        position += _CHUNK.size + length
    raise EOFError("the file ends before its database part")


def _first_row(connection: sqlite3.Connection, query: str) -> tuple[object, ...] | None:
    try:
        row: tuple[object, ...] | None = connection.execute(query).fetchone()
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            return None
        raise
    return row


def _canvas_size(canvas: tuple[object, ...] | None, picture: Picture) -> tuple[int, int]:
    match canvas:
        case (int() | float() as width, int() | float() as height) if width >= 1 and height >= 1:
            return round(width), round(height)
    return picture.width, picture.height
