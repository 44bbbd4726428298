"""Moves files to the system's trash, off the GUI thread; nothing here deletes.

`desktop.app` owns the bin and closes it. The engine learns of it by watching the folders, as of any other change.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from send2trash import send2trash

_log = logging.getLogger("desktop.trash")


@dataclass(frozen=True, slots=True)
class Cleared:
    """What became of the files: moved, and those that stayed with the reason."""

    moved: tuple[Path, ...]
    kept: tuple[tuple[Path, str], ...]


class TrashBin(QObject):
    """Takes files in the order they are given."""

    cleared = Signal(object)
    _done = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def take(self, paths: Sequence[Path]) -> None:
        """Move files to the trash; `cleared` tells what became of them."""
        self._pool.start(lambda: self._done.emit(_moved(paths)))

    def close(self) -> None:
        """Finish what was begun."""
        self._pool.waitForDone()

    def _on_done(self, cleared: Cleared) -> None:
        for path, reason in cleared.kept:
            _log.warning("%s stays: %s", path, reason)
        self.cleared.emit(cleared)


def _moved(paths: Sequence[Path]) -> Cleared:
    moved: list[Path] = []
    kept: list[tuple[Path, str]] = []
    for path in paths:
        try:
            send2trash(path)
            moved.append(path)
        except OSError as error:
            kept.append((path, error.strerror or str(error)))
    return Cleared(tuple(moved), tuple(kept))
