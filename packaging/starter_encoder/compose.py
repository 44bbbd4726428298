"""Makes new pictures with captions that say what changed: an object in another colour, or two objects together.

Pure functions of pixels and a random generator.
"""

from __future__ import annotations

import colorsys

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from starter_encoder.lexicon import Colour

Pixels = NDArray[np.uint8]

_SATURATED = 0.25
_NEAR_HUE_DEGREES = 40.0
_LEAST_DOMINANT = 0.35


def recolour(pixels: Pixels, colour: Colour, chance: Generator) -> Pixels:
    """Return the picture in a colour: its dominant hue is replaced, or everything where no hue dominates."""
    values = np.asarray(Image.fromarray(np.ascontiguousarray(pixels[..., :3])).convert("HSV")).astype(np.float32)
    hue, saturation, light = values[..., 0] * 360 / 255, values[..., 1] / 255, values[..., 2] / 255
    where = _dominant(hue, saturation, pixels[..., 3] > 128)
    # Lightness carries the drawing; the value of HSV would lose it for strong colours.
    lightness = light * (1 - saturation / 2)
    if colour.lightness is not None:
        # The shape's own shades stay, around the colour's lightness.
        middle = lightness[where].mean() if where.any() else 0.5
        lightness = (colour.lightness + (lightness - middle) * 0.55).clip(0.02, 0.98)
    else:
        lightness = (0.15 + 0.7 * lightness).clip(0, 1)
    strength = np.clip(colour.saturation * chance.uniform(0.8, 1.15), 0, 1)
    target = (colour.hue or 0.0) + chance.uniform(-8, 8)
    painted = _from_hsl(target % 360 / 360, float(strength), lightness)
    result = pixels.copy()
    result[..., :3] = np.where(where[..., None], painted, pixels[..., :3])
    return result


def join(first: Pixels, second: Pixels, chance: Generator) -> Pixels:
    """Return two objects in one picture: beside, above or partly over each other, in sizes of their own."""
    size = len(first)
    canvas = Image.new("RGBA", (size, size))
    kind = chance.random()
    if kind < 0.5:
        sides, places = (0.55, 0.55), ((0.0, 0.22), (0.45, 0.22))
    elif kind < 0.7:
        sides, places = (0.55, 0.55), ((0.22, 0.0), (0.22, 0.45))
    else:
        sides, places = (0.8, 0.5), ((0.0, 0.1), (0.5, 0.5))
    for pixels, side, (across, down) in zip((first, second), sides, places, strict=True):
        edge = int(size * side * chance.uniform(0.85, 1.0))
        object_ = Image.fromarray(pixels, "RGBA").resize((edge, edge), Image.Resampling.BILINEAR)
        corner = (int((across + chance.uniform(-0.05, 0.05)) * size), int((down + chance.uniform(-0.05, 0.05)) * size))
        canvas.paste(object_, corner, object_)
    return np.asarray(canvas)


def mean_colour_is_plain(pixels: Pixels) -> bool:
    """Tell whether a picture has enough area to show a colour; thin line drawings do not."""
    return bool((pixels[..., 3] > 128).mean() > 0.2)


def _dominant(hue: NDArray[np.float32], saturation: NDArray[np.float32], shape: NDArray[np.bool_]) -> NDArray[np.bool_]:
    strong = shape & (saturation > _SATURATED)
    if strong.sum() < _LEAST_DOMINANT * max(shape.sum(), 1):
        return shape
    counts, _ = np.histogram(hue[strong], bins=36, range=(0, 360))
    peak = float(np.argmax(counts)) * 10 + 5
    near = strong & (np.abs((hue - peak + 180) % 360 - 180) < _NEAR_HUE_DEGREES)
    return near if near.sum() >= _LEAST_DOMINANT * shape.sum() else shape


def _from_hsl(hue: float, saturation: float, lightness: NDArray[np.float32]) -> Pixels:
    steps = np.array([colorsys.hls_to_rgb(hue, value / 255, saturation) for value in range(256)], np.float32)
    return (steps[(lightness * 255).astype(np.uint8)] * 255).astype(np.uint8)
