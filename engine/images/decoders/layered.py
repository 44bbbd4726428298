"""Krita and OpenRaster archives: the merged picture that the program stored beside the layers.

Invariant: no archive member is unpacked beyond the byte limit, whatever size its directory claims.
"""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO

from engine.errors import DecodeError, DecodeFault
from engine.images.decoders.pillow import decode_stream
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

MERGED_MEMBERS = ("mergedimage.png", "preview.png", "Thumbnails/thumbnail.png")  # best first; the last two are small


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the merged picture."""
    with source.open() as stream, _archive(stream) as archive:
        names = set(archive.namelist())
        member = next((name for name in MERGED_MEMBERS if name in names), None)
        if member is None:
            raise DecodeError(
                DecodeFault.NO_PREVIEW,
                "The document holds no merged image.",
                "Save it again from Krita or its own program.",
            )
        return decode_stream(io.BytesIO(_unpacked(archive, member, limits)), limits, ("PNG",))


def _archive(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except zipfile.BadZipFile as error:  # the directory is the last thing in the file
        raise EOFError("the archive has no directory") from error


def _unpacked(archive: zipfile.ZipFile, member: str, limits: DecodeLimits) -> bytes:
    limits.check_bytes(archive.getinfo(member).file_size)
    with archive.open(member) as unpacking:
        data = unpacking.read(limits.max_bytes + 1)
    limits.check_bytes(len(data))
    return data
