"""What is done with one window's tray: put in, take out, move, drop; whether it is in sight."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject

from desktop.actions import ActionId
from desktop.carrying import with_carried
from desktop.desk import Desk
from desktop.models.page import Page
from desktop.models.tray import USUAL_ROLE
from desktop.notifications import Offer
from desktop.views.main_window import MainWindow
from engine.protocol import Role

ROLE_ACTIONS = {
    ActionId.TRAY_PERSON: Role.PERSON,
    ActionId.TRAY_GARMENT: Role.GARMENT,
    ActionId.TRAY_ACCESSORY: Role.ACCESSORY,
    ActionId.TRAY_PROP: Role.PROP,
    ActionId.TRAY_SCENE: Role.SCENE,
    ActionId.TRAY_STYLE: Role.STYLE,
}


class TrayActions(QObject):
    """Wires the tray strip and the actions about it."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        actions = window.actions_table
        actions[ActionId.TRAY].triggered.connect(lambda: self.put(USUAL_ROLE))
        actions[ActionId.UNTRAY].triggered.connect(self.take)
        actions[ActionId.TRAY_STRIP].triggered.connect(self.toggle)
        for action, role in ROLE_ACTIONS.items():
            actions[action].triggered.connect(lambda _=False, role=role: self.put(role))
        for well in window.tray.wells.values():
            well.dropped.connect(self.drop)
            well.moved.connect(desk.tray.move)
            well.removed.connect(desk.tray.take)
            well.cleared.connect(self.clear)
        desk.preferences.changed.connect(self._arrange)
        desk.session.page_turned.connect(self._arrange)
        self._arrange()

    def put(self, role: Role) -> None:
        """Lay all that is selected in a well."""
        self._desk.session.with_ids(self._window.grid.selected_positions(), lambda ids: self._desk.tray.put(ids, role))

    def take(self) -> None:
        """Take all that is selected out of the tray, whatever its role."""
        self._desk.session.with_ids(self._window.grid.selected_positions(), self._desk.tray.take)

    def drop(self, role: Role, source: QObject | None, mime: QMimeData) -> None:
        """Lay what was dropped in a well."""
        with_carried(self._desk, self._window, source, mime, lambda ids: self._desk.tray.put(ids, role))

    def clear(self, role: Role) -> None:
        """Empty a well; can be undone at once."""
        tray = self._desk.tray
        ids = tray.tray.well(role)
        tray.take(ids, role)
        undo = Offer(self.tr("Undo"), lambda: tray.put(ids, role))
        self._desk.notifications.news(self.tr("%Ln picture(s) taken out of the tray.", "", len(ids)), undo)

    def toggle(self) -> None:
        """Show or hide the tray."""
        self._desk.preferences.update(tray_shown=not self._desk.preferences.current.tray_shown)

    def _arrange(self) -> None:
        shown = self._desk.preferences.current.tray_shown and self._desk.session.page is not Page.BATCHES
        self._window.tray.setVisible(shown)
