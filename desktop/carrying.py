"""Finds out what a drop brings: the grid's selection, small pictures of a tray or slot, or files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QObject

from desktop.desk import Desk
from desktop.views.compose.thumbnail_list import ThumbnailList
from desktop.views.drops import dropped
from desktop.views.main_window import MainWindow
from engine.protocol import AssetRow

translate = QCoreApplication.translate


def with_carried(
    desk: Desk,
    window: MainWindow,
    source: QObject | None,
    mime: QMimeData,
    act: Callable[[tuple[int, ...]], object],
    act_outside: Callable[[Sequence[Path]], object] | None = None,
) -> None:
    """Act on the ids of what was dropped as soon as they are known, and on files outside the library.

    Without `act_outside`, a drop that has nothing of the library is refused in words.
    """
    if source is window.grid:
        desk.session.with_ids(window.grid.selected_positions(), act)
    elif isinstance(source, ThumbnailList):
        act(tuple(row.id for row in source.selected_rows()))
    else:
        files = dropped(mime).files
        desk.session.with_files(files, lambda rows: _act_on_files(desk, files, rows, act, act_outside))


def _act_on_files(
    desk: Desk,
    files: Sequence[Path],
    rows: Sequence[AssetRow],
    act: Callable[[tuple[int, ...]], object],
    act_outside: Callable[[Sequence[Path]], object] | None,
) -> None:
    known = {row.path for row in rows}
    outside = [file for file in files if file not in known]
    if rows:
        act(tuple(row.id for row in rows))
    if outside and act_outside is not None:
        act_outside(outside)
    elif outside and not rows:
        desk.notifications.trouble(
            translate("Carrying", "These files are not in the library."),
            translate("Carrying", "Add their folder first."),
        )
