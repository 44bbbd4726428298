"""The jobs of a plan as a Qt model: how many there are, and those that were looked at and have come.

Knows nothing of the engine: it says which page it lacks. Plans are of one length, so what has come is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from engine.protocol import JOBS_PAGE, PlannedJob

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PlannedRole(IntEnum):
    """What a delegate asks for: the PlannedJob, or None while it is on its way."""

    JOB = Qt.ItemDataRole.UserRole


class PlannedJobs(QAbstractListModel):
    """Jobs by position, asked for by page as they are looked at."""

    page_wanted = Signal(int)
    """The offset of a page that is looked at and not here."""

    def __init__(self, total: int, first: Sequence[PlannedJob]) -> None:
        super().__init__()
        self._total = total
        self._jobs: dict[int, PlannedJob] = dict(enumerate(first))
        self._asked: set[int] = set()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many jobs there are, fetched or not."""
        return 0 if parent.isValid() else self._total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is known of a job."""
        if role == PlannedRole.JOB:
            return self.look_at(index.row())
        job = self._jobs.get(index.row())
        if job is not None and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return job.prompt
        return None

    def look_at(self, position: int) -> PlannedJob | None:
        """Return a job, or ask for its page."""
        job = self._jobs.get(position)
        offset = position - position % JOBS_PAGE
        if job is None and offset not in self._asked:
            self._asked.add(offset)
            self.page_wanted.emit(offset)
        return job

    def fill(self, offset: int, jobs: Sequence[PlannedJob]) -> None:
        """Take in a page that was wanted."""
        self._jobs |= dict(enumerate(jobs, offset))
        if jobs:
            self.dataChanged.emit(self.index(offset), self.index(offset + len(jobs) - 1))
