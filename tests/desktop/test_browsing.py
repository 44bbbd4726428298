"""Sidebar, drops and orders lead to the right searches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.models.search import BY_RELEVANCE, Search, search_of
from desktop.models.sidebar_tree import FolderMood, Place, PlaceKind, SidebarRole, SidebarTree
from desktop.settings import Language
from desktop.views.sidebar import find_place
from engine import protocol
from engine.protocol import (
    AssetQuery,
    AssetTerm,
    FileTerm,
    Filter,
    FolderNode,
    FolderState,
    Order,
    SavedSearch,
    SavedSearchesChanged,
    Sort,
    TextTerm,
    WatchedFolder,
)
from tests.desktop.fake_engine import FakeEngine

ART = Path("/art")
NO_KEYS = Qt.KeyboardModifier.NoModifier


def asked(fake: FakeEngine) -> AssetQuery:
    query: AssetQuery = fake.asked_for(protocol.Search)[-1].query
    return query


def test_a_dropped_picture_is_searched_by_and_a_folder_watched(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "a.png").touch()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("new", "a.png")])
    running.window.search_bar.carried.emit(mime)
    qtbot.waitUntil(lambda: asked(fake).terms == (FileTerm(tmp_path / "a.png"),))
    assert [one.path for one in fake.asked_for(protocol.AddFolder)] == [tmp_path / "new"]


def test_a_pasted_picture_goes_beside_the_words(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.desk.session.go(Search("prop"))
    mime = QMimeData()
    mime.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    running.window.search_bar.carried.emit(mime)
    qtbot.waitUntil(lambda: len(asked(fake).terms) == 2)
    term = asked(fake).terms[1]
    assert isinstance(term, FileTerm)
    assert term.path.is_file()


def test_a_folder_narrows_what_is_searched_and_everything_frees_it(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine
) -> None:
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.desk.session.go(Search("prop"))
    running.window.sidebar.chosen.emit(Place(PlaceKind.FOLDER, "weapons", ART / "weapons"))
    qtbot.waitUntil(lambda: asked(fake).filter.folders == (ART / "weapons",))
    assert asked(fake).terms == (TextTerm("prop"),)
    running.window.sidebar.chosen.emit(Place(PlaceKind.EVERYTHING))
    qtbot.waitUntil(lambda: asked(fake) == AssetQuery())


def test_a_saved_search_shows_up_and_is_opened(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    query = AssetQuery((TextTerm("crown"), TextTerm("gold", -0.5)), Filter(formats=("PSD",)))
    fake.answers[protocol.ListSavedSearches] = lambda c: protocol.SavedSearchesListed(
        c.request_id, (SavedSearch("Crowns", query),)
    )
    fake.tell(SavedSearchesChanged())
    saved = running.desk.tree.sections()[1]
    qtbot.waitUntil(lambda: saved.rowCount() == 1)
    running.window.sidebar.chosen.emit(saved.child(0).data(SidebarRole.PLACE))
    qtbot.waitUntil(lambda: asked(fake) == query)
    assert running.window.search_bar.field.text() == "crown -gold"


def test_a_colour_of_the_inspector_becomes_a_filter(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.window.inspector.colour_chosen.emit("#c03020")
    qtbot.waitUntil(lambda: asked(fake).filter.colour == "#c03020")


def test_the_order_is_kept_by_the_next_search(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.window.top_bar.order_chosen.emit(Order(Sort.DATE, descending=True))
    qtbot.waitUntil(lambda: asked(fake).order == Order(Sort.DATE, descending=True))
    qtbot.keyClicks(running.window.search_bar.field, "prop")
    qtbot.keyClick(running.window.search_bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(asked(fake).terms))
    assert asked(fake).order.by is Sort.DATE


def test_words_that_only_say_what_not_to_find_show_everything_so_far() -> None:
    assert Search("-gold").query() == AssetQuery()
    assert not Search("-gold").asks


def test_what_the_engine_kept_is_shown_as_it_was_typed() -> None:
    search = Search('crown -gold -"wooden table"', order=BY_RELEVANCE)
    assert search_of(search.query()) == search
    likened = AssetQuery((AssetTerm(7, 0.5),))
    assert search_of(likened).query() == likened


def folder(state: FolderState, failed: int = 0, count: int = 5) -> FolderNode:
    watched = WatchedFolder(1, state, "", False, False, count, 0, failed)
    return FolderNode(ART, count, (FolderNode(ART / "weapons", 2),), watched)


def test_the_tree_stays_unfolded_while_its_counts_change(running: Propmaster) -> None:
    tree, view = running.desk.tree, running.window.sidebar._tree
    tree.show_folders([folder(FolderState.ONLINE)])
    view.expand(tree.index(0, 0, tree.sections()[0].index()))
    tree.show_folders([replace(folder(FolderState.ONLINE), count=9)])
    again = tree.index(0, 0, tree.sections()[0].index())
    assert view.isExpanded(again)
    assert again.data(SidebarRole.COUNT) == 9
    assert again.data(SidebarRole.PLACE).watched


def test_files_without_a_picture_are_still_counted_in_another_language(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine
) -> None:
    fake.folders = (folder(FolderState.ONLINE, failed=3),)
    with qtbot.waitSignal(running.desk.places.folders_known):
        running.desk.client.send(protocol.ListFolders)
    running.desk.preferences.update(language=Language.CHINESE)
    shown = [one.text() for one in running.window.status.findChildren(QPushButton) if one.isVisible()]
    running.desk.preferences.update(language=Language.ENGLISH)
    assert "3 个文件无法读取" in shown


def test_a_folder_shows_the_state_that_matters_most() -> None:
    tree = SidebarTree()
    for state, failed, mood in (
        (FolderState.ONLINE, 0, FolderMood.SOUND),
        (FolderState.ONLINE, 2, FolderMood.HAS_FAILURES),
        (FolderState.OFFLINE, 2, FolderMood.OFFLINE),
        (FolderState.INDEXING, 2, FolderMood.INDEXING),
        (FolderState.DENIED, 0, FolderMood.DENIED),
    ):
        tree.show_folders([folder(state, failed)])
        assert tree.sections()[0].child(0).data(SidebarRole.MOOD) is mood


def test_a_folder_that_is_gone_leaves_the_tree() -> None:
    tree = SidebarTree()
    tree.show_folders([folder(FolderState.ONLINE)])
    tree.show_folders([])
    assert tree.sections()[0].rowCount() == 0


class Drop(QDropEvent):
    """A drop that says where it came from, which only a real drag can."""

    def __init__(self, at: QPointF, mime: QMimeData, source: QObject | None) -> None:
        super().__init__(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO_KEYS)
        self._source = source

    def source(self) -> QObject | None:
        return self._source


def drop(qtbot: QtBot, running: Propmaster, place: Place, mime: QMimeData, source: QObject | None = None) -> Drop:
    """Drop something on a line of the sidebar, once it is there."""
    tree = running.window.sidebar._tree
    qtbot.waitUntil(lambda: find_place(running.desk.tree, QModelIndex(), place).isValid())
    line = tree.visualRect(find_place(running.desk.tree, QModelIndex(), place))
    event = Drop(QPointF(line.center()), mime, source)
    tree.dropEvent(event)
    return event


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_the_selection_dropped_on_the_tray_lies_there(qtbot: QtBot, running: Propmaster) -> None:
    running.window.grid.selectAll()
    drop(qtbot, running, Place(PlaceKind.TRAY), files(ART / "prop-0000.png"), running.window.grid)
    qtbot.waitUntil(lambda: len(running.desk.tray.tray.ids()) == 500)


def test_the_selection_dropped_on_a_tag_has_it(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.window.grid.go_to(3)
    drop(qtbot, running, Place(PlaceKind.TAG, "wood"), files(ART / "prop-0003.png"), running.window.grid)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.TagAssets)))
    (command,) = fake.asked_for(protocol.TagAssets)
    assert (command.asset_ids, command.add) == ((4,), ("wood",))


def test_the_selection_dropped_on_a_folder_stays_as_it_is(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.window.grid.go_to(3)
    event = drop(qtbot, running, Place(PlaceKind.FOLDER, "art", ART), files(ART / "prop-0003.png"), running.window.grid)
    assert not event.isAccepted()
    assert not running.desk.tray.tray.ids()
    assert not {protocol.TagAssets, protocol.AddFolder} & {type(command) for command in fake.asked}


def test_files_of_the_library_are_put_where_they_are_dropped_and_others_are_told(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, tmp_path: Path
) -> None:
    mine, other = tmp_path / "mine.png", tmp_path / "other.png"
    for path in (mine, other):
        path.touch()
    fake.answers[protocol.FindAssets] = lambda c: protocol.AssetsFetched(
        c.request_id, tuple(replace(fake.rows[8], path=path) for path in c.paths if path == mine)
    )
    drop(qtbot, running, Place(PlaceKind.TRAY), files(mine, other))
    qtbot.waitUntil(lambda: running.desk.tray.tray.ids() == (9,))
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        drop(qtbot, running, Place(PlaceKind.TRAY), files(other))
    assert "not in the library" in told.args[0].text
    assert running.desk.tray.tray.ids() == (9,)


def test_a_folder_dropped_from_outside_beside_the_tray_is_watched(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    drop(qtbot, running, Place(PlaceKind.EVERYTHING), files(tmp_path / "new"))
    qtbot.waitUntil(lambda: [one.path for one in fake.asked_for(protocol.AddFolder)] == [tmp_path / "new"])


def test_a_page_of_its_own_is_left_by_the_next_search(qtbot: QtBot, running: Propmaster) -> None:
    window, session = running.window, running.desk.session
    running.window.sidebar.chosen.emit(Place(PlaceKind.BATCHES))
    qtbot.waitUntil(window.batches.isVisible)
    window.actions_table[ActionId.COMPOSE].trigger()
    qtbot.waitUntil(window.compose.isVisible)
    session.go(Search("crown"))
    qtbot.waitUntil(window.grid.isVisible)
    assert not window.compose.isVisible()
