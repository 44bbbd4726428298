"""Follows the selection of one window: the inspector shows it, actions fit it, the foot counts it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject

from desktop.actions import Situation
from desktop.desk import Desk
from desktop.models.page import Page
from desktop.views.main_window import MainWindow
from engine.protocol import AssetRow


class Selecting(QObject):
    """Wires grid, inspector and actions of one window."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._rows: tuple[AssetRow, ...] = ()
        window.grid.selection_changed.connect(self._show)
        window.grid.edge_changed.connect(self._on_edge)
        window.status.edge_chosen.connect(window.grid.set_edge)
        desk.session.assets.dataChanged.connect(self._show)
        desk.session.assets.modelReset.connect(self._show)
        desk.session.search_shown.connect(self._fit_actions)
        desk.session.outcome_shown.connect(self._count)
        desk.session.waiting_changed.connect(self._count)
        desk.inspection.details_known.connect(window.inspector.show_details)
        desk.inspection.near_known.connect(window.inspector.show_near)
        desk.inspection.uses_known.connect(window.inspector.show_uses)
        desk.preferences.changed.connect(self._arrange)
        desk.session.page_turned.connect(self._arrange)
        window.grid.set_edge(desk.preferences.current.thumbnail_px)
        window.status.show_edge(window.grid.edge_px)
        self._arrange()
        self._show()
        self._fit_actions()

    def _show(self) -> None:
        rows = tuple(self._window.grid.selected_rows())
        if rows != self._rows:
            self._rows = rows
            self._window.inspector.show_rows(rows)
            self._desk.inspection.follow(rows[0].id if len(rows) == 1 else 0)
            self._fit_actions()
        self._count()

    def _fit_actions(self) -> None:
        rows = self._rows
        history = self._desk.session.history
        self._window.actions_table.fit(
            Situation(
                selected=len(rows),
                failed=sum(row.failed for row in rows),
                searching=not history.present.shows_everything,
                has_past=history.has_past,
                has_future=history.has_future,
            )
        )

    def _count(self) -> None:
        session, locale = self._desk.session, QLocale()
        selected = self._window.grid.selected_count()
        words = self.tr("%Ln picture(s)", "", session.outcome.total)
        if session.waits:
            words = self.tr("Searching…")
        elif selected:
            words = self.tr("{0} · {1} selected").format(words, locale.toString(selected))
        self._window.status.show_shown(words)

    def _on_edge(self, edge_px: int) -> None:
        self._window.status.show_edge(edge_px)
        self._desk.preferences.update(thumbnail_px=edge_px)

    def _arrange(self) -> None:
        self._window.sidebar.setVisible(self._desk.preferences.current.sidebar_shown)
        on_pictures = self._desk.session.page is Page.PICTURES
        self._window.inspector.setVisible(self._desk.preferences.current.inspector_shown and on_pictures)
