"""The assets on show as a Qt model: how many there are, and the pages of rows that were asked for and have come.

Knows nothing of the engine: it says which pages it lacks, `desktop.session` gets them. Invariant: at most `PAGES_KEPT`
pages are held, whatever the size of the library.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal

from desktop.troubles import told_of
from engine.protocol import PAGE_ROWS, AssetRow, Band

PAGES_KEPT = 60

Index = QModelIndex | QPersistentModelIndex
Rows = Sequence[AssetRow | None]
_ROOT = QModelIndex()
# Made once: selecting 250,000 rows asks for them 250,000 times.
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)


class AssetRole(IntEnum):
    """What the delegate asks for: the AssetRow or None while it is on its way; the Band that begins here or None."""

    ROW = Qt.ItemDataRole.UserRole
    BAND_START = Qt.ItemDataRole.UserRole + 1


class AssetList(QAbstractListModel):
    """Rows by position, fetched by page."""

    page_wanted = Signal(int)
    """The offset of a page that is looked at and not here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = 0
        self._pages: OrderedDict[int, tuple[AssetRow | None, ...]] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        self._band_starts: dict[int, Band] = {}

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many assets there are, fetched or not."""
        return 0 if parent.isValid() else self._total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is known of a row."""
        row = self.find_row(index.row())
        if role == AssetRole.ROW:
            return row
        if role == AssetRole.BAND_START:
            return self._band_starts.get(index.row())
        if row is not None and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.path.name
        if row is not None and role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(row)
        return None

    def flags(self, _index: Index) -> Qt.ItemFlag:
        """Let everything be selected and dragged."""
        return _FLAGS

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """Return the files themselves, for any program to take."""
        return files_as_mime([row for index in indexes if (row := self.find_row(index.row()))])

    def show_anew(self, total: int, rows: Rows, band_starts: Mapping[int, Band]) -> None:
        """Show another list, whose first rows are these; bands of scores begin at these positions."""
        self.beginResetModel()
        self._forget_pages()
        self._total = total
        self._band_starts = dict(band_starts)
        for offset in range(0, len(rows), PAGE_ROWS):
            self._keep(offset, rows[offset : offset + PAGE_ROWS])
        self.endResetModel()

    def show_change(self, total: int, rows: Rows, band_starts: Mapping[int, Band]) -> None:
        """Show the same list after it changed: other rows stay in sight until they are fetched anew."""
        self._resize(total)
        self._band_starts = dict(band_starts)
        self._stale = set(self._pages)
        self._asked.clear()
        self.fill(0, rows)

    def fill(self, offset: int, rows: Rows) -> None:
        """Take in a page that was wanted."""
        self._keep(offset, rows)
        if rows:
            self.dataChanged.emit(self.index(offset), self.index(min(offset + len(rows), self._total) - 1))

    def replace(self, changed: Iterable[AssetRow]) -> None:
        """Show new facts about assets that are on show."""
        by_id = {row.id: row for row in changed}
        for offset, rows in list(self._pages.items()):
            if any(row is not None and row.id in by_id for row in rows):
                self.fill(offset, [_renewed(row, by_id) for row in rows])

    def look_at(self, first: int, last: int) -> None:
        """Ask for the pages of these rows that are missing or stale."""
        for offset in range(first - first % PAGE_ROWS, min(last + 1, self._total), PAGE_ROWS):
            if (offset not in self._pages or offset in self._stale) and offset not in self._asked:
                self._asked.add(offset)
                self.page_wanted.emit(offset)

    def find_row(self, position: int) -> AssetRow | None:
        """Return the row at a position if it has come."""
        offset = position - position % PAGE_ROWS
        page = self._pages.get(offset)
        inside = position - offset
        return page[inside] if page is not None and inside < len(page) else None

    def rows(self) -> list[AssetRow | None]:
        """Return every row, None where it has not come; for lists that are short."""
        return [self.find_row(position) for position in range(self._total)]

    def find_named(self, prefix: str, start: int) -> int:
        """Return the next position from `start` on, and round, whose name begins so; −1 if none that has come does."""
        named = [
            offset + at
            for offset, rows in sorted(self._pages.items())
            for at, row in enumerate(rows)
            if row is not None and row.path.name.lower().startswith(prefix.lower())
        ]
        return next((at for at in named if at >= start), named[0] if named else -1)

    def _tooltip(self, row: AssetRow) -> str | None:
        if row.failed:
            return "\n".join((row.path.name, *told_of(row)))
        if row.band is None:
            return None
        models = " + ".join(row.found_by)
        finder = self.tr("Found by {0}").format(models) if models else self.tr("Found by its name")
        return f"{row.path.name}\n{finder}"

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(_ROOT, self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(_ROOT, total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _keep(self, offset: int, rows: Rows) -> None:
        self._asked.discard(offset)
        self._stale.discard(offset)
        self._pages[offset] = tuple(rows)
        self._pages.move_to_end(offset)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def _forget_pages(self) -> None:
        self._pages.clear()
        self._stale.clear()
        self._asked.clear()


def files_as_mime(rows: Iterable[AssetRow]) -> QMimeData:
    """Return file addresses, and the paths as text."""
    paths = [row.path for row in rows]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    mime.setText("\n".join(str(path) for path in paths))
    return mime


def _renewed(row: AssetRow | None, by_id: Mapping[int, AssetRow]) -> AssetRow | None:
    """Return the new facts of a row; its score and band are this list's and stay."""
    new = by_id.get(row.id) if row is not None else None
    return row if row is None or new is None else dataclasses.replace(new, score=row.score, band=row.band)
