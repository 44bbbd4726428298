"""The batches as a Qt model, newest first; knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.batch_words import standing_words, title_of
from engine.protocol import Batch, Standing

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
UNFINISHED = frozenset(Standing) - {Standing.ENDED}


class BatchRole(IntEnum):
    """What the delegate asks for: the Batch."""

    BATCH = Qt.ItemDataRole.UserRole


class BatchList(QAbstractListModel):
    """Batches by position."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._batches: list[Batch] = []

    @property
    def unfinished(self) -> tuple[Batch, ...]:
        """The batches that have something left to do."""
        return tuple(batch for batch in self._batches if batch.standing in UNFINISHED)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many batches there are."""
        return 0 if parent.isValid() else len(self._batches)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a batch, or its words."""
        batch = self._batches[index.row()]
        if role == BatchRole.BATCH:
            return batch
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(batch)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title_of(batch)}: {standing_words(batch.standing)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return batch.text or None
        return None

    def show_all(self, batches: Iterable[Batch]) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._batches = sorted(batches, key=lambda batch: -batch.id)
        self.endResetModel()

    def show(self, batch: Batch) -> None:
        """Show new facts about a batch, or a new one."""
        at = self.position_of(batch.id)
        if at >= 0:
            self._batches[at] = batch
            self.dataChanged.emit(self.index(at), self.index(at))
        else:
            at = next((at for at, one in enumerate(self._batches) if one.id < batch.id), len(self._batches))
            self.beginInsertRows(_ROOT, at, at)
            self._batches.insert(at, batch)
            self.endInsertRows()

    def find(self, batch_id: int) -> Batch | None:
        """Return a batch by its id."""
        at = self.position_of(batch_id)
        return self._batches[at] if at >= 0 else None

    def position_of(self, batch_id: int) -> int:
        """Return where a batch is, −1 if it is not there."""
        return next((at for at, one in enumerate(self._batches) if one.id == batch_id), -1)

    def batch_at(self, position: int) -> Batch | None:
        """Return the batch at a position, if there is one."""
        return self._batches[position] if 0 <= position < len(self._batches) else None
