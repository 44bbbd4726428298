"""What each day cost, as a Qt model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt

from desktop.amounts import amount_words
from engine.protocol import Currency, LedgerDay

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LedgerTable(QAbstractTableModel):
    """Days, newest first: the day, its requests, what they cost, and how much of that is unsure."""

    def __init__(self) -> None:
        super().__init__()
        self._days: Sequence[LedgerDay] = ()
        self._currency: Currency | None = None

    def show_days(self, days: Sequence[LedgerDay], currency: Currency) -> None:
        """Show other days, or the same in another currency."""
        self.beginResetModel()
        self._days, self._currency = days, currency
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many days there are."""
        return 0 if parent.isValid() else len(self._days)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many facts of each day there are."""
        return 0 if parent.isValid() else len(self._headings())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a fact in words."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        day = self._days[index.row()]
        unsure = amount_words(day.maybe_billed, self._currency) if day.maybe_billed else ""
        cost = amount_words(day.amount, self._currency)
        return (day.day, QLocale().toString(day.requests), cost, unsure)[index.column()]

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings of the facts."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        return self._headings()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def _headings(self) -> tuple[str, ...]:
        return (self.tr("Day"), self.tr("Requests"), self.tr("Counted"), self.tr("of it maybe billed"))
