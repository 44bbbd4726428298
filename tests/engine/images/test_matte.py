"""Cutting a subject out of its plain ground, on pictures of the sample library and on drawings with a known alpha."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.images.decode import DecodeLimits, decode_image
from engine.images.matte import NoPlainGround, cut_out, trimmed
from engine.resources import resource

LIBRARY = resource("sample_library")


def load(name: str) -> Image.Image:
    return decode_image(next(LIBRARY.rglob(name)), DecodeLimits(edge=512)).image


def disc(ground: str, colour: str, size: int = 200) -> tuple[Image.Image, Image.Image]:
    """Return a smooth disc on a ground, and its true alpha."""
    large = Image.new("L", (4 * size, 4 * size), 0)
    ImageDraw.Draw(large).ellipse((size, size, 3 * size, 3 * size), fill=255)
    alpha = large.resize((size, size), Image.Resampling.BOX)
    image = Image.new("RGB", (size, size), ground)
    image.paste(colour, mask=alpha)
    return image, alpha


@pytest.mark.parametrize("ground", ["white", "black", "#30c040"])
def test_alpha_of_a_smooth_edge_comes_back(ground: str) -> None:
    image, alpha = disc(ground, "#b03060")
    found = np.asarray(cut_out(image).getchannel("A"), dtype=int)
    off = np.abs(found - np.asarray(alpha, dtype=int))
    assert off.max() <= 24
    assert off.mean() < 0.2


@pytest.mark.parametrize("ground", ["white", "black"])
def test_edge_keeps_nothing_of_the_ground(ground: str) -> None:
    figure = cut_out(disc(ground, "#b03060")[0])
    on_blue = Image.new("RGBA", figure.size, "blue")
    on_blue.alpha_composite(figure)
    wanted = Image.new("RGB", figure.size, "blue")
    wanted.paste("#b03060", mask=disc(ground, "#b03060")[1])
    off = np.abs(np.asarray(on_blue.convert("RGB"), dtype=int) - np.asarray(wanted, dtype=int))
    assert off.max() <= 24


def test_ground_of_a_jpeg_goes_in_spite_of_its_noise() -> None:
    stream = io.BytesIO()
    disc("white", "#b03060")[0].save(stream, "JPEG", quality=60)
    alpha = np.asarray(cut_out(Image.open(stream)).getchannel("A"))
    assert (alpha[:40] == 0).all()
    assert (alpha[80:120, 80:120] == 255).all()


# The share of the picture that each subject takes, judged by eye.
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("DSC_0302.jpg", 0.2, 0.4),
        ("beetle.jpg", 0.4, 0.75),
        ("IMG_0420.jpg", 0.2, 0.55),
        ("IMG_2231.jpg", 0.25, 0.6),
    ],
)
def test_photographs_and_paintings_on_plain_ground_are_cut_out(name: str, least: float, most: float) -> None:
    alpha = np.asarray(cut_out(load(name)).getchannel("A"))
    assert alpha[0, 0] == 0
    assert least < (alpha > 128).mean() < most


@pytest.mark.parametrize("name", ["DSC_0193.jpg", "skeleton_king.jpg", "grass_tile.png"])
def test_picture_without_a_plain_ground_is_refused(name: str) -> None:
    with pytest.raises(NoPlainGround, match="its border has many colours") as caught:
        cut_out(load(name))
    assert "plain white ground" in caught.value.hint


def test_picture_of_one_colour_has_no_subject() -> None:
    with pytest.raises(NoPlainGround, match="cannot be told from the ground: 0%"):
        cut_out(Image.new("RGB", (50, 50), "white"))


def test_alpha_that_is_there_stays_as_it_is() -> None:
    image = load("knight_blue.png")
    assert image.mode == "RGBA"
    assert cut_out(image) is image


def test_enclosed_ground_stays_as_the_module_says() -> None:
    image = disc("white", "#b03060")[0]
    ImageDraw.Draw(image).ellipse((90, 90, 110, 110), fill="white")
    assert cut_out(image).getpixel((100, 100)) == (255, 255, 255, 255)


def test_winding_ground_is_followed_to_its_end() -> None:
    image = Image.new("RGB", (61, 61), "white")
    pen = ImageDraw.Draw(image)
    for step in range(0, 28, 4):
        pen.rectangle((2 + step, 2 + step, 58 - step, 58 - step), outline="black")
        gap = (2 + step, 30) if step % 8 else (58 - step, 30)
        pen.point(gap, fill="white")
    assert cut_out(image).getpixel((30, 30))[3] == 0  # type: ignore[index]


def test_margin_is_trimmed() -> None:
    figure = trimmed(cut_out(disc("white", "#b03060")[0]))
    assert abs(figure.width - 100) <= 2
    assert abs(figure.height - 100) <= 2
