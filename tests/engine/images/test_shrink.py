"""Making pictures smaller."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.images.shrink import shrunk


@pytest.mark.parametrize("size", [(1025, 1024), (4096, 4096), (3000, 10), (10, 3000), (5000, 1), (2047, 1500)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "CMYK"])
def test_long_edge_is_met_and_the_shape_kept(size: tuple[int, int], mode: str) -> None:
    small = shrunk(Image.new(mode, size), 1024)
    assert max(small.size) == 1024
    assert small.mode == mode
    for side, original in zip(small.size, size, strict=True):
        assert abs(side - original * 1024 / max(size)) <= 1


def test_small_pictures_come_back_as_they_are() -> None:
    image = Image.new("RGB", (1024, 3))
    assert shrunk(image, 1024) is image


@pytest.mark.parametrize("width", [1500, 2048, 3001, 7000])
def test_result_is_near_that_of_a_slow_careful_resize(width: int) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (10, 60, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((width, 1000), Image.Resampling.BICUBIC)
    small = shrunk(image, 1024)
    careful = image.resize(small.size, Image.Resampling.LANCZOS)
    assert np.abs(np.asarray(small).astype(int) - np.asarray(careful)).mean() < 2.5


def test_mean_brightness_survives() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (2048, 1024))
    assert abs(np.asarray(shrunk(Image.fromarray(stripes), 512)).mean() - 127.5) < 1
