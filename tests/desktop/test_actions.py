"""The action table is complete, and its keys do not collide."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from desktop.actions import ActionId, Actions, Situation, action_rows
from desktop.views.shortcut_sheet import ShortcutSheet


def test_every_action_has_one_row() -> None:
    assert sorted(row.id for row in action_rows()) == sorted(ActionId)


def test_no_two_actions_share_a_shortcut() -> None:
    keys = [row.keys for row in action_rows() if row.keys]
    assert len(set(keys)) == len(keys)


def test_every_shortcut_is_one_that_qt_understands() -> None:
    for row in action_rows():
        assert bool(QKeySequence(row.keys).toString()) == bool(row.keys), row.id


def test_what_needs_a_selection_is_off_without_one() -> None:
    parent = QObject()
    actions = Actions(parent)
    actions.fit(Situation())
    assert not actions[ActionId.FIND_SIMILAR].isEnabled()
    assert actions[ActionId.ADD_FOLDER].isEnabled()
    actions.fit(Situation(selected=2))
    assert actions[ActionId.FIND_SIMILAR].isEnabled()
    assert actions[ActionId.FIND_SIMILAR].text() == "Find similar to these 2"
    assert not actions[ActionId.RETRY].isEnabled()


def test_the_shortcut_sheet_shows_every_action_with_keys(qtbot) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtWidgets import QLabel

    sheet = ShortcutSheet()
    qtbot.addWidget(sheet)
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    assert {row.text.removesuffix("…") for row in action_rows() if row.keys} <= shown
