"""The jobs of one batch as a Qt table: a matrix of choices, or a wall of cells where there is one side only or a sieve.

Knows nothing of the engine: it says which pages of jobs it lacks, `desktop.batches` gets them. A *place* numbers the
cells by row, column and take, from 0, as the engine sorts them; an index of the table shows one place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.batch_words import Sieve, choice_words, job_words
from desktop.models.sides import Sides, sides_of
from engine.protocol import AssetRow, Batch, Group, Job, JobState, Verdict

PAGE_JOBS = 500

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class CellRole(IntEnum):
    """What is asked of a cell: the Job or None while it is on its way; the words below it on a wall, else empty.

    WORDS are what it is and how it is, in a line.
    """

    JOB = Qt.ItemDataRole.UserRole
    CAPTION = Qt.ItemDataRole.UserRole + 1
    WORDS = Qt.ItemDataRole.UserRole + 2


class HeadRole(IntEnum):
    """What the headers ask for: the keys of the thumbnails of a choice."""

    THUMBNAILS = Qt.ItemDataRole.UserRole


class BatchMatrix(QAbstractTableModel):
    """Cells by row and column; all jobs of the batch are held once they have come."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sides = Sides()
        self._jobs: list[Job | None] = []
        self._wanted: set[int] = set()
        self._told: set[int] = set()
        self._sieve: Sieve = None
        self._sifted: list[int] = []
        self._width = 1
        self._assets: dict[int, AssetRow] = {}

    @property
    def is_wall(self) -> bool:
        """Whether cells stand one after the other, each with its words, and not under common headers."""
        sides = self._sides
        return self._sieve is not None or len(sides.rows) == 1 or len(sides.columns) * sides.takes == 1

    @property
    def sieve(self) -> Sieve:
        """Which cells are on show."""
        return self._sieve

    @property
    def shown(self) -> int:
        """How many cells are on show."""
        return len(self._jobs) if self._sieve is None else len(self._sifted)

    @property
    def asset_ids(self) -> tuple[int, ...]:
        """The assets that the headers show."""
        sides = self._sides
        elements = (element for choice in (*sides.rows, *sides.columns) for element in choice)
        return tuple(dict.fromkeys(one.asset_id for one in elements if one.asset_id is not None))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many rows there are."""
        if parent.isValid() or not self._jobs:
            return 0
        return -(-self.shown // self._width) if self.is_wall else len(self._sides.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many columns there are; takes of a cell stand beside one another."""
        if parent.isValid() or not self._jobs:
            return 0
        return self._width if self.is_wall else len(self._sides.columns) * self._sides.takes

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is known of a cell."""
        place = self.place_at(index)
        if place < 0:
            return None
        if role == CellRole.JOB:
            return self._jobs[place]
        if role == CellRole.CAPTION:
            return self.words_of(place) if self.is_wall else ""
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, CellRole.WORDS):
            job = self._jobs[place]
            lines = (self.words_of(place), *(job_words(job).split("\n") if job else ()))
            return (" · " if role == CellRole.WORDS else "\n").join(filter(None, lines))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let every cell that there is be selected."""
        return _FLAGS if self.place_at(index) >= 0 else Qt.ItemFlag.NoItemFlags

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the words or the thumbnails of a choice."""
        if self.is_wall or not self._jobs:
            return None
        takes = self._sides.takes
        if orientation == Qt.Orientation.Vertical:
            choice, take = self._sides.rows[section], 0
        else:
            choice, take = self._sides.columns[section // takes], section % takes
        if role == HeadRole.THUMBNAILS:
            rows = (self._assets.get(one.asset_id) for one in choice if one.asset_id is not None)
            return tuple(row.thumbnail for row in rows if row is not None and row.thumbnail)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            words = choice_words(choice)
            return f"{words} · {take + 1}" if takes > 1 and orientation == Qt.Orientation.Horizontal else words
        return None

    def show_anew(self, batch: Batch | None, groups: Sequence[Group] = ()) -> None:
        """Show another batch, none of whose jobs have come; None for none."""
        jobs = sum(count for _, count in batch.counts) if batch else 0
        self.beginResetModel()
        self._sides = sides_of(groups, jobs)
        self._jobs = [None] * (self._sides.places if jobs else 0)
        self._wanted = set(range(0, len(self._jobs), PAGE_JOBS))
        self._told.clear()
        self._sieve, self._sifted = None, []
        self.endResetModel()

    def show_assets(self, rows: Iterable[AssetRow]) -> None:
        """Know the thumbnails of the headers."""
        self._assets = {row.id: row for row in rows}
        for orientation in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
            self.headerDataChanged.emit(orientation, 0, self._sections(orientation) - 1)

    def next_page(self, seen: int) -> int:
        """Return the offset of a page that has not come, nearest after a place that is seen; −1 if all have."""
        self._told.clear()
        ahead = [offset for offset in self._wanted if offset + PAGE_JOBS > seen]
        return min(ahead or self._wanted, default=-1)

    def fill(self, offset: int, jobs: Iterable[Job]) -> None:
        """Take in a page. What news told since it was asked for is newer, and stays."""
        self._wanted.discard(offset - offset % PAGE_JOBS)
        self._take(job for job in jobs if self._sides.place_of(job) not in self._told)

    def renew(self) -> None:
        """Want every page again, keeping what is shown until it comes."""
        self._wanted = set(range(0, len(self._jobs), PAGE_JOBS))

    def replace(self, jobs: Iterable[Job]) -> None:
        """Show what became of jobs."""
        self._told.update(self._take(jobs))

    def sift(self, sieve: Sieve) -> None:
        """Show only these cells, on a wall; or all."""
        self.beginResetModel()
        self._sieve = sieve
        self._sifted = [place for place in range(len(self._jobs)) if self._passes(place)] if sieve is not None else []
        self.endResetModel()

    def set_width(self, width: int) -> None:
        """Have so many cells beside one another on a wall."""
        if width == self._width:
            return
        if not self.is_wall:
            self._width = width
            return
        self.beginResetModel()
        self._width = width
        self.endResetModel()

    def place_at(self, index: Index) -> int:
        """Return the place that an index shows, −1 for none."""
        if not index.isValid():
            return -1
        nth = index.row() * self.columnCount() + index.column()
        if self._sieve is not None:
            return self._sifted[nth] if nth < len(self._sifted) else -1
        return nth if nth < len(self._jobs) else -1

    def index_of(self, place: int) -> QModelIndex:
        """Return the index that shows a place; an invalid one if it is not on show."""
        nth, columns = place, self.columnCount()
        if self._sieve is not None:
            nth = bisect_left(self._sifted, place)
            if nth >= len(self._sifted) or self._sifted[nth] != place:
                return QModelIndex()
        return self.index(nth // columns, nth % columns) if columns and 0 <= nth < self.shown else QModelIndex()

    def place_of(self, job: Job) -> int:
        """Return where a job stands, −1 if nowhere."""
        return self._sides.place_of(job)

    def job_at(self, place: int) -> Job | None:
        """Return the job of a place if it has come."""
        return self._jobs[place] if 0 <= place < len(self._jobs) else None

    def places(self) -> Sequence[int]:
        """Return the places on show, in order."""
        return range(len(self._jobs)) if self._sieve is None else self._sifted

    def jobs_in(self, states: Iterable[JobState]) -> list[Job]:
        """Return the jobs that have come and are in one of these states."""
        chosen = set(states)
        return [job for job in self._jobs if job is not None and job.state in chosen]

    def counts(self) -> Mapping[Sieve, int]:
        """Return how many cells that have come are in each state, or judged, as far as there are any."""
        seen: dict[Sieve, int] = {}
        for job in self._jobs:
            if job is not None:
                seen[job.state] = seen.get(job.state, 0) + 1
                if job.state is JobState.DONE:
                    seen[job.verdict] = seen.get(job.verdict, 0) + 1
        return seen

    def words_of(self, place: int) -> str:
        """Return what a place is called: its row's and its column's choice, and which take it is."""
        sides = self._sides
        across = len(sides.columns) * sides.takes
        row, column = divmod(place, across)
        words = (choice_words(sides.rows[row]), choice_words(sides.columns[column // sides.takes]))
        take = f"{column % sides.takes + 1}" if sides.takes > 1 else ""
        return " · ".join(filter(None, (*words, take)))

    def _take(self, jobs: Iterable[Job]) -> list[int]:
        taken = []
        for job in jobs:
            place = self._sides.place_of(job)
            known = self.job_at(place)
            # An attempt that another took the place of may still be judged.
            if 0 <= place < len(self._jobs) and (known is None or job.id >= known.id) and known != job:
                self._jobs[place] = job
                taken.append(place)
        if self._sieve is not None:
            self._sift_again(taken)
        else:
            self._show_changed(taken)
        return taken

    def _show_changed(self, places: Sequence[int]) -> None:
        if len(places) >= PAGE_JOBS // 2:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        for place in places:
            index = self.index_of(place)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def _sift_again(self, places: Sequence[int]) -> None:
        """Take cells in or out. What is behind them moves up, so that the last row only may come or go."""
        sifted = sorted((set(self._sifted) - set(places)) | {place for place in places if self._passes(place)})
        if sifted == self._sifted:
            self._show_changed(places)
            return
        before, after = self.rowCount(), -(-len(sifted) // self._width)
        if after > before:
            self.beginInsertRows(_ROOT, before, after - 1)
            self._sifted = sifted
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(_ROOT, after, before - 1)
            self._sifted = sifted
            self.endRemoveRows()
        self._sifted = sifted
        if sifted:
            self.dataChanged.emit(self.index(0, 0), self.index(after - 1, self._width - 1))

    def _passes(self, place: int) -> bool:
        job = self._jobs[place]
        if job is None or self._sieve is None:
            return False
        if isinstance(self._sieve, Verdict):
            return job.state is JobState.DONE and job.verdict is self._sieve
        return job.state is self._sieve

    def _sections(self, orientation: Qt.Orientation) -> int:
        return self.rowCount() if orientation == Qt.Orientation.Vertical else self.columnCount()
