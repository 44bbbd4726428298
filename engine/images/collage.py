"""Lays figures out on a ground with their shadows, and labels the sheet: a draft to look at, no photograph.

Pure functions, any thread. Invariant: the same layers give the same bytes, on one computer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter

from engine.images.fonts import load_font
from engine.images.matte import NoPlainGround, cut_out, trimmed
from engine.images.palette import hex_from_oklab, palette_of

PIXEL_ART_SCALE = 3
"""From this enlargement on, small sprites keep their squares; anything larger looks better smooth."""
SWATCHES = 5

_NEUTRAL = ((236, 236, 232), (206, 207, 206))
_SHADOW_ALPHA = 90
_BADGE_ALPHA = 200
_INK, _BLACK, _WHITE = (24, 24, 28), (0, 0, 0), (255, 255, 255)

Box = tuple[float, float, float, float]


class Anchor(Enum):
    """Where a picture sits in a box of another shape."""

    MIDDLE = auto()
    GROUND = auto()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as it is laid out, RGBA: cut out to its outline, or whole where it has no plain ground."""

    image: Image.Image = field(repr=False)
    is_cut_out: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """A figure in a box of left, top, right, bottom in 0…1 of the sheet."""

    figure: Figure
    box: Box
    anchor: Anchor = Anchor.MIDDLE


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be drawn. Without a `scene`, the ground is a gradient in the colours of `style`, or a neutral one."""

    size: tuple[int, int]
    layers: Sequence[Layer]
    label: str
    scene: Image.Image | None = None
    style: Image.Image | None = None
    note: str = ""


def draw_sheet(sheet: Sheet) -> bytes:
    """Return the sheet as PNG; the first layers lie lowest."""
    canvas = _ground(sheet)
    for layer in sheet.layers:
        _place(canvas, layer)
    if sheet.style is not None:
        _draw_swatches(canvas, sheet.style)
    if sheet.note:
        _draw_note(canvas, sheet.note)
    _draw_badge(canvas, sheet.label)
    stream = io.BytesIO()
    canvas.save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def figure_of(image: Image.Image) -> Figure:
    """Return an upright RGB or RGBA image as a figure."""
    try:
        return Figure(trimmed(cut_out(image)), is_cut_out=True)
    except NoPlainGround:
        return Figure(image.convert("RGBA"), is_cut_out=False)


def _ground(sheet: Sheet) -> Image.Image:
    if sheet.scene is not None:
        return _covering(sheet.scene, sheet.size)
    top, bottom = _NEUTRAL
    if sheet.style is not None:
        colours = _colours(sheet.style)[:2] or [top]
        top, bottom = _pale(colours[0], 0.35), _pale(colours[-1], 0.6)
    share = np.linspace(0, 1, sheet.size[1], dtype=np.float32)[:, None]
    column = np.array(top, dtype=np.float32) * (1 - share) + np.array(bottom, dtype=np.float32) * share
    return Image.fromarray(np.rint(column).astype(np.uint8)[:, None]).resize(sheet.size)


def _colours(image: Image.Image) -> list[tuple[int, int, int]]:
    rgb = (ImageColor.getrgb(hex_from_oklab(each.l, each.a, each.b)) for each in palette_of(image))
    return [(red, green, blue) for red, green, blue, *_ in rgb]


def _pale(colour: tuple[int, int, int], strength: float) -> tuple[int, int, int]:
    red, green, blue = (round(255 - (255 - channel) * strength) for channel in colour)
    return red, green, blue


def _covering(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the middle of the image, enlarged or shrunk to fill the size."""
    flat = Image.new("RGB", image.size, _NEUTRAL[0])
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    scale = max(size[0] / flat.width, size[1] / flat.height)
    width, height = size[0] / scale, size[1] / scale
    left, top = (flat.width - width) / 2, (flat.height - height) / 2
    return flat.resize(size, _filter(scale), box=(left, top, left + width, top + height))


def _place(canvas: Image.Image, layer: Layer) -> None:
    left, top, right, bottom = (
        round(edge * length) for edge, length in zip(layer.box, (*canvas.size, *canvas.size), strict=True)
    )
    room = max(1, right - left), max(1, bottom - top)
    picture = _scaled(layer.figure.image, room)
    if not layer.figure.is_cut_out:
        picture = _card(picture)
    x = left + (room[0] - picture.width) // 2
    y = bottom - picture.height if layer.anchor is Anchor.GROUND else top + (room[1] - picture.height) // 2
    _draw_shadow(canvas, picture, (x, y), layer.anchor)
    canvas.paste(picture, (x, y), picture)


def _scaled(image: Image.Image, room: tuple[int, int]) -> Image.Image:
    scale = min(room[0] / image.width, room[1] / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, _filter(scale))


def _filter(scale: float) -> Image.Resampling:
    return Image.Resampling.NEAREST if scale >= PIXEL_ART_SCALE else Image.Resampling.LANCZOS


def _card(image: Image.Image) -> Image.Image:
    """Return a picture that could not be cut out as a print with a white rim."""
    rim = max(2, max(image.size) // 40)
    inner = image.resize((max(1, image.width - 2 * rim), max(1, image.height - 2 * rim)), Image.Resampling.LANCZOS)
    card = Image.new("RGBA", image.size, (252, 252, 250, 255))
    card.paste(inner, (rim, rim))
    return card


def _draw_shadow(canvas: Image.Image, picture: Image.Image, corner: tuple[int, int], anchor: Anchor) -> None:
    """Darken the ground under what stands, or softly behind what hangs."""
    soft = max(2, max(picture.size) // 40)
    shade = Image.new("L", (picture.width + 4 * soft, picture.height + 4 * soft), 0)
    if anchor is Anchor.GROUND:
        inset, thick = picture.width // 10, max(3, picture.width // 14)
        foot = 2 * soft + picture.height
        box = (2 * soft + inset, foot - thick, 2 * soft + picture.width - inset, foot + thick // 2)
        ImageDraw.Draw(shade).ellipse(box, fill=_SHADOW_ALPHA)
    else:
        shade.paste(picture.getchannel("A").point(lambda alpha: alpha * _SHADOW_ALPHA // 510), (2 * soft, 3 * soft))
    blurred = shade.filter(ImageFilter.BoxBlur(soft))
    canvas.paste(_BLACK, _box_of(blurred, corner[0] - 2 * soft, corner[1] - 2 * soft), blurred)


def _draw_swatches(canvas: Image.Image, style: Image.Image) -> None:
    """Show the style's colours as dots in the upper right corner."""
    size = max(8, max(canvas.size) // 28)
    dot = Image.new("L", (4 * size, 4 * size), 0)
    ImageDraw.Draw(dot).ellipse((0, 0, 4 * size - 1, 4 * size - 1), fill=255)
    outer, inner = dot.resize((size, size)), dot.resize((size * 4 // 5, size * 4 // 5))
    for index, colour in enumerate(_colours(style)[:SWATCHES]):
        left, top = canvas.width - size * 3 // 2 - index * size * 5 // 4, size // 2
        canvas.paste(_WHITE, _box_of(outer, left, top), outer)
        canvas.paste(colour, _box_of(inner, left + size // 10, top + size // 10), inner)


def _draw_note(canvas: Image.Image, note: str) -> None:
    """Write a text in the middle, in lines that fit."""
    size = max(10, max(canvas.size) // 36)
    font = load_font(size)
    pen = ImageDraw.Draw(canvas)
    room, lines = canvas.width * 0.8, [""]
    for character in font.drawable(" ".join(note.split())):
        if font.font.getlength(lines[-1] + character) > room:
            head, _, tail = lines[-1].rpartition(" ")
            lines[-1:] = [head, tail] if head else [lines[-1], ""]
        lines[-1] += character
    top = (canvas.height - len(lines) * size * 1.5) / 2
    for index, line in enumerate(lines):
        width = font.font.getlength(line)
        pen.text(((canvas.width - width) / 2, top + index * size * 1.5), line, fill=_INK, font=font.font)


def _draw_badge(canvas: Image.Image, label: str) -> None:
    """Write the label in the lower left corner, on a dark pill."""
    size = max(11, max(canvas.size) // 36)
    font = load_font(size)
    text = font.drawable(label)
    width, gap = round(font.font.getlength(text)), size * 2 // 3
    pill = Image.new("L", (width + 2 * gap, size + gap), 0)
    ImageDraw.Draw(pill).rounded_rectangle((0, 0, pill.width - 1, pill.height - 1), pill.height // 2, fill=_BADGE_ALPHA)
    left, top = gap, canvas.height - gap - pill.height
    canvas.paste(_INK, _box_of(pill, left, top), pill)
    middle = (left + gap, top + pill.height // 2)
    ImageDraw.Draw(canvas).text(middle, text, fill=_WHITE, font=font.font, anchor="lm")


def _box_of(image: Image.Image, left: int, top: int) -> tuple[int, int, int, int]:
    return left, top, left + image.width, top + image.height
