"""The menu of the selected pictures, by right click or keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.actions import ActionId, Actions

_FIRST = (ActionId.FIND_SIMILAR, ActionId.ADD_TO_SEARCH, ActionId.NOT_LIKE_THIS)
_SECOND = (ActionId.PREVIEW, ActionId.OPEN)
_THIRD = (ActionId.REVEAL, ActionId.COPY_IMAGE, ActionId.COPY_PATH)
_FOURTH = (ActionId.UNTRAY, ActionId.COMPOSE_WITH)
_FIFTH = (ActionId.NEVER_SEND, ActionId.RETRY)
_ROLES = (
    ActionId.TRAY_PERSON,
    ActionId.TRAY_GARMENT,
    ActionId.TRAY_ACCESSORY,
    ActionId.TRAY_PROP,
    ActionId.TRAY_SCENE,
    ActionId.TRAY_STYLE,
)
_RATINGS = (ActionId.RATE_0, ActionId.RATE_1, ActionId.RATE_2, ActionId.RATE_3, ActionId.RATE_4, ActionId.RATE_5)


class AssetMenu(QMenu):
    """Built anew each time it opens."""

    program_chosen = Signal(object)

    def __init__(self, actions: Actions, programs: Sequence[Path], parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._add(_FIRST)
        self._add(_SECOND, last=self._programs_menu(programs))
        self._add(_THIRD)
        self.addAction(actions[ActionId.TAG])
        self._add_menu(self.tr("Rate"), _RATINGS)
        self.addSeparator()
        self._add_menu(self.tr("Put in tray as"), _ROLES)
        self._add(_FOURTH)
        self._add(_FIFTH)

    def _add(self, ids: Sequence[ActionId], last: QMenu | None = None) -> None:
        for one in ids:
            if self._actions[one].isEnabled():
                self.addAction(self._actions[one])
        if last is not None:
            self.addMenu(last)
        self.addSeparator()

    def _add_menu(self, title: str, ids: Sequence[ActionId]) -> None:
        menu = self.addMenu(title)
        for one in ids:
            menu.addAction(self._actions[one])

    def _programs_menu(self, programs: Sequence[Path]) -> QMenu:
        menu = QMenu(self.tr("Open with"), self)
        for program in programs:
            action = menu.addAction(program.stem)
            action.triggered.connect(lambda _=False, program=program: self.program_chosen.emit(program))
        menu.addAction(self._actions[ActionId.OPEN_WITH])
        return menu
