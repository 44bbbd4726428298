"""The offline composer: what is laid where, told from the pixels."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.compose.generators.draft import DraftGenerator
from engine.compose.generators.generator import GenerationRequest, OutgoingPicture, Role
from engine.compose.generators.sizes import size_px
from engine.images.result import check_result
from tests.engine.compose.generators.asking import failure, made, using

RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


def block(colour: tuple[int, int, int], role: Role, *, size: tuple[int, int] = (60, 120)) -> OutgoingPicture:
    """Return a block of one colour with a transparent margin."""
    image = Image.new("RGBA", (size[0] + 20, size[1] + 20))
    image.paste(colour, (10, 10, 10 + size[0], 10 + size[1]))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return OutgoingPicture(stream.getvalue(), "image/png", *image.size, role)


def draft(*pictures: OutgoingPicture, prompt: str = "A knight.", ratio: str = "1:1") -> NDArray[np.int_]:
    """Return the draft's pixels `[height, width, 3]`."""
    data = made(DraftGenerator, GenerationRequest("draft", prompt, pictures, "512", ratio)).data
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)


def middle(pixels: NDArray[np.int_], colour: tuple[int, int, int]) -> tuple[float, float, float]:
    """Return where a colour is: the middle of it across and down, and its share of the picture, all 0…1."""
    rows, columns = np.nonzero(np.abs(pixels - colour).max(axis=2) < 12)
    return columns.mean() / pixels.shape[1], rows.mean() / pixels.shape[0], len(rows) / pixels[..., 0].size


def test_garment_lies_on_the_upper_body_of_the_person_in_the_middle() -> None:
    pixels = draft(block(RED, Role.PERSON), block(GREEN, Role.GARMENT, size=(100, 100)))
    across, down, share = middle(pixels, RED)
    assert across == pytest.approx(0.5, abs=0.02)
    assert 0.45 < down < 0.65
    assert share > 0.1
    across, down, share = middle(pixels, GREEN)
    assert across == pytest.approx(0.5, abs=0.02)
    assert 0.3 < down < 0.5
    assert share > 0.01


def test_accessories_and_props_lie_beside_the_person() -> None:
    pixels = draft(block(RED, Role.PERSON), block(GREEN, Role.ACCESSORY), block(BLUE, Role.PROP))
    assert middle(pixels, GREEN)[0] > 0.75
    assert middle(pixels, GREEN)[1] < 0.5
    assert middle(pixels, BLUE)[0] > 0.75
    assert middle(pixels, BLUE)[1] > 0.7


def test_two_persons_share_the_floor_and_each_gets_a_garment() -> None:
    pixels = draft(
        block(RED, Role.PERSON), block(RED, Role.PERSON), block(GREEN, Role.GARMENT), block(BLUE, Role.GARMENT)
    )
    assert middle(pixels, GREEN)[0] == pytest.approx(0.27, abs=0.05)
    assert middle(pixels, BLUE)[0] == pytest.approx(0.73, abs=0.05)


def test_scene_is_the_ground() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), BLUE).save(stream, "PNG")
    pixels = draft(OutgoingPicture(stream.getvalue(), "image/png", 40, 40, Role.SCENE), block(RED, Role.PERSON))
    assert tuple(pixels[0, 0]) == BLUE
    assert tuple(pixels[-1, -1]) == BLUE


def test_style_gives_the_ground_its_colours() -> None:
    plain, blue = draft(block(RED, Role.PERSON)), draft(block(RED, Role.PERSON), block(BLUE, Role.STYLE))
    assert np.ptp(plain[0, 0]) < 8
    assert blue[0, 0, 2] - blue[0, 0, 0] > 40
    assert middle(blue, BLUE)[1] < 0.1


def test_photograph_that_cannot_be_cut_out_is_shown_whole() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 60, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, "PNG")
    pixels = draft(OutgoingPicture(stream.getvalue(), "image/png", 60, 90, Role.PERSON), block(GREEN, Role.GARMENT))
    assert middle(pixels, (252, 252, 250))[2] > 0.005
    assert middle(pixels, GREEN)[0] < 0.25


def test_it_says_draft_and_shows_the_words_where_there_is_no_reference() -> None:
    with_words, others = draft(prompt="An elf archer."), draft(prompt="Another one.")
    corner = with_words[-60:, :140]
    assert (corner < 100).all(axis=2).mean() > 0.05
    assert (corner > 240).all(axis=2).sum() > 20
    assert np.abs(with_words - others).max() > 100
    assert np.abs(with_words[-60:, :140] - others[-60:, :140]).max() == 0


def test_same_request_gives_the_same_picture_and_it_passes_as_a_result() -> None:
    asked = GenerationRequest("draft", "A knight.", (block(RED, Role.PERSON),), "1K", "3:4")
    first, second = made(DraftGenerator, asked).data, made(DraftGenerator, asked).data
    assert first == second
    assert (check_result(first).width, check_result(first).height) == (887, 1182)


@pytest.mark.parametrize("ratio", ["1:1", "3:4", "16:9", "21:9"])
def test_every_ratio_has_the_pixels_of_the_size(ratio: str) -> None:
    width, height = size_px("2K", ratio)
    across, down = (int(side) for side in ratio.split(":"))
    assert width * height == pytest.approx(2048 * 2048, rel=0.002)
    assert width / height == pytest.approx(across / down, rel=0.002)


def test_damaged_reference_is_named() -> None:
    damaged = OutgoingPicture(block(RED, Role.PERSON).data[:80], "image/png", 80, 140, Role.PERSON)
    failed = failure(DraftGenerator, GenerationRequest("draft", "", (damaged,), "1K", "1:1"))
    assert failed.message.startswith("A reference cannot be decoded: ")


def test_connection_needs_nothing() -> None:
    said = using(DraftGenerator, lambda generator: generator.test_connection())
    assert said == "Drafts are made on this computer and need no connection."
