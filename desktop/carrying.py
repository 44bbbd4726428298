"""Finds out which assets a drop brings: the grid's selection, small pictures of a tray or slot, or files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QMimeData, QObject

from desktop.desk import Desk
from desktop.views.compose.thumbnail_list import ThumbnailList
from desktop.views.drops import dropped
from desktop.views.main_window import MainWindow

translate = QCoreApplication.translate


def with_carried(
    desk: Desk,
    window: MainWindow,
    source: QObject | None,
    mime: QMimeData,
    act: Callable[[tuple[int, ...]], object],
) -> None:
    """Act on the ids of what was dropped as soon as they are known; say so if the library has none of it."""
    if source is window.grid:
        desk.session.with_ids(window.grid.selected_positions(), act)
    elif isinstance(source, ThumbnailList):
        act(tuple(row.id for row in source.selected_rows()))
    else:
        desk.session.with_files(dropped(mime).files, lambda ids: act(ids) if ids else _say_strange(desk))


def _say_strange(desk: Desk) -> None:
    desk.notifications.trouble(
        translate("Carrying", "These files are not in the library."), translate("Carrying", "Add their folder first.")
    )
