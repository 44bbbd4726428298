"""Making pictures smaller, fast; for everything in this room that does so but the exact preprocessing in `fit`.

Invariant: nothing is enlarged, and colours of transparent pixels do not bleed into opaque ones.
"""

from __future__ import annotations

from PIL import Image


def shrunk(image: Image.Image, edge: int) -> Image.Image:
    """Return the image with a long edge of at most `edge` pixels; itself if it is small enough.

    Whole steps are box averages and the rest is bicubic: 3 to 4 times faster than one Lanczos resize, and the eye does
    not tell at these sizes. Pillow's `reducing_gap` would do the same, but leaves pictures with alpha out.
    """
    longest = max(image.size)
    if longest <= edge:
        return image
    size = tuple(max(1, round(length * edge / longest)) for length in image.size)
    factor = longest // edge
    if factor > 1:
        image = image.reduce((min(factor, image.width), min(factor, image.height)))
    return image.resize((size[0], size[1]), Image.Resampling.BICUBIC)
