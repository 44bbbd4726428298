"""Small pictures that tests draw for themselves, each distinct by its seed."""

from __future__ import annotations

import os
import random
from pathlib import Path

from PIL import Image, ImageDraw

OLD_S = 1_600_000_000
"""A modification time long past, so that nothing counts as freshly written."""


def draw(path: Path, seed: int = 0, size: tuple[int, int] = (64, 48)) -> Path:
    """Write a picture in the format of the suffix, with a modification time long past."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, tuple(chance.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        box = sorted(chance.randrange(size[0]) for _ in range(2)), sorted(chance.randrange(size[1]) for _ in range(2))
        (left, right), (top, bottom) = box
        pen.ellipse((left, top, right + 1, bottom + 1), fill=tuple(chance.randrange(256) for _ in range(3)))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    age(path)
    return path


def age(path: Path) -> None:
    """Make a file look as if it was written long ago."""
    os.utime(path, (OLD_S, OLD_S))
