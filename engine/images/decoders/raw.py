"""Camera raw by rawpy: the embedded preview where it is large enough, else developed at half size."""

from __future__ import annotations

import io

import rawpy
from PIL import Image

from engine.images.decoders.pillow import decode_stream
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

BIG_ENOUGH = 0.75  # of the wanted edge
_ORIENTATION_OF_FLIP = {3: 3, 5: 8, 6: 6}  # LibRaw's flip to EXIF


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode the preview or develop."""
    with source.open() as stream, rawpy.imread(stream) as raw:
        width, height = raw.sizes.width, raw.sizes.height
        limits.check_pixels(width, height)
        turn = _ORIENTATION_OF_FLIP.get(raw.sizes.flip, 1)
        preview = _preview(raw, limits)
        if preview is not None and max(preview.image.size) >= BIG_ENOUGH * min(limits.edge, max(width, height)):
            own_turn = preview.orientation if preview.orientation != 1 else turn
            return Picture(preview.image, width, height, 1, own_turn, preview.captured_at, preview.camera)
        developed = Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8))
    upright = (height, width) if turn >= 5 else (width, height)  # LibRaw has turned what it developed
    taken = (preview.captured_at, preview.camera) if preview is not None else (None, None)
    return Picture(developed, *upright, 1, 1, *taken)


def _preview(raw: rawpy.RawPy, limits: DecodeLimits) -> Picture | None:
    try:
        thumbnail = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if not isinstance(thumbnail.data, bytes):
        image = Image.fromarray(thumbnail.data)
        return Picture(image, image.width, image.height)
    try:
        return decode_stream(io.BytesIO(thumbnail.data), limits, ("JPEG",))
    except (OSError, SyntaxError):
        return None  # a damaged preview beside sound raw data: develop
