"""The search bar tells of every change, and shows what it is told without telling of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from pytestqt.qtbot import QtBot

from desktop.models.search import NO_FILTER, LikePicture, Search
from desktop.views.chip import Chip
from desktop.views.drops import dropped, pasted_image
from desktop.views.search_bar import SearchBar
from engine.protocol import FileTerm, Filter


@pytest.fixture
def bar(qtbot: QtBot) -> SearchBar:
    made = SearchBar(lambda _: QPixmap())
    qtbot.addWidget(made)
    made.show()
    return made


def picture(name: str) -> LikePicture:
    return LikePicture(FileTerm(Path(f"/{name}.png")), name)


def chips(bar: SearchBar) -> list[Chip]:
    return [chip for chip in bar.findChildren(Chip) if chip.isVisible()]


def test_typing_tells_the_search_so_far(qtbot: QtBot, bar: SearchBar) -> None:
    with qtbot.waitSignal(bar.typed) as told:
        qtbot.keyClicks(bar.field, "red potion")
    assert told.args == [Search("red potion")]


def test_return_makes_a_step_of_what_was_typed(qtbot: QtBot, bar: SearchBar) -> None:
    qtbot.keyClicks(bar.field, "crown")
    with qtbot.waitSignal(bar.changed) as told:
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert told.args == [Search("crown")]


def test_a_search_that_is_shown_is_not_told(qtbot: QtBot, bar: SearchBar) -> None:
    with qtbot.assertNotEmitted(bar.typed, wait=60), qtbot.assertNotEmitted(bar.changed):
        bar.show_search(Search("sword", filter=Filter(alpha=True)))
    assert bar.field.text() == "sword"


def test_every_condition_is_a_chip_that_can_be_taken_away(qtbot: QtBot, bar: SearchBar) -> None:
    filter_ = Filter(formats=("PSD",), aspect="square", colour="#c03020", min_rating=3)
    bar.show_search(Search("sword", filter=filter_))
    qtbot.waitUntil(lambda: len(chips(bar)) == 4)
    with qtbot.waitSignal(bar.changed) as told:
        chips(bar)[0].removed.emit()
    assert told.args[0].filter.formats == ()
    qtbot.waitUntil(lambda: len(chips(bar)) == 3)


def test_backspace_in_an_empty_field_takes_the_last_chip_away(qtbot: QtBot, bar: SearchBar) -> None:
    bar.show_search(Search(pictures=(picture("a"), picture("b"))))
    with qtbot.waitSignal(bar.changed) as told:
        qtbot.keyClick(bar.field, Qt.Key.Key_Backspace)
    assert told.args[0].pictures == (picture("a"),)


def test_a_weighed_picture_keeps_its_place_in_the_search(qtbot: QtBot, bar: SearchBar) -> None:
    bar.show_search(Search("blue", (picture("a"),)))
    qtbot.waitUntil(lambda: len(chips(bar)) == 1)
    with qtbot.waitSignal(bar.changed) as told:
        chips(bar)[0].weighed.emit(-0.5)  # type: ignore[attr-defined]
    assert told.args[0] == Search("blue", (picture("a").weighing(-0.5),))


def test_the_history_is_offered_in_an_empty_field(qtbot: QtBot, bar: SearchBar) -> None:
    bar.offer_history((Search("金色宝箱"), Search("sword")))
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    menu = QGuiApplication.instance().activePopupWidget()
    with qtbot.waitSignal(bar.changed) as told:
        menu.actions()[0].trigger()
    menu.close()
    assert told.args == [Search("金色宝箱")]


def test_a_pasted_picture_is_not_taken_for_text(qtbot: QtBot, bar: SearchBar) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(QImage(8, 8, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(bar.carried):
        qtbot.keyClick(bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.text() == ""
    clipboard.clear()


def test_clearing_shows_everything_again(qtbot: QtBot, bar: SearchBar) -> None:
    bar.show_search(Search("sword", filter=Filter(alpha=True)))
    with qtbot.waitSignal(bar.changed) as told:
        bar._clear.click()
    assert told.args[0].shows_everything
    assert told.args[0].filter == NO_FILTER


def test_a_drop_is_sorted_into_folders_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    mime = QMimeData()
    urls = [tmp_path, tmp_path / "a.png", tmp_path / "gone.png"]
    mime.setUrls([QUrl("https://example.org/x.png"), *(QUrl.fromLocalFile(str(path)) for path in urls)])
    assert (dropped(mime).folders, dropped(mime).files) == ((tmp_path,), (tmp_path / "a.png",))


def test_a_picture_without_a_file_is_given_one(tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setImageData(QImage(8, 6, QImage.Format.Format_RGB32))
    path = pasted_image(mime, tmp_path / "pasted")
    assert path is not None
    assert QImage(str(path)).size().toTuple() == (8, 6)
