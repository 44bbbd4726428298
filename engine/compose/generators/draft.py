"""The offline composer: lays the references out by their roles, cut out where their ground allows it, and says “Draft”.

It needs no network, no key and no model, and the same request gives the same picture.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from engine.compose.generators.generator import GeneratedPicture, GenerationRequest, OutgoingPicture, Role
from engine.compose.generators.sizes import size_px
from engine.errors import DecodeError
from engine.images.collage import Anchor, Box, Figure, Layer, Sheet, draw_sheet, figure_of
from engine.images.decode import DecodedImage, DecodeLimits, decode_image
from engine.services.service import Family, ServiceFailed

LABEL = "Draft"
_FLOOR = 0.94
_PERSON_HEIGHT = 0.84
# Parts of a standing person's box, from head to feet: what a first, second and third garment covers.
_BODY: tuple[Box, ...] = ((0.14, 0.2, 0.86, 0.58), (0.2, 0.5, 0.8, 0.88), (0.25, 0.84, 0.75, 1.0))
_NOTE_CHARACTERS = 240
_NAMELESS = Path("reference")

_Figures = Mapping[Role, list[Figure]]


class DraftGenerator:
    """Composes with Pillow on a thread."""

    name = "draft"

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Lay the references out. Raises ServiceFailed for one that cannot be decoded."""
        return await asyncio.to_thread(_draft, request)

    async def test_connection(self) -> str:
        """Say that there is nothing to connect to."""
        return "Drafts are made on this computer and need no connection."

    async def close(self) -> None:
        """Nothing is open."""


def _draft(request: GenerationRequest) -> GeneratedPicture:
    decoded = [(picture.role, _decoded(picture)) for picture in request.pictures]
    images = {role: [each.image for of, each in decoded if of is role] for role in Role}
    scenes, styles = images.pop(Role.SCENE), images.pop(Role.STYLE)
    figures = {role: [figure_of(image) for image in of_role] for role, of_role in images.items()}
    figures[Role.SCENE] = [Figure(image, is_cut_out=False) for image in scenes[1:]]
    size = size_px(request.size, request.ratio)
    sheet = Sheet(
        size,
        (*_in_the_middle(figures, size), *_at_the_sides(figures)),
        LABEL,
        scene=scenes[0] if scenes else None,
        style=styles[0] if styles else None,
        note="" if decoded else request.prompt[:_NOTE_CHARACTERS],
    )
    return GeneratedPicture(draw_sheet(sheet))


def _decoded(picture: OutgoingPicture) -> DecodedImage:
    try:
        return decode_image(_NAMELESS, DecodeLimits(edge=2048), data=picture.data)
    except DecodeError as error:
        raise ServiceFailed(
            Family.GIVE_UP,
            "reference_undecodable",
            f"A reference cannot be decoded: {error.message}",
            "Choose another reference.",
        ) from error


def _in_the_middle(figures: _Figures, size: tuple[int, int]) -> list[Layer]:
    """Return the persons side by side on the floor, each with garments from head to feet; else the garments alone."""
    persons, garments = figures[Role.PERSON], figures[Role.GARMENT]
    if not persons:
        return _row(garments, (0.08, 0.1, 0.92, 0.8), Anchor.MIDDLE)
    width = min(0.66, 0.94 / len(persons))
    layers: list[Layer] = []
    for index, person in enumerate(persons):
        left = 0.5 + (index - len(persons) / 2) * width
        box = _standing(person, (left, _FLOOR - _PERSON_HEIGHT, left + width, _FLOOR), size)
        layers.append(Layer(person, box, Anchor.GROUND))
        if person.is_cut_out:
            worn = zip(garments[index :: len(persons)], _BODY, strict=False)
            layers.extend(Layer(garment, _within(box, part)) for garment, part in worn)
    return layers


def _at_the_sides(figures: _Figures) -> list[Layer]:
    """Return accessories down the right, props on the floor at both sides, and what is left over at the upper left."""
    persons, garments, props = figures[Role.PERSON], figures[Role.GARMENT], figures[Role.PROP]
    places = len(_BODY) * len(persons) if all(person.is_cut_out for person in persons) else 0
    left_over = [*figures[Role.SCENE], *(garments[places:] if persons else ())]
    layers = _column(left_over, (0.03, 0.05, 0.22, 0.6)) + _column(figures[Role.ACCESSORY], (0.77, 0.12, 0.97, 0.66))
    if not persons and not garments:
        return layers + _row(props, (0.12, 0.3, 0.76 if figures[Role.ACCESSORY] else 0.88, _FLOOR), Anchor.GROUND)
    half = (len(props) + 1) // 2
    layers += _row(props[:half], (0.7, 0.68, 0.98, _FLOOR + 0.02), Anchor.GROUND)
    return layers + _row(props[half:], (0.02, 0.64, 0.3, _FLOOR - 0.06), Anchor.GROUND)


def _standing(figure: Figure, box: Box, size: tuple[int, int]) -> Box:
    """Return the part of a box that a figure fills, standing in the middle of its floor."""
    left, top, right, bottom = box
    across, down = figure.image.width / size[0], figure.image.height / size[1]
    scale = min((right - left) / across, (bottom - top) / down)
    middle, half = (left + right) / 2, across * scale / 2
    return middle - half, bottom - down * scale, middle + half, bottom


def _within(box: Box, part: Box) -> Box:
    left, top, right, bottom = box
    across, down = right - left, bottom - top
    return left + part[0] * across, top + part[1] * down, left + part[2] * across, top + part[3] * down


def _row(figures: list[Figure], box: Box, anchor: Anchor) -> list[Layer]:
    left, top, right, bottom = box
    step = (right - left) / max(1, len(figures))
    return [
        Layer(figure, (left + (index + 0.03) * step, top, left + (index + 0.97) * step, bottom), anchor)
        for index, figure in enumerate(figures)
    ]


def _column(figures: list[Figure], box: Box) -> list[Layer]:
    left, top, right, bottom = box
    step = min((bottom - top) / max(1, len(figures)), 0.26)
    return [
        Layer(figure, (left, top + index * step, right, top + (index + 0.9) * step))
        for index, figure in enumerate(figures)
    ]
