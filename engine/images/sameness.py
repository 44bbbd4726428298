"""Whether two thumbnails show the same picture: once resized, compressed anew or put on a plain ground, not redrawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE = 32
# Of 255, over what is not ground. Measured on sprites of 64 px: JPEG at quality 50 differs by 5.6 and 13 (95 of 100
# pictures), half the size by 12.6 and 35; of the frames of a walk, nine of ten differ by more than 25 and 73.
MEAN_DIFFERENCE = 10.0
BLOCK_DIFFERENCE = 28.0
_SHARE_OF_BLOCKS = 0.95
_GROUNDS = (255.0, 0.0)

Print = npt.NDArray[np.float32]


def read_print(thumbnail: Path) -> Print | None:
    """Return the picture on white and on black as float32 `[2, 32, 32, 3]`, None where it cannot be read."""
    try:
        with Image.open(thumbnail) as image:
            small = image.convert("RGBa").resize((SIDE, SIDE), Image.Resampling.BOX)
    except (OSError, ValueError):
        return None
    pixels = np.asarray(small, np.float32)
    behind = 1 - pixels[..., 3:] / 255
    return np.stack([pixels[..., :3] + behind * ground for ground in _GROUNDS])


def show_the_same(one: Print, other: Print) -> bool:
    """Return whether two prints differ by no more than resizing, compression or a plain ground in place of alpha."""
    return any(_are_close(a, b) for a, b in zip(one, other, strict=True))


def _are_close(one: Print, other: Print) -> bool:
    difference = np.abs(one - other).mean(-1)
    # Empty ground agrees whatever stands on it: only where there is something, it tells.
    shown = (np.abs(one - one[0, 0]).max(-1) > 8) | (np.abs(other - other[0, 0]).max(-1) > 8)
    if not shown.any():  # white on white, or a plain colour
        return False
    told = difference[shown]
    return bool(told.mean() <= MEAN_DIFFERENCE and np.quantile(told, _SHARE_OF_BLOCKS) <= BLOCK_DIFFERENCE)
