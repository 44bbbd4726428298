"""The whole window against a scripted engine: states that are hard to make with a real one, and what keys do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.engine_state import EngineState
from desktop.models.search import Search
from desktop.settings import Language
from desktop.views.first_run import FirstRun
from engine import protocol
from engine.protocol import Activity, AssetTerm, FoldersChanged, IndexingProgressed, IndexingState, TextTerm
from tests.desktop.fake_engine import FakeEngine


def do(app: Propmaster, action: ActionId) -> None:
    app.window.actions_table[action].trigger()


def words_of(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def test_typing_searches_and_an_empty_answer_says_so(qtbot: QtBot, running: Propmaster) -> None:
    qtbot.keyClicks(running.window.search_bar.field, "no such thing")
    qtbot.waitUntil(running.window.empty.isVisible)
    assert "Nothing found" in words_of(running.window.empty)
    qtbot.mouseClick(running.window.empty.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(running.window.grid.isVisible)


def test_a_library_without_folders_is_welcomed(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    fake.folders = ()
    fake.tell(FoldersChanged())
    qtbot.waitUntil(running.window.first_run.isVisible)
    welcome = running.window.findChild(FirstRun)
    qtbot.mouseClick(welcome.findChildren(QPushButton)[-1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.AddFolder)))
    assert (fake.asked_for(protocol.AddFolder)[0].path / "animals").is_dir()


def test_find_similar_searches_by_all_that_is_selected(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.window.grid.go_to(3)
    running.window.grid.selectionModel().select(
        running.desk.session.assets.index(5), running.window.grid.selectionModel().SelectionFlag.Select
    )
    do(running, ActionId.FIND_SIMILAR)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.Search)[-1].query.terms))
    assert fake.asked_for(protocol.Search)[-1].query.terms == (AssetTerm(4), AssetTerm(6))
    do(running, ActionId.BACK)
    qtbot.waitUntil(lambda: not fake.asked_for(protocol.Search)[-1].query.terms)


def test_not_like_this_is_put_beside_the_words(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.desk.session.go(Search("prop"))
    running.window.grid.go_to(0)
    do(running, ActionId.NOT_LIKE_THIS)
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.Search)[-1].query.terms) == 2)
    assert fake.asked_for(protocol.Search)[-1].query.terms == (TextTerm("prop"), AssetTerm(1, -0.5))


def test_a_rating_goes_to_all_that_is_selected_fetched_or_not(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine
) -> None:
    running.window.grid.selectAll()
    do(running, ActionId.RATE_4)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.RateAssets)))
    command = fake.asked_for(protocol.RateAssets)[0]
    assert (len(command.asset_ids), command.rating) == (500, 4)


def test_the_menu_has_its_keys_only_where_pictures_are(qtbot: QtBot, running: Propmaster) -> None:
    running.window.grid.go_to(2)
    running.window.search_bar.take_focus()
    qtbot.keyClicks(running.window.search_bar.field, "a b")
    assert running.window.search_bar.field.text() == "a b"


def test_thumbnails_are_looked_for_where_the_engine_says(running: Propmaster, tmp_path: Path) -> None:
    assert running.desk.thumbnails.path_of("ab12") == tmp_path / "t" / "ab" / "ab12.webp"


def test_what_is_dragged_out_are_real_files(running: Propmaster) -> None:
    assets = running.desk.session.assets
    mime = assets.mimeData([assets.index(0), assets.index(2)])
    assert [url.toLocalFile() for url in mime.urls()] == ["/art/prop-0000.png", "/art/prop-0002.png"]


def test_the_path_of_a_picture_is_copied(running: Propmaster) -> None:
    running.window.grid.go_to(1)
    do(running, ActionId.COPY_PATH)
    assert QGuiApplication.clipboard().text() == str(Path("/art/prop-0001.png"))


def test_the_preview_walks_with_arrow_keys_and_ends_where_the_grid_follows(qtbot: QtBot, running: Propmaster) -> None:
    running.window.grid.go_to(4)
    do(running, ActionId.PREVIEW)
    preview = next(one for one in running.window.findChildren(QWidget) if type(one).__name__ == "Preview")
    assert preview.isFullScreen()
    for _ in range(3):
        qtbot.keyClick(preview, Qt.Key.Key_Right)
    qtbot.keyClick(preview, Qt.Key.Key_Space)
    assert not preview.isVisible()
    assert running.window.grid.currentIndex().row() == 7


def test_the_inspector_shows_what_the_engine_knows(qtbot: QtBot, running: Propmaster) -> None:
    with qtbot.waitSignal(running.desk.inspection.details_known):
        running.window.grid.go_to(9)
    qtbot.waitUntil(lambda: "64 × 48" in words_of(running.window.inspector))
    assert "prop-0009.png" in words_of(running.window.inspector)


def test_a_lost_engine_is_said_and_the_window_goes_on(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    with qtbot.waitSignal(running.desk.client.lost):
        fake.hang_up()
    assert running.desk.health.state is EngineState.GONE
    assert running.desk.session.assets.rowCount() == 500
    running.desk.client.open()
    qtbot.waitUntil(lambda: running.desk.health.state is EngineState.READY)


def test_progress_is_shown_and_can_be_paused(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    fake.tell(IndexingProgressed(IndexingState(Activity.INDEXING, done=50, total=200, rate=25, seconds_left=90)))
    qtbot.waitUntil(lambda: "50 of 200 · 25/s · 2 minutes left" in words_of(running.window.status))
    do(running, ActionId.PAUSE)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.PauseIndexing)))
    fake.tell(IndexingProgressed(IndexingState(Activity.PAUSED, done=50, total=200)))
    qtbot.waitUntil(lambda: "50 of 200 · paused" in words_of(running.window.status))
    fake.answers[protocol.FetchStatus] = lambda _: None
    running.desk.preferences.update(language=Language.CHINESE)
    assert "50" in words_of(running.window.status)
    do(running, ActionId.PAUSE)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.ResumeIndexing)))
    running.desk.preferences.update(language=Language.ENGLISH)


def test_the_language_changes_while_the_window_is_open(qtbot: QtBot, running: Propmaster) -> None:
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.desk.session.go(Search("prop-00"))
    running.desk.preferences.update(language=Language.CHINESE)
    assert running.window.search_bar.field.placeholderText() == "按画面内容搜索"
    assert running.window.search_bar.field.text() == "prop-00"
    assert running.window.grid.model().rowCount() == 100
    running.desk.preferences.update(language=Language.ENGLISH)


def test_the_language_changes_nothing_that_is_selected_or_looked_at(qtbot: QtBot, running: Propmaster) -> None:
    grid = running.window.grid
    grid.go_to(400)
    flag = grid.selectionModel().SelectionFlag
    grid.selectionModel().select(running.desk.session.assets.index(430), flag.Select)
    qtbot.waitUntil(lambda: len(grid.selected_rows()) == 2)
    scrolled = grid.verticalScrollBar().value()
    assert scrolled > 0
    running.desk.preferences.update(language=Language.CHINESE)
    grid = running.window.grid
    qtbot.waitUntil(lambda: grid.verticalScrollBar().value() == scrolled)
    assert (grid.selected_positions(), grid.currentIndex().row()) == ([400, 430], 400)
    assert "2" in words_of(running.window.inspector)
    assert running.window.actions_table[ActionId.FIND_SIMILAR].isEnabled()
    running.desk.preferences.update(language=Language.ENGLISH)


def test_every_button_has_a_name_for_screen_readers(running: Propmaster) -> None:
    nameless = [one for one in running.window.findChildren(QToolButton) if not (one.accessibleName() or one.text())]
    assert [one.parentWidget() for one in nameless if one.parentWidget() is not None] == []


@pytest.mark.parametrize("action", [ActionId.SETTINGS, ActionId.DUPLICATES, ActionId.SHORTCUTS])
def test_dialogs_open_and_close(qtbot: QtBot, running: Propmaster, action: ActionId) -> None:
    do(running, action)
    dialog = next(
        one for one in running.window.findChildren(QWidget) if type(one).__name__.endswith(("Dialog", "Sheet"))
    )
    qtbot.waitUntil(dialog.isVisible)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()


def test_the_menu_of_pictures_offers_what_is_possible(running: Propmaster) -> None:
    running.window.grid.go_to(0)
    running.window.grid.menu_wanted.emit(QPoint(10, 10))
    menu = QGuiApplication.instance().activePopupWidget()
    assert menu is not None
    texts = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    assert texts[0] == "Find similar"
    assert "Read again" not in texts
