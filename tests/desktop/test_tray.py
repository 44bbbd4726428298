"""The tray keeps assets in roles, across restarts and languages, and refuses what must stay on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.models.page import Page
from desktop.models.sidebar_tree import Place, PlaceKind
from desktop.models.tray import Lying, Tray, read_tray
from desktop.settings import Language, PreferenceStore
from desktop.views.compose.tray_strip import RoleWell
from engine.protocol import AssetsChanged, Role
from tests.desktop.fake_engine import FakeEngine


def do(app: Propmaster, action: ActionId) -> None:
    app.window.actions_table[action].trigger()


def wells(app: Propmaster) -> dict[Role, tuple[int, ...]]:
    return {role: app.desk.tray.tray.well(role) for role in Role if app.desk.tray.tray.well(role)}


def shown(well: RoleWell) -> list[str]:
    rows = well.pictures.model().rows()
    return [row.path.stem for row in rows if row is not None]


def drop(well: RoleWell, *paths: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    action, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), action, mime, button, key)
    well.dragEnterEvent(entering)
    assert entering.isAccepted()
    well.dropEvent(QDropEvent(QPointF(5, 5), action, mime, button, key, QEvent.Type.Drop))


@pytest.mark.parametrize(
    ("written", "lying"),
    [
        ((3, 5), (Lying(Role.PROP, 3), Lying(Role.PROP, 5))),
        (("garment:3", "style:3", "prop:x", "hat:4", "garment:3"), (Lying(Role.GARMENT, 3), Lying(Role.STYLE, 3))),
    ],
)
def test_a_tray_of_before_still_loads(written: tuple[int | str, ...], lying: tuple[Lying, ...]) -> None:
    assert read_tray(written).lying == lying
    assert read_tray(read_tray(written).written()) == Tray(lying)


def test_an_asset_may_lie_in_several_roles_and_is_counted_once() -> None:
    tray = Tray().with_assets([1, 2], Role.PROP).with_assets([1], Role.STYLE)
    assert tray.ids() == (1, 2)
    assert tray.moved([1], Role.PROP, Role.SCENE).well(Role.SCENE) == (1,)
    assert tray.without([1]).ids() == (2,)
    assert tray.without([1], Role.STYLE).ids() == (1, 2)


def test_keys_put_the_selection_into_wells_that_show_and_keep_it(
    qtbot: QtBot, running: Propmaster, tmp_path: Path
) -> None:
    running.window.grid.go_to(6)
    do(running, ActionId.TRAY)
    do(running, ActionId.TRAY_GARMENT)
    qtbot.waitUntil(lambda: wells(running) == {Role.PROP: (7,), Role.GARMENT: (7,)})
    assert shown(running.window.tray.wells[Role.GARMENT]) == ["prop-0006"]
    assert PreferenceStore(tmp_path).current.tray == ("prop:7", "garment:7")
    do(running, ActionId.UNTRAY)
    qtbot.waitUntil(lambda: not wells(running))


def test_the_sidebar_leads_to_what_lies_in_the_tray(qtbot: QtBot, running: Propmaster) -> None:
    running.desk.tray.put((7, 9), Role.SCENE)
    qtbot.waitUntil(lambda: bool(wells(running)))
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.window.sidebar.chosen.emit(Place(PlaceKind.TRAY))
    row = running.desk.session.assets.find_row(1)
    assert row is not None
    assert row.id == 9


def test_what_must_stay_is_refused_with_the_reason(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    fake.kept_back = {2}
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        running.desk.tray.put((1, 2), Role.GARMENT)
    qtbot.waitUntil(lambda: wells(running) == {Role.GARMENT: (1,)})
    notice = told.args[0]
    assert "prop-0001.png is marked" in notice.text
    assert notice.hint == "take the mark off"


def test_what_is_marked_later_or_deleted_leaves_the_tray(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.desk.tray.put((1, 2, 3), Role.PROP)
    qtbot.waitUntil(lambda: wells(running) == {Role.PROP: (1, 2, 3)})
    fake.kept_back = {1}
    fake.rows = fake.rows[:1] + fake.rows[2:]
    fake.tell(AssetsChanged((1,)))
    qtbot.waitUntil(lambda: wells(running) == {Role.PROP: (3,)})


def test_files_of_the_library_are_dropped_into_a_well(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, tmp_path: Path
) -> None:
    inside, outside = tmp_path / "in.png", tmp_path / "out.png"
    for path in (inside, outside):
        path.touch()
    fake.files = {inside: 4}
    drop(running.window.tray.wells[Role.PERSON], str(inside), str(outside))
    qtbot.waitUntil(lambda: wells(running) == {Role.PERSON: (4,)})
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        drop(running.window.tray.wells[Role.PERSON], str(outside))
    assert "not in the library" in told.args[0].text


def test_pictures_move_to_another_well_and_out(qtbot: QtBot, running: Propmaster) -> None:
    running.desk.tray.put((1, 2), Role.PROP)
    well = running.window.tray.wells[Role.PROP]
    qtbot.waitUntil(lambda: shown(well) == ["prop-0000", "prop-0001"])
    well.pictures.selectionModel().select(
        well.pictures.model().index(1), well.pictures.selectionModel().SelectionFlag.Select
    )
    well.open_menu(QPoint(3, 3))
    menu = QGuiApplication.instance().activePopupWidget()
    assert menu is not None
    targets = menu.actions()[0].menu()
    next(one for one in targets.actions() if one.text() == "Scene").trigger()
    menu.close()
    assert wells(running) == {Role.PROP: (1,), Role.SCENE: (2,)}
    well.pictures.selectAll()
    qtbot.keyClick(well.pictures, Qt.Key.Key_Delete)
    assert wells(running) == {Role.SCENE: (2,)}


def test_an_emptied_well_is_filled_again_by_undo(qtbot: QtBot, running: Propmaster) -> None:
    running.desk.tray.put((1, 2), Role.SCENE)
    qtbot.waitUntil(lambda: wells(running) == {Role.SCENE: (1, 2)})
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        running.window.tray.wells[Role.SCENE].cleared.emit(Role.SCENE)
    assert not wells(running)
    told.args[0].offer.act()
    qtbot.waitUntil(lambda: wells(running) == {Role.SCENE: (1, 2)})


def test_the_tray_survives_another_language(qtbot: QtBot, running: Propmaster) -> None:
    running.desk.tray.put((5,), Role.STYLE)
    qtbot.waitUntil(lambda: bool(wells(running)))
    running.desk.preferences.update(language=Language.CHINESE)
    well = running.window.tray.wells[Role.STYLE]
    assert shown(well) == ["prop-0004"]
    assert "风格" in [one.text() for one in well.findChildren(QLabel)]
    running.desk.preferences.update(language=Language.ENGLISH)


def test_the_tray_is_hidden_by_a_key_and_remembered(running: Propmaster, tmp_path: Path) -> None:
    assert running.window.tray.isVisible()
    do(running, ActionId.TRAY_STRIP)
    assert not running.window.tray.isVisible()
    assert json.loads((tmp_path / "window.json").read_text("utf-8"))["tray_shown"] is False
    do(running, ActionId.TRAY_STRIP)
    running.desk.session.turn_to(Page.BATCHES)
    assert not running.window.tray.isVisible()


def test_an_empty_tray_leaves_more_room_to_the_pictures(qtbot: QtBot, running: Propmaster) -> None:
    strip = running.window.tray
    empty = strip.height()
    running.desk.tray.put((1,), Role.SCENE)
    qtbot.waitUntil(lambda: strip.height() > empty)
    running.desk.tray.take((1,))
    qtbot.waitUntil(lambda: strip.height() == empty)
