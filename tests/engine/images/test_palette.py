"""Dominant colours in OKLab."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.images.palette import hex_from_oklab, oklab_from_hex, palette_of
from tests.engine.images.samples import BLUE, RED, picture


def hex_of(colour: tuple[int, int, int]) -> str:
    return "#" + bytes(colour).hex()


# Ottosson's own test pairs are of XYZ; these are of his sRGB reference code, as CSS Color 4 gives them.
@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ffffff", (1.0, 0.0, 0.0)),
        ("#000000", (0.0, 0.0, 0.0)),
        ("#ff0000", (0.62796, 0.22486, 0.12585)),
        ("#00ff00", (0.86644, -0.23389, 0.17950)),
        ("#0000ff", (0.45201, -0.03246, -0.31153)),
    ],
)
def test_oklab_of_primaries(colour: str, expected: tuple[float, float, float]) -> None:
    assert oklab_from_hex(colour) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("colour", ["#123456", "#fedcba", "#808080", "#00ff7f", "#000000", "#ffffff"])
def test_hex_survives_the_round_trip(colour: str) -> None:
    assert hex_from_oklab(*oklab_from_hex(colour)) == colour


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#1234567", "12 34 56"])
def test_other_notations_are_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        oklab_from_hex(colour)


def test_shares_are_of_the_whole_and_largest_first() -> None:
    image = picture(100, 50)
    image.paste((250, 250, 250), (0, 0, 20, 50))
    palette = palette_of(image)
    assert [hex_from_oklab(colour.l, colour.a, colour.b) for colour in palette] == [
        hex_of(BLUE),
        hex_of(RED),
        "#fafafa",
    ]
    assert [colour.share for colour in palette] == pytest.approx([0.5, 0.3, 0.2], abs=0.02)


def test_transparent_pixels_do_not_count() -> None:
    image = Image.new("RGBA", (60, 60), (0, 255, 0, 0))
    image.paste((*RED, 255), (0, 0, 6, 60))
    palette = palette_of(image)
    assert len(palette) == 1
    assert hex_from_oklab(palette[0].l, palette[0].a, palette[0].b) == hex_of(RED)
    assert palette[0].share == 1


def test_nothing_opaque_has_no_colours() -> None:
    assert palette_of(Image.new("RGBA", (5, 5), (9, 9, 9, 0))) == ()


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (2000, 1), (640, 480)])
def test_any_shape_gives_at_most_six_colours_that_add_up(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    palette = palette_of(Image.fromarray(noise))
    assert 1 <= len(palette) <= 6
    assert sum(colour.share for colour in palette) == pytest.approx(1, abs=0.01)


def test_a_small_vivid_part_is_not_lost_among_shades() -> None:
    shades = np.tile(np.linspace(90, 160, 200, dtype=np.uint8)[None, :, None], (200, 1, 3))
    image = Image.fromarray(shades)
    image.paste((255, 210, 0), (0, 0, 50, 40))
    vivid = oklab_from_hex("#ffd200")
    assert any(np.hypot(colour.a - vivid[1], colour.b - vivid[2]) < 0.03 for colour in palette_of(image))
