from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.embedding.encoder import Encoder
from engine.images.fit import fit

CONCEPTS = [
    ("golden crown", "金色的王冠"),
    ("frog", "青蛙"),
    ("sailing ship", "帆船"),
    ("red apple", "红苹果"),
    ("horse", "马"),
    ("sword", "剑"),
    ("castle", "城堡"),
    ("guitar", "吉他"),
]


def test_rows_are_unit_vectors_of_the_promised_dimension(starter: Encoder) -> None:
    size = starter.profile.input_spec.size
    pixels = np.random.default_rng(0).integers(0, 256, (5, size, size, 3), np.uint8)
    for vectors in (starter.encode_images(pixels), starter.encode_texts(["crown", "", "王冠"])):
        assert vectors.shape[1] == starter.profile.dimension
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_chinese_and_english_of_one_concept_are_nearest(starter: Encoder) -> None:
    english, chinese = (starter.encode_texts(texts) for texts in zip(*CONCEPTS, strict=True))
    cosines = english @ chinese.T
    assert (cosines.argmax(axis=1) == np.arange(len(CONCEPTS))).all()
    assert (cosines.argmax(axis=0) == np.arange(len(CONCEPTS))).all()


def test_order_of_texts_is_kept_across_batches(starter: Encoder) -> None:
    texts = [english for english, _ in CONCEPTS] * 4
    together = starter.encode_texts(texts)
    alone = np.concatenate([starter.encode_texts([text]) for text in texts])
    np.testing.assert_allclose((together * alone).sum(axis=1), 1, atol=5e-3)


def draw_heart(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((40, 50, 130, 140), fill="red")
    pen.ellipse((120, 50, 210, 140), fill="red")
    pen.polygon([(46, 115), (204, 115), (125, 215)], fill="red")


def draw_house(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((60, 120, 190, 220), fill="#c9a26b")
    pen.polygon([(40, 125), (125, 40), (210, 125)], fill="#a03020")
    pen.rectangle((110, 165, 140, 220), fill="#5b3a1e")
    pen.rectangle((75, 140, 100, 165), fill="#9fd3f0")


def draw_star(pen: ImageDraw.ImageDraw) -> None:
    turns = [math.pi / 5 * corner - math.pi / 2 for corner in range(10)]
    lengths = [100, 42] * 5
    corners = [
        (125 + length * math.cos(turn), 125 + length * math.sin(turn))
        for turn, length in zip(turns, lengths, strict=True)
    ]
    pen.polygon(corners, fill="gold")


@pytest.mark.parametrize("language", [0, 1], ids=["english", "chinese"])
def test_drawn_things_are_found_by_their_names(starter: Encoder, language: int) -> None:
    pictures = []
    for draw in (draw_heart, draw_house, draw_star):
        image = Image.new("RGBA", (250, 250), (0, 0, 0, 0))
        draw(ImageDraw.Draw(image))
        pictures.append(fit(image, starter.profile.input_spec))
    names = [("red heart", "红心"), ("house", "房子"), ("star", "星星")]
    cosines = starter.encode_texts([pair[language] for pair in names]) @ starter.encode_images(np.stack(pictures)).T
    assert (cosines.argmax(axis=1) == np.arange(len(names))).all(), cosines
