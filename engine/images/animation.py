"""Which frame of an animation is shown and embedded; called by the decoders only.

Invariant: bounded work. At most LOOKS frames are weighed, none beyond the first REACH, no new one after SECONDS.
"""

from __future__ import annotations

import time

from PIL import Image

from engine.images.picture import DecodeLimits

LOOKS = 6
REACH = 48  # most formats decode every frame on the way to a later one
SECONDS = 0.5
WEIGH_EDGE_PX = 64
LATER_MUST_GAIN_BITS = 0.25  # of entropy; the first frame is what artists see elsewhere, so it wins near ties


def telling_frame(image: Image.Image, frames: int, limits: DecodeLimits) -> Image.Image:
    """Return the loaded frame with most detail among a few, in the file's own mode; of a still image, the image."""
    image.load()
    if frames == 1:
        return image
    deadline = time.monotonic() + min(SECONDS, limits.seconds)
    best = image.copy()
    best_detail = _detail(best)
    for index in _looked_at(frames):
        if time.monotonic() > deadline or not _seek(image, index):
            break
        detail = _detail(image)
        if detail > best_detail + LATER_MUST_GAIN_BITS:
            best, best_detail = image.copy(), detail
    return best


def _looked_at(frames: int) -> list[int]:
    reach = min(frames, REACH)
    return sorted({round(step * (reach - 1) / (LOOKS - 1)) for step in range(1, LOOKS)})


def _seek(image: Image.Image, index: int) -> bool:
    """Go on to a later frame and load it; say no at a damaged one, which must not cost the good ones before it."""
    size = image.size
    try:
        while image.tell() < index:
            image.seek(image.tell() + 1)
            if image.size != size:  # a GIF whose later frame outgrows its screen, by as much as 65,535 x 65,535
                return False
        image.load()
    except Exception:  # noqa: BLE001 - Pillow raises anything on hostile bytes
        return False
    return True


def _detail(image: Image.Image) -> float:
    """Return the entropy in bits of the frame's lightness, transparent parts grey."""
    width, height = (min(WEIGH_EDGE_PX, length) for length in image.size)
    small = image.convert("RGBA").resize((width, height), Image.Resampling.BILINEAR)
    ground = Image.new("RGBA", small.size, (128, 128, 128, 255))
    return float(Image.alpha_composite(ground, small).convert("L").entropy())
