"""What an encoder sees is what open_clip's own preprocessing would show it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.images.fit import FitMode, InputSpec, Interpolation, fit

SIZES = [(640, 480), (300, 301), (224, 224), (100, 900), (1024, 70), (150, 120), (1000, 999)]


def photograph(width: int, height: int) -> Image.Image:
    noise = np.random.default_rng(3).integers(0, 256, (max(2, height // 6), max(2, width // 6), 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def reference(image: Image.Image, spec: InputSpec) -> np.ndarray:
    """torchvision's Resize and CenterCrop, open_clip's ResizeKeepRatio and CenterCropOrPad, on the whole picture."""
    filter_ = Image.Resampling[spec.interpolation.name]
    width, height = image.size
    if spec.mode is FitMode.SQUASH:
        return np.asarray(image.resize((spec.size, spec.size), filter_))
    if spec.mode is FitMode.SHORTEST:
        short = min(width, height)
        long = int(spec.size * max(width, height) / short)
        full = image.resize((spec.size, long) if width <= height else (long, spec.size), filter_)
        left, top = round((full.width - spec.size) / 2.0), round((full.height - spec.size) / 2.0)
        return np.asarray(full.crop((left, top, left + spec.size, top + spec.size)))
    ratio = max(height / spec.size, width / spec.size)
    small = image.resize((max(1, round(width / ratio)), max(1, round(height / ratio))), filter_)
    ground = Image.new("RGB", (spec.size, spec.size), spec.ground)
    ground.paste(small, ((spec.size - small.width) // 2, (spec.size - small.height) // 2))
    return np.asarray(ground)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", list(FitMode))
@pytest.mark.parametrize("interpolation", list(Interpolation))
def test_pixels_are_those_of_the_reference(size: tuple[int, int], mode: FitMode, interpolation: Interpolation) -> None:
    spec = InputSpec(224, mode, interpolation)
    image = photograph(*size)
    difference = np.abs(fit(image, spec).astype(int) - reference(image, spec).astype(int))
    assert difference.max() <= 2
    assert difference.mean() < 0.25  # Pillow may swap its two passes when it need not compute the margins


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", list(FitMode))
def test_pixels_are_those_of_open_clip(size: tuple[int, int], mode: FitMode) -> None:
    open_clip = pytest.importorskip("open_clip")
    spec = InputSpec(224, mode, ground=(0, 0, 0))
    transform = open_clip.image_transform(224, is_train=False, mean=(0, 0, 0), std=(1, 1, 1), resize_mode=mode.value)
    image = photograph(*size)
    expected = (transform(image).permute(1, 2, 0).numpy() * 255).round().astype(int)
    assert np.abs(fit(image, spec).astype(int) - expected).max() <= 2


@pytest.mark.parametrize("mode", list(FitMode))
@pytest.mark.parametrize("size", [(1, 1), (1, 1024), (1024, 1), (16, 16), (64, 3)])
def test_any_shape_becomes_the_square(size: tuple[int, int], mode: FitMode) -> None:
    result = fit(Image.new("RGB", size, (9, 99, 199)), InputSpec(224, mode, ground=(9, 99, 199)))
    assert result.shape == (224, 224, 3)
    assert result.dtype == np.uint8
    assert (result == (9, 99, 199)).all()


def test_transparent_pixels_show_the_ground_and_never_black() -> None:
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    result = fit(image, InputSpec(224))
    assert result.min() >= 200
    assert (fit(image, InputSpec(224, ground=(10, 200, 30))) == (10, 200, 30)).all()


def test_padding_is_of_the_ground() -> None:
    result = fit(Image.new("RGB", (400, 200), (255, 0, 0)), InputSpec(224, FitMode.LONGEST, ground=(1, 2, 3)))
    assert tuple(result[5, 100]) == (1, 2, 3)
    assert tuple(result[112, 100]) == (255, 0, 0)


def test_pixel_art_keeps_its_squares_crisp() -> None:
    board = np.indices((16, 16)).sum(axis=0) % 2 * 255
    result = fit(Image.fromarray(board.astype(np.uint8)).convert("RGB"), InputSpec(224))
    assert set(np.unique(result)) == {0, 255}
    assert (result[:14, :14] == 0).all()


def test_the_image_itself_is_left_alone() -> None:
    image = photograph(300, 200)
    before = image.tobytes()
    fit(image, InputSpec(224))[0, 0] = 0
    assert image.tobytes() == before
