"""Makes training views of a picture: other grounds, light, paint, sizes and pixels, so that no one style is learned.

Pure functions of pixels and a random generator: uint8 `[224, 224, 4]` in, uint8 `[size, size, 3]` out.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from starter_encoder.pictures import Style

Pixels = NDArray[np.uint8]

_WHITE = (255, 255, 255)


class View(StrEnum):
    """How a picture is shown: as it is on white, on any ground, or painted and lit anew on any ground."""

    PLAIN = "plain"
    PLACED = "placed"
    PAINTED = "painted"


def make_view(pixels: Pixels, style: Style, view: View, size: int, chance: Generator) -> Pixels:
    """Return one view."""
    match view:
        case View.PLAIN:
            return place_plainly(pixels, size)
        case View.PLACED:
            return place(_coloured(pixels, style, chance), style, size, chance)
        case View.PAINTED:
            painted = _painted(_coloured(pixels, style, chance), chance)
            if chance.random() < 0.4:
                return _place_on_white(painted, size, chance)
            return place(painted, style, size, chance)


def place_plainly(pixels: Pixels, size: int) -> Pixels:
    """Lay a picture on white as large as it goes."""
    image = Image.fromarray(pixels, "RGBA").resize((size, size), Image.Resampling.BICUBIC)
    ground = Image.new("RGB", (size, size), _WHITE)
    ground.paste(image, (0, 0), image)
    return np.asarray(ground)


def place(pixels: Pixels, style: Style, size: int, chance: Generator) -> Pixels:
    """Turn, scale, jitter and light a picture and lay it on a ground."""
    image = _pixelated(Image.fromarray(pixels, "RGBA"), style, chance)
    image = _transformed(image, size, chance)
    colours, alpha = image.convert("RGB"), image.getchannel("A")
    if style is not Style.MONO:
        colours = _jittered(colours, chance)
    if chance.random() < 0.3:
        colours = _shaded(colours, size, chance)
    ground = make_ground(size, chance)
    if style is Style.MONO:
        ground = _contrasting(ground, colours, alpha)
    if chance.random() < 0.15:
        ground = _with_shadow(ground, alpha, chance)
    if chance.random() < 0.08:
        line = (0, 0, 0) if chance.random() < 0.6 else _WHITE
        ground.paste(line, (0, 0), alpha.filter(ImageFilter.MaxFilter(5)))
    ground.paste(colours, (0, 0), alpha)
    return _worn(ground, chance)


def make_ground(size: int, chance: Generator) -> Image.Image:
    """Return white, grey, dark, coloured, chequered or photo-like ground."""
    kind = chance.random()
    if kind < 0.3:
        return Image.new("RGB", (size, size), _WHITE)
    if kind < 0.4:
        return Image.new("RGB", (size, size), (int(chance.integers(90, 250)),) * 3)
    if kind < 0.52:
        return Image.new("RGB", (size, size), (int(chance.integers(0, 50)),) * 3)
    if kind < 0.7:
        return Image.new("RGB", (size, size), tuple(int(value) for value in chance.integers(0, 256, 3)))
    if kind < 0.76:
        cell = int(chance.integers(4, 17))
        light, dark = (255, 204) if chance.random() < 0.7 else (90, 60)
        down, across = np.mgrid[:size, :size] // cell
        return Image.fromarray(np.where((down + across) % 2, light, dark).astype(np.uint8)).convert("RGB")
    ground = _clouds(size, int(chance.integers(2, 9)), chance)
    if chance.random() < 0.5:
        ground = _noisy(ground, chance.uniform(3, 25), chance)
    if chance.random() < 0.5:
        ground = ImageEnhance.Color(ground).enhance(chance.uniform(0.2, 0.9))
    return ground


def _clouds(size: int, cells: int, chance: Generator) -> Image.Image:
    """Return smooth random colours, `cells` of them along each side."""
    grid = chance.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
    return Image.fromarray(grid).resize((size, size), Image.Resampling.BICUBIC)


def _grey_clouds(size: int, cells: int, chance: Generator) -> NDArray[np.float32]:
    """Return smooth random values in 0 … 1."""
    grid = Image.fromarray(chance.integers(0, 256, (cells, cells), dtype=np.uint8))
    return np.asarray(grid.resize((size, size), Image.Resampling.BICUBIC), np.float32) / 255


def _coloured(pixels: Pixels, style: Style, chance: Generator) -> Pixels:
    """Give a one-colour icon a colour or a gradient; leave the others as they are."""
    if style is not Style.MONO:
        return pixels
    pixels = pixels.copy()
    kind = chance.random()
    if kind < 0.4:
        pixels[..., :3] = np.asarray(_clouds(len(pixels), 2, chance))
    elif kind < 0.8:
        pixels[..., :3] = chance.integers(0, 256, 3)
    else:
        pixels[..., :3] = 0 if kind < 0.9 else 255
    return pixels


def _painted(pixels: Pixels, chance: Generator) -> Pixels:
    """Make flat art look painted or rendered: brush, light, volume, mottled colours."""
    alpha = pixels[..., 3]
    colours = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    if chance.random() < 0.85:
        colours = _brushed(colours, chance)
    if chance.random() < 0.6:
        colours = _bevelled(colours, alpha, chance)
    return np.dstack([np.asarray(colours), alpha])


def _brushed(colours: Image.Image, chance: Generator) -> Image.Image:
    size = colours.width
    kind = chance.random()
    if kind < 0.5:
        colours = colours.filter(ImageFilter.MedianFilter(int(chance.choice([3, 5, 5]))))
    elif kind < 0.65:
        colours = ImageOps.posterize(colours, int(chance.integers(3, 6)))
    elif kind < 0.8:
        small = int(chance.choice([40, 56, 72, 96]))
        back = Image.Resampling.BICUBIC if chance.random() < 0.7 else Image.Resampling.NEAREST
        colours = colours.resize((small, small), Image.Resampling.BICUBIC).resize((size, size), back)
    values = np.asarray(colours).astype(np.float32)
    if chance.random() < 0.5:
        values = _displaced(values, chance)
    if chance.random() < 0.7:
        values *= _light(size, chance)[..., None]
    if chance.random() < 0.6:
        mottle = np.asarray(_clouds(size, int(chance.integers(6, 30)), chance), np.float32) / 127.5 - 1
        values += chance.uniform(5, 30) * mottle
    if chance.random() < 0.4:
        values += chance.normal(0, chance.uniform(2, 12), (size, size, 1)).astype(np.float32)
    if chance.random() < 0.3:
        tint = np.array([1.0, chance.uniform(0.85, 1.0), chance.uniform(0.65, 1.0)], np.float32)
        values = (values.clip(0, 255) / 255) ** chance.uniform(0.8, 1.7) * 255 * tint
    painted = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    return ImageEnhance.Color(painted).enhance(chance.uniform(0.3, 0.9)) if chance.random() < 0.35 else painted


def _displaced(values: NDArray[np.float32], chance: Generator) -> NDArray[np.float32]:
    size = len(values)
    reach, cells = chance.uniform(1, 3.5), int(chance.integers(12, 40))
    down, across = np.mgrid[:size, :size]
    down = (down + reach * (_grey_clouds(size, cells, chance) * 2 - 1)).round().clip(0, size - 1).astype(int)
    across = (across + reach * (_grey_clouds(size, cells, chance) * 2 - 1)).round().clip(0, size - 1).astype(int)
    return values[down, across]


def _light(size: int, chance: Generator) -> NDArray[np.float32]:
    """Return factors of a light from one side, with blotches."""
    angle = chance.uniform(0, 2 * np.pi)
    down, across = (np.mgrid[:size, :size] / size - 0.5).astype(np.float32)
    side = 1 + chance.uniform(0.1, 0.55) * (np.cos(angle) * across + np.sin(angle) * down) * 2
    blotches = _grey_clouds(size, int(chance.integers(4, 14)), chance) - 0.5
    return (side + chance.uniform(0.1, 0.5) * blotches).astype(np.float32)


def _bevelled(colours: Image.Image, alpha: Pixels, chance: Generator) -> Image.Image:
    """Give the shape volume: its blurred outline is a height, lit from one side, with a highlight."""
    outline = Image.fromarray(np.ascontiguousarray(alpha)).filter(ImageFilter.GaussianBlur(chance.uniform(3, 12)))
    height = np.asarray(outline, np.float32) / 255
    if chance.random() < 0.5:
        # Edges inside the drawing stand out too, as the parts of a modelled object do.
        inside = colours.convert("L").filter(ImageFilter.GaussianBlur(chance.uniform(2, 5)))
        height = height + chance.uniform(0.1, 0.4) * np.asarray(inside, np.float32) / 255
    down, across = np.gradient(height)
    angle = chance.uniform(0, 2 * np.pi)
    slope = (across * np.cos(angle) + down * np.sin(angle))[..., None]
    values = np.asarray(colours).astype(np.float32) + slope * chance.uniform(600, 2600)
    if chance.random() < 0.4:
        values += 255 * chance.uniform(0.2, 0.7) * (slope * chance.uniform(6, 14)).clip(0, 1) ** 2
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _pixelated(image: Image.Image, style: Style, chance: Generator) -> Image.Image:
    if chance.random() >= (0.4 if style is Style.PIXEL else 0.12):
        return image
    small = 32 if style is Style.PIXEL else int(chance.choice([24, 32, 32, 48, 64]))
    shrink = Image.Resampling.BOX if chance.random() < 0.5 else Image.Resampling.NEAREST
    return image.resize((small, small), shrink).resize(image.size, Image.Resampling.NEAREST)


def _transformed(image: Image.Image, size: int, chance: Generator) -> Image.Image:
    """Turn by up to 18 degrees, mirror, stretch, and scale to 0.5 … 1.05 of the square."""
    scale = chance.uniform(0.5, 1.05) if chance.random() < 0.65 else chance.uniform(0.9, 1.0)
    turn = np.deg2rad(chance.uniform(-18, 18) if chance.random() < 0.6 else 0)
    mirror = -1 if chance.random() < 0.4 else 1
    stretch = chance.uniform(0.85, 1.18) if chance.random() < 0.4 else 1.0
    step = image.width / size / scale
    cosine, sine = np.cos(turn) * step, np.sin(turn) * step
    free = max((1 - scale) * size / 2, 4)
    across, down = size / 2 + chance.uniform(-1, 1, 2) * free * 0.7
    a, b, d, e = cosine * mirror * stretch, sine * mirror * stretch, -sine / stretch, cosine / stretch
    middle = image.width / 2
    matrix = (a, b, middle - a * across - b * down, d, e, middle - d * across - e * down)
    return image.transform((size, size), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


def _jittered(colours: Image.Image, chance: Generator) -> Image.Image:
    if chance.random() < 0.3:
        hue, saturation, value = colours.convert("HSV").split()
        shift = int(chance.integers(-6, 7))
        turned = Image.fromarray(((np.asarray(hue).astype(np.int16) + shift) % 256).astype(np.uint8))
        colours = Image.merge("HSV", (turned, saturation, value)).convert("RGB")
    for enhance, share, low, high in (
        (ImageEnhance.Color, 0.5, 0.5, 1.5),
        (ImageEnhance.Brightness, 0.5, 0.65, 1.3),
        (ImageEnhance.Contrast, 0.3, 0.6, 1.4),
    ):
        if chance.random() < share:
            colours = enhance(colours).enhance(chance.uniform(low, high))
    return colours


def _shaded(colours: Image.Image, size: int, chance: Generator) -> Image.Image:
    factors = 0.55 + 0.8 * _grey_clouds(size, 3, chance)
    return Image.fromarray((np.asarray(colours) * factors[..., None]).clip(0, 255).astype(np.uint8))


def _contrasting(ground: Image.Image, colours: Image.Image, alpha: Image.Image) -> Image.Image:
    """Return white or black ground if the icon would vanish on the one at hand."""
    shape = np.asarray(alpha) > 128
    if not shape.any():
        return ground
    mean = np.asarray(colours)[shape].mean(0)
    if np.abs(mean - np.asarray(ground).reshape(-1, 3).mean(0)).max() >= 60:
        return ground
    return Image.new("RGB", ground.size, _WHITE if mean.mean() < 128 else (0, 0, 0))


def _with_shadow(ground: Image.Image, alpha: Image.Image, chance: Generator) -> Image.Image:
    soft = alpha.filter(ImageFilter.GaussianBlur(4)).point(lambda value: int(value * 0.6))
    ground = ground.copy()
    ground.paste((0, 0, 0), (int(chance.integers(-6, 7)), int(chance.integers(0, 9))), soft)
    return ground


def _place_on_white(pixels: Pixels, size: int, chance: Generator) -> Pixels:
    side = int(size * chance.uniform(0.6, 1.0))
    image = Image.fromarray(pixels, "RGBA").resize((side, side), Image.Resampling.BILINEAR)
    if chance.random() < 0.4:
        image = ImageOps.mirror(image)
    ground = Image.new("RGB", (size, size), _WHITE)
    corner = chance.integers(0, size - side + 1, 2)
    ground.paste(image, (int(corner[0]), int(corner[1])), image)
    return np.asarray(ground)


def _worn(image: Image.Image, chance: Generator) -> Pixels:
    """Blur, add grain or drop the colours, each now and then."""
    if chance.random() < 0.2:
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.6)))
    if chance.random() < 0.1:
        image = _noisy(image, chance.uniform(2, 14), chance)
    if chance.random() < 0.04:
        image = image.convert("L").convert("RGB")
    return np.asarray(image)


def _noisy(image: Image.Image, deviation: float, chance: Generator) -> Image.Image:
    values = np.asarray(image).astype(np.float32)
    values = values + chance.normal(0, deviation, (*values.shape[:2], 1))
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
