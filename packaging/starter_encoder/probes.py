"""Pairs of pictures that differ in one attribute, and a text that is true of one of them. Chance is one half.

Objects come from sources that stay out of training; only the way of recolouring and joining them is shared with it.
`natural_colour_probes` uses pictures that were drawn in their colours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from starter_encoder.compose import join, mean_colour_is_plain, recolour
from starter_encoder.lexicon import COLOURS
from starter_encoder.pictures import Picture, Split

if TYPE_CHECKING:
    from starter_encoder.evaluate import Measured

_PROBES = 400
_COLOUR_NAMES = ("red", "orange", "yellow", "green", "blue", "purple", "brown", "black", "white", "pink", "grey")
_COLOURED = re.compile(rf"^({'|'.join(_COLOUR_NAMES)}) (\w+)$")


def colour_probes(measured: Measured, language: str) -> NDArray[np.bool_]:
    """Tell which of two recolourings of one object a text names."""
    chance = np.random.default_rng(10)
    objects = [row for row in _objects(measured) if mean_colour_is_plain(measured.gallery.pixels[row])]
    texts, first, second = [], [], []
    for row in chance.choice(objects, _PROBES):
        right, wrong = (COLOURS[place] for place in chance.choice(len(COLOURS), 2, replace=False))
        pixels = np.array(measured.gallery.pixels[row])
        first.append(recolour(pixels, right, chance))
        second.append(recolour(pixels, wrong, chance))
        name = _name(measured.gallery.pictures[row], language)
        texts.append(f"{right.en} {name}" if language == "en" else f"{right.zh}的{name}")
    return _answers(measured, texts, first, second)


def natural_colour_probes(measured: Measured) -> NDArray[np.bool_]:
    """Tell apart Fluent pictures of the same thing in different colours, such as hearts, books and apples."""
    families: dict[str, dict[str, int]] = {}
    for row in measured.rows["fluent-3d"]:
        found = _COLOURED.match(measured.gallery.pictures[row].label)
        if found:
            families.setdefault(found.group(2), {})[found.group(1)] = row
    texts, first, second = [], [], []
    for name, rows in families.items():
        for colour, row in rows.items():
            for other, wrong in rows.items():
                if other != colour:
                    texts.append(f"{colour} {name}")
                    first.append(np.array(measured.gallery.pixels[row]))
                    second.append(np.array(measured.gallery.pixels[wrong]))
    return _answers(measured, texts, first, second)


def pair_probes(measured: Measured, language: str) -> NDArray[np.bool_]:
    """Tell which of two pictures with one object in common a text of two objects names."""
    chance = np.random.default_rng(11)
    objects = _objects(measured)
    texts, first, second = [], [], []
    for one, two, other in chance.choice(objects, (_PROBES, 3)):
        pixels = [np.array(measured.gallery.pixels[row]) for row in (one, two, other)]
        first.append(join(pixels[0], pixels[1], chance))
        second.append(join(pixels[0], pixels[2], chance))
        names = [_name(measured.gallery.pictures[row], language) for row in (one, two)]
        texts.append(f"{names[0]} and {names[1]}" if language == "en" else f"{names[0]}和{names[1]}")
    return _answers(measured, texts, first, second)


def _objects(measured: Measured) -> list[int]:
    """Return rows of pictures of things, named in both languages, that were not trained on."""
    return [
        row
        for source in ("fluent-3d", "tuxpaint")
        for row in measured.rows[source]
        if _is_object(measured.gallery.pictures[row])
    ]


def _is_object(picture: Picture) -> bool:
    kept_apart = picture.split is not Split.TRAIN
    nameless = re.search(
        rf"button|sign|symbol|{'|'.join(_COLOUR_NAMES)}|face|arrow|clock|thirty|o’clock", picture.label
    )
    return kept_apart and bool(picture.zh) and not nameless and len(picture.label.split()) <= 2


def _name(picture: Picture, language: str) -> str:
    return picture.label if language == "en" else picture.zh[0]


def _answers(
    measured: Measured, texts: list[str], first: list[NDArray[np.uint8]], second: list[NDArray[np.uint8]]
) -> NDArray[np.bool_]:
    vectors = measured.encoder.encode_texts(texts)
    right, wrong = (
        np.concatenate([measured.encode_pixels(side[start : start + 16]) for start in range(0, len(side), 16)])
        for side in (first, second)
    )
    answers: NDArray[np.bool_] = (vectors * right).sum(1) > (vectors * wrong).sum(1)
    return answers
