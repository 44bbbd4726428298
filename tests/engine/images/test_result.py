"""Pictures that services send are looked at before they are taken."""

from __future__ import annotations

import pytest
from PIL import Image

from engine.images.result import ResultFault, ResultRejected, check_result
from tests.engine.images.samples import HEIGHT, WIDTH, encoded, picture, svg


def rejected(data: bytes) -> ResultRejected:
    with pytest.raises(ResultRejected) as caught:
        check_result(data)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("kind", "media_type", "suffix"),
    [("PNG", "image/png", ".png"), ("JPEG", "image/jpeg", ".jpg"), ("WEBP", "image/webp", ".webp")],
)
def test_the_bytes_say_the_type_and_the_size(kind: str, media_type: str, suffix: str) -> None:
    facts = check_result(encoded(picture(), kind))
    assert (facts.media_type, facts.suffix, facts.width, facts.height) == (media_type, suffix, WIDTH, HEIGHT)


def test_one_flat_colour_is_blank_also_after_jpeg() -> None:
    for colour in ("black", "white", (128, 31, 77)):
        flat = Image.new("RGB", (512, 512), colour)
        assert rejected(encoded(flat, "PNG")).fault == ResultFault.BLANK
        assert rejected(encoded(flat, "JPEG", quality=60)).fault == ResultFault.BLANK


def test_a_wholly_transparent_picture_is_blank() -> None:
    painted = picture().convert("RGBA")
    painted.putalpha(0)
    assert rejected(encoded(painted, "PNG")).fault == ResultFault.BLANK


def test_a_silhouette_on_nothing_is_a_picture() -> None:
    outline = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    outline.paste((0, 0, 0, 255), (20, 20, 40, 40))
    assert check_result(encoded(outline, "PNG")).width == 64


def test_a_small_mark_on_a_large_ground_is_a_picture() -> None:
    page = Image.new("RGB", (2048, 2048), "white")
    page.paste((200, 0, 0), (1000, 1000, 1012, 1012))
    assert check_result(encoded(page, "PNG")).height == 2048


def test_a_cut_picture_is_undecodable() -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = encoded(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
        assert rejected(whole[: len(whole) // 2]).fault == ResultFault.UNDECODABLE


def test_words_and_other_formats_are_no_picture() -> None:
    assert rejected(b"").fault == ResultFault.EMPTY
    assert rejected(b"I cannot help with that.").fault == ResultFault.NO_PICTURE
    assert rejected(svg()).fault == ResultFault.NO_PICTURE
    assert "TIFF" in rejected(encoded(picture(), "TIFF")).message
