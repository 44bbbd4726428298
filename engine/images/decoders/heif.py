"""HEIC and HEIF by pillow-heif, whose Pillow plug-in is registered here and used under its own name only."""

from __future__ import annotations

import pillow_heif
from PIL import Image

from engine.images.decoders.pillow import decode_opened
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

pillow_heif.register_heif_opener(thumbnails=False)


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the primary picture; libheif has already turned it upright."""
    with source.open() as stream, Image.open(stream, formats=("HEIF",)) as image:
        return decode_opened(image, limits)
