"""Photoshop documents: the merged composite by Pillow where it is real, else psd-tools, never the 160-pixel thumbnail.

Invariant: a composite that Photoshop marked as not real (saved without "maximise compatibility") is not shown.
Source: "Adobe Photoshop File Formats Specification", file header, image resource 1057, layer and mask information.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.decoders.pillow import decode_opened, silence_pillow
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

VERSION_INFO = 1057
_PILLOW_MODES = frozenset({0, 1, 2, 3, 4, 8, 9})  # bitmap, grey, indexed, RGB, CMYK, duotone, Lab
_HEADER = struct.Struct(">4xH6xHIIHH")


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the merged composite, or composite the layers."""
    version, _, height, width, depth, mode = _HEADER.unpack_from(source.head.ljust(_HEADER.size, b"\0"))
    limits.check_pixels(width, height)
    with source.open() as stream:
        if version == 1 and depth in (1, 8) and mode in _PILLOW_MODES:
            silence_pillow()
            with Image.open(stream, formats=("PSD",)) as document:
                if _has_real_composite(document):
                    return decode_opened(_without_saved_channel(document, stream), limits)
        stream.seek(0)
        return _composited(stream)


def _has_real_composite(document: Image.Image) -> bool:
    resources: list[tuple[int, bytes, bytes]] = getattr(document, "resources", [])
    version_info = next((data for number, _, data in resources if number == VERSION_INFO), b"")
    return len(version_info) < 5 or version_info[4] != 0


def _without_saved_channel(document: Image.Image, stream: BinaryIO) -> Image.Image:
    """Drop a fourth channel that is a mask somebody saved: it is transparency only if the layer count is negative."""
    if document.mode != "RGBA":
        return document
    position = stream.tell()
    negative = _layer_count(stream) < 0
    stream.seek(position)
    if negative:
        return document
    opaque = document.convert("RGB")
    opaque.format = document.format
    return opaque


def _layer_count(stream: BinaryIO) -> int:
    stream.seek(26)
    for _ in range(2):  # colour mode data, image resources
        stream.seek(int.from_bytes(stream.read(4), "big"), 1)
    section, info = struct.unpack(">II", stream.read(8).ljust(8, b"\0"))
    return int.from_bytes(stream.read(2), "big", signed=True) if section and info else 0


def _composited(stream: BinaryIO) -> Picture:
    from psd_tools import PSDImage  # here, because it is an extra that most files do not need

    document = PSDImage.open(stream)
    image = document.topil() if document.has_preview() else document.composite() if len(document) else None
    if image is None:
        raise DecodeError(
            DecodeFault.NO_PREVIEW,
            "The document was saved without a merged image and has no layers to make one from.",
            'Save it in Photoshop with "Maximize compatibility".',
        )
    image.info.pop("icc_profile", None)  # psd-tools has already brought it to sRGB
    return Picture(image=image, width=document.width, height=document.height)
