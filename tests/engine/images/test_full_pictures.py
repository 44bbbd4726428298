"""Pictures of every format are drawn in full, once for each content, within a quota."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import DataDirectoryUnusable, DecodeError
from engine.images import full_pictures
from engine.images.decoder import Decoder
from engine.images.full_pictures import FullPictures
from engine.images.picture import DecodeLimits

KEY = "0a" * 32


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[FullPictures]:
    limits = DecodeLimits(edge=64)
    with Decoder(limits, workers=1) as decoder:
        yield FullPictures(tmp_path / "pictures", decoder, limits)


def tiff(path: Path, side: int = 900) -> Path:
    noise = np.random.default_rng(0).integers(0, 256, (side, side // 2, 4), dtype=np.uint8)
    Image.fromarray(noise, "RGBA").save(path)
    return path


def test_a_picture_is_drawn_pixel_for_pixel_and_with_its_alpha(drawn: FullPictures, tmp_path: Path) -> None:
    file = tiff(tmp_path / "a.tif")
    with Image.open(drawn.draw(KEY, file)) as seen, Image.open(file) as original:
        assert seen.size == (450, 900)
        assert np.array_equal(np.asarray(seen), np.asarray(original))


def test_the_second_time_the_file_is_not_read(drawn: FullPictures, tmp_path: Path) -> None:
    file = tiff(tmp_path / "a.tif")
    first = drawn.draw(KEY, file)
    file.unlink()
    assert drawn.draw(KEY, file) == first


def test_an_empty_file_that_a_power_cut_left_is_drawn_anew(drawn: FullPictures, tmp_path: Path) -> None:
    file = tiff(tmp_path / "a.tif")
    drawn.draw(KEY, file).write_bytes(b"")
    with Image.open(drawn.draw(KEY, file)) as seen:
        assert seen.size == (450, 900)


def test_a_huge_picture_is_shrunk_to_what_a_screen_shows(
    drawn: FullPictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "_limits", DecodeLimits(edge=300))
    with Image.open(drawn.draw(KEY, tiff(tmp_path / "a.tif"))) as seen:
        assert seen.size == (150, 300)


def test_what_was_looked_at_longest_ago_goes_first(
    drawn: FullPictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tiff(tmp_path / "a.tif", 200)
    first, second = (drawn.draw(f"{number:064x}", file) for number in range(2))
    os.utime(first, (1, 1))
    monkeypatch.setattr(full_pictures, "QUOTA_BYTES", int(second.stat().st_size * 2.5))
    third = drawn.draw(f"{3:064x}", file)
    assert (first.exists(), second.exists(), third.exists()) == (False, True, True)


def test_a_broken_file_is_an_error_and_leaves_nothing(drawn: FullPictures, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\0nothing")
    with pytest.raises(DecodeError):
        drawn.draw(KEY, tmp_path / "a.tif")
    assert not (tmp_path / "pictures").exists()


def test_a_place_that_cannot_be_written_is_said(drawn: FullPictures, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(DataDirectoryUnusable, match="pictures"):
        drawn.draw(KEY, tiff(tmp_path / "a.tif"))
