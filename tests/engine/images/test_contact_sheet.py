"""The contact sheet and the fonts it draws with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont

from engine.errors import DataDirectoryUnusable
from engine.images import fonts
from engine.images.contact_sheet import CELL_PX, MARGIN_PX, Row, save_contact_sheet
from engine.images.fonts import NOT_DRAWABLE, DrawingFont, load_font
from tests.engine.images.samples import picture, write_sample


def opened(path: Path) -> Image.Image:
    with Image.open(path) as sheet:
        return sheet.convert("RGB")


def has_colour(sheet: Image.Image, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(np.asarray(sheet).astype(int) - colour).max(axis=2) <= 6).any())


def test_pictures_from_files_and_memory_stand_on_the_sheet(tmp_path: Path) -> None:
    green = Image.new("RGBA", (300, 40), (10, 200, 10, 255))
    rows: list[Row] = [
        ("wooden chest", [(write_sample("PNG", tmp_path), "0.31"), (green, "0.29")]),
        ("木箱", [(picture(), "0.30")]),
    ]
    save_contact_sheet(rows, tmp_path / "sheet.png")
    sheet = opened(tmp_path / "sheet.png")
    assert has_colour(sheet, (10, 200, 10))
    assert has_colour(sheet, (220, 30, 30))
    assert sheet.height > 2 * CELL_PX
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_wide_rows_go_on_below(tmp_path: Path) -> None:
    save_contact_sheet([("many", [(picture(), str(number)) for number in range(20)])], tmp_path / "sheet.png")
    sheet = opened(tmp_path / "sheet.png")
    assert sheet.width < 9 * (CELL_PX + MARGIN_PX)
    assert sheet.height > 3 * CELL_PX


def test_an_unreadable_picture_leaves_an_empty_frame(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    save_contact_sheet([("a", [(tmp_path / "broken.png", "x"), (tmp_path / "gone.png", "y")])], tmp_path / "sheet.png")
    assert opened(tmp_path / "sheet.png").height > CELL_PX


def test_a_sheet_of_nothing_is_still_a_sheet(tmp_path: Path) -> None:
    save_contact_sheet([], tmp_path / "empty.png")
    save_contact_sheet([("no hits", [])], tmp_path / "sheet.png")
    assert opened(tmp_path / "sheet.png").width > 100


def test_long_titles_and_captions_stay_within_their_room(tmp_path: Path) -> None:
    paper = Image.new("RGB", (40, 40), (250, 250, 248))
    save_contact_sheet([("very long title " * 30, [(paper, "a_very_long_file_name_" * 9)])], tmp_path / "sheet.png")
    right = np.asarray(opened(tmp_path / "sheet.png"))[:, -MARGIN_PX + 2 :]
    assert right.min() >= 240


def test_a_folder_that_is_not_there_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryUnusable):
        save_contact_sheet([("a", [(picture(), "b")])], tmp_path / "missing" / "sheet.png")


def test_characters_without_a_glyph_are_named_and_not_drawn_as_boxes() -> None:
    latin = DrawingFont(ImageFont.load_default(20))
    assert latin.drawable("red 龙 宝箱 x") == f"red {NOT_DRAWABLE} {NOT_DRAWABLE} x"
    assert latin.drawable("chest") == "chest"
    assert latin.drawable("a\tb\nc") == "a b c"


def test_without_a_chinese_font_the_sheet_explains_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_font_folders", lambda: (tmp_path,))
    fonts.find_cjk_font.cache_clear()
    try:
        save_contact_sheet([("chest", [(picture(), "a")])], tmp_path / "latin.png")
        save_contact_sheet([("宝箱", [(picture(), "a")])], tmp_path / "chinese.png")
        bottom = slice(-MARGIN_PX - 20, None)
        without, with_note = (
            np.asarray(opened(tmp_path / name))[bottom].std() for name in ("latin.png", "chinese.png")
        )
        assert without == 0 or without < with_note
    finally:
        fonts.find_cjk_font.cache_clear()


def test_a_chinese_font_of_this_computer_is_used() -> None:
    if fonts.find_cjk_font() is None:
        pytest.skip("no Chinese font is installed here")
    assert load_font(20).drawable("宝箱 dragon") == "宝箱 dragon"


def test_a_damaged_font_file_does_not_stop_the_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msyh.ttc").write_bytes(b"not a font")
    monkeypatch.setattr(fonts, "_font_folders", lambda: (tmp_path,))
    fonts.find_cjk_font.cache_clear()
    try:
        assert load_font(20).drawable("chest") == "chest"
    finally:
        fonts.find_cjk_font.cache_clear()
