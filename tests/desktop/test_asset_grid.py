"""The grid asks only for what is looked at, fills its width, and is at home with 250,000 assets."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from desktop.models.asset_list import AssetList
from desktop.thumbnails import ThumbnailLoader
from desktop.views.asset_grid import AssetGrid
from engine.protocol import PAGE_ROWS, Band
from tests.desktop.conftest import put_thumbnail
from tests.desktop.fake_engine import make_rows

LARGE = 250_000


@pytest.fixture
def assets() -> AssetList:
    return AssetList()


@pytest.fixture
def grid(qtbot: QtBot, assets: AssetList, thumbnails: ThumbnailLoader) -> AssetGrid:
    made = AssetGrid(assets, thumbnails)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_a_large_library_asks_for_its_first_pages_only(qtbot: QtBot, grid: AssetGrid, assets: AssetList) -> None:
    assets.show_anew(LARGE, make_rows(PAGE_ROWS), {})
    with qtbot.assertNotEmitted(assets.page_wanted, wait=60):
        grid.verticalScrollBar().setValue(1)
    wanted: list[int] = []
    assets.page_wanted.connect(wanted.append)

    def at_the_end() -> bool:
        grid.scrollToBottom()
        return LARGE - PAGE_ROWS in wanted

    qtbot.waitUntil(at_the_end)
    assert len(wanted) < LARGE // PAGE_ROWS


def test_a_page_is_asked_for_once(assets: AssetList) -> None:
    wanted: list[int] = []
    assets.page_wanted.connect(wanted.append)
    assets.show_anew(LARGE, make_rows(PAGE_ROWS), {})
    for _ in range(3):
        assets.look_at(1_000, 1_010)
    assert wanted == [1_000]


def test_pages_far_away_are_given_up(assets: AssetList) -> None:
    rows = make_rows(PAGE_ROWS)
    assets.show_anew(LARGE, rows, {})
    for page in range(1, 100):
        assets.fill(page * PAGE_ROWS, rows)
    assert assets.find_row(0) is None
    assert assets.find_row(99 * PAGE_ROWS) is not None


def test_cells_fill_the_width(grid: AssetGrid, assets: AssetList) -> None:
    assets.show_anew(500, make_rows(PAGE_ROWS), {})
    for width in (500, 777, 1_203):
        grid.resize(width, 600)
        columns = grid.viewport().width() // grid.gridSize().width()
        assert grid.viewport().width() - columns * grid.gridSize().width() < columns + 1


def test_the_size_of_pictures_stays_within_bounds(grid: AssetGrid) -> None:
    for wished, shown in ((1, 72), (200, 200), (9_999, 420)):
        grid.set_edge(wished)
        assert grid.edge_px == shown


def test_typing_goes_to_the_picture_of_that_name(grid: AssetGrid, assets: AssetList) -> None:
    rows = make_rows(20)
    assets.show_anew(20, (*rows[:12], replace(rows[12], path=Path("/art/Sword.png")), *rows[13:]), {})
    grid.keyboardSearch("s")
    grid.keyboardSearch("w")
    assert grid.currentIndex().row() == 12


def test_a_thumbnail_is_drawn_once_it_is_there(
    qtbot: QtBot, grid: AssetGrid, assets: AssetList, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    put_thumbnail(tmp_path, "ab12cd34", (200, 200), "#00ff00")
    with qtbot.waitSignal(thumbnails.arrived):
        assets.show_anew(1, (replace(make_rows(1)[0], thumbnail="ab12cd34"),), {})
    middle = grid.visualRect(assets.index(0)).center()
    seen = grid.viewport().grab().toImage()
    ratio = grid.devicePixelRatio()
    colour = seen.pixelColor(int(middle.x() * ratio), int(middle.y() * ratio))
    assert colour.green() > 200 > 60 > colour.red()


def test_a_selection_keeps_its_order_on_show(grid: AssetGrid, assets: AssetList) -> None:
    assets.show_anew(50, make_rows(50), {})
    for at in (9, 2, 30):
        grid.selectionModel().select(assets.index(at), QItemSelectionModel.SelectionFlag.Select)
    assert [row.id for row in grid.selected_rows()] == [3, 10, 31]


def test_every_face_of_an_asset_can_be_drawn(grid: AssetGrid, assets: AssetList) -> None:
    row = make_rows(1)[0]
    faces = (
        row,
        None,
        replace(row, id=2, failed=True, reason="The file is cut off.", hint="Export it again."),
        replace(row, id=3, offline=True, has_alpha=True, frames=12, rating=5),
        replace(row, id=4, width=None, height=None, format=None),
    )
    assets.show_anew(len(faces), faces, {0: Band.STRONG})
    grid.selectAll()
    assert not grid.viewport().grab().toImage().isNull()
    assert "cut off" in assets.index(2).data(Qt.ItemDataRole.ToolTipRole)


def test_a_picture_that_was_not_read_yet_has_a_placeholder(grid: AssetGrid, assets: AssetList) -> None:
    assets.show_anew(1, (replace(make_rows(1)[0], width=None, height=None),), {})
    box = grid.visualRect(assets.index(0))
    ratio = grid.devicePixelRatio()
    colour = grid.viewport().grab().toImage().pixelColor(int((box.left() + 30) * ratio), int(box.center().y() * ratio))
    assert colour == grid.palette().alternateBase().color()


def test_drawing_keeps_no_count_of_none_wrong(grid: AssetGrid, assets: AssetList) -> None:
    assets.show_anew(60, make_rows(60), {})
    grid.viewport().grab()
    before = sys.getrefcount(None)
    for _ in range(50):
        grid.viewport().grab()
    assert abs(sys.getrefcount(None) - before) < 200


def test_a_large_library_shows_at_once(grid: AssetGrid, assets: AssetList) -> None:
    started = time.perf_counter()
    assets.show_anew(LARGE, make_rows(PAGE_ROWS), {})
    grid.viewport().grab()
    assert time.perf_counter() - started < 0.5
