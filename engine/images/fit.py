"""What an encoder sees: a square of RGB pixels made from a decoded image, as the encoder's training asks for it.

Pure functions, any thread. Invariant: up to rounding, the pixels that open_clip's `image_transform` (torchvision on
Pillow images) makes of the same flattened picture, except for tiny pictures, which are enlarged in whole steps first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LIGHT_GREY = (
    240,
    240,
    240,
)  # near the white that web pictures, which CLIP models learned from, stand on; white props still show
PIXEL_ART_EDGE_PX = 24

Box = tuple[float, float, float, float]


class FitMode(StrEnum):
    """open_clip's `resize_mode`."""

    SHORTEST = "shortest"
    LONGEST = "longest"
    SQUASH = "squash"


class Interpolation(StrEnum):
    """open_clip's `interpolation`."""

    BICUBIC = "bicubic"
    BILINEAR = "bilinear"


@dataclass(frozen=True, slots=True)
class InputSpec:
    """The square an encoder wants; transparent pixels and padding become `ground`."""

    size: int
    mode: FitMode = FitMode.SHORTEST
    interpolation: Interpolation = Interpolation.BICUBIC
    ground: tuple[int, int, int] = LIGHT_GREY


_FILTERS = {
    Interpolation.BICUBIC: Image.Resampling.BICUBIC,
    Interpolation.BILINEAR: Image.Resampling.BILINEAR,
}


def fit(image: Image.Image, spec: InputSpec) -> NDArray[np.uint8]:
    """Return uint8 `[size, size, 3]`, writable, of an RGB or RGBA image."""
    flat = _enlarged_pixel_art(_flattened(image, spec.ground), spec.size)
    match spec.mode:
        case FitMode.SHORTEST:
            square = _shortest(flat, spec)
        case FitMode.LONGEST:
            square = _longest(flat, spec)
        case FitMode.SQUASH:
            square = flat.resize((spec.size, spec.size), _FILTERS[spec.interpolation])
    return np.array(square)


def crop(image: Image.Image, part: Box) -> Image.Image:
    """Return a part, given by left, top, right and bottom in 0…1; at least one pixel of it."""
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in part)
    across, down = int(left * image.width), int(top * image.height)
    across, down = min(across, image.width - 1), min(down, image.height - 1)
    return image.crop(
        (across, down, max(round(right * image.width), across + 1), max(round(bottom * image.height), down + 1))
    )


def _flattened(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGB", image.size, ground)
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _enlarged_pixel_art(image: Image.Image, size: int) -> Image.Image:
    """Enlarge tiny pictures by a whole factor without smoothing.

    A 16-pixel sprite enlarged 14 times by bicubic is a blur unlike anything an encoder was trained on; pixel art on the
    web, which it was trained on, has crisp squares. The factor reaches past the wanted size, so the resize shrinks.
    Only for the tiniest: with a limit of 64 pixels instead of 24 the starter found 16 instead of 25 of 100 labels of a
    game whose units measure 32 to 64 pixels and are painted (`tests.benchmarks.recall`).
    """
    longest = max(image.size)
    if longest > PIXEL_ART_EDGE_PX or longest >= size:
        return image
    factor = -(-size // longest)
    return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)


def _shortest(image: Image.Image, spec: InputSpec) -> Image.Image:
    """Resize the short edge to `size` and cut the middle out, computing only the pixels that stay."""
    width, height = image.size
    if width <= height:
        full = (spec.size, int(spec.size * height / width))
    else:
        full = (int(spec.size * width / height), spec.size)
    left, top = (round((length - spec.size) / 2.0) for length in full)
    across, down = width / full[0], height / full[1]
    box: Box = (
        left * across,
        top * down,
        min(width, (left + spec.size) * across),
        min(height, (top + spec.size) * down),
    )
    return image.resize((spec.size, spec.size), _FILTERS[spec.interpolation], box=box)


def _longest(image: Image.Image, spec: InputSpec) -> Image.Image:
    """Resize the long edge to `size` and pad both sides alike."""
    ratio = max(image.size) / spec.size
    width, height = (max(1, round(length / ratio)) for length in image.size)
    square = Image.new("RGB", (spec.size, spec.size), spec.ground)
    square.paste(
        image.resize((width, height), _FILTERS[spec.interpolation]),
        ((spec.size - width) // 2, (spec.size - height) // 2),
    )
    return square
