"""The matrix of a batch: cells of one size under the pictures of their choices, or a wall of cells as wide as the view.

Shows a BatchMatrix; tells what is looked at, so that only the pictures in sight are read.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from desktop.models.batch_matrix import BatchMatrix
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.batches.cell_delegate import CAPTION_PX, CellDelegate
from desktop.views.batches.choice_header import ChoiceHeader
from desktop.views.parts import menu_place, zoom_steps
from engine.protocol import Job, JobState

LEAST_EDGE_PX = 36
MOST_EDGE_PX = 360
EDGE_STEP_PX = 16
LOOK_MS = 15
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class MatrixView(QTableView):
    """Emits what the user means; keys that are actions of the page reach it by their shortcuts."""

    opened = Signal(int)
    """A place to be looked at closely."""
    menu_wanted = Signal(QPoint)
    edge_changed = Signal(int)
    selection_changed = Signal()
    looked_at = Signal(int)

    def __init__(self, matrix: BatchMatrix, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._matrix = matrix
        self._thumbnails = thumbnails
        self._edge_px = 0
        self._sought: dict[str, list[int]] = {}
        self._delegate = CellDelegate(thumbnails)
        self._rows_head = ChoiceHeader(Qt.Orientation.Vertical, thumbnails)
        self._columns_head = ChoiceHeader(Qt.Orientation.Horizontal, thumbnails)
        self._looking = QTimer(self)
        self._lay_out()
        self._connect()
        self.set_edge(128)

    @property
    def edge_px(self) -> int:
        """The edge of a cell."""
        return self._edge_px

    def set_edge(self, edge_px: int) -> None:
        """Show cells larger or smaller."""
        edge_px = min(max(edge_px, LEAST_EDGE_PX), MOST_EDGE_PX)
        if edge_px != self._edge_px:
            current = self.currentIndex()
            place = self._matrix.place_at(current)
            self._edge_px = edge_px
            self._fit()
            if place >= 0:
                self.scrollTo(self._matrix.index_of(place))
            self.edge_changed.emit(edge_px)

    def go_to(self, place: int) -> None:
        """Select a place and bring it in sight."""
        index = self._matrix.index_of(place)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def current_place(self) -> int:
        """Return the place that the keyboard is on, −1 for none."""
        return self._matrix.place_at(self.currentIndex())

    def selected_jobs(self) -> list[Job]:
        """Return the selected jobs that have come, in order."""
        places = sorted(self._matrix.place_at(index) for index in self.selectedIndexes())
        return [job for place in places if (job := self._matrix.job_at(place)) is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the current cell."""
        if Qt.Key(event.key()) in OPENING and self.current_place() >= 0:
            self.opened.emit(self.current_place())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Cells have no names to type."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Change the size of cells with Ctrl, scroll without."""
        if steps := zoom_steps(event):
            self.set_edge(self._edge_px + steps * EDGE_STEP_PX)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu, by mouse or keyboard."""
        self.menu_wanted.emit(menu_place(self, event))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fill the new width with a wall."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read what is in sight from now on."""
        super().showEvent(event)
        self._look_soon()

    def _lay_out(self) -> None:
        self.setObjectName("matrix")
        self.setAccessibleName(self.tr("Pictures of the batch"))
        self.setModel(self._matrix)
        self.setItemDelegate(self._delegate)
        self.setVerticalHeader(self._rows_head)
        self.setHorizontalHeader(self._columns_head)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._looking.setInterval(LOOK_MS)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look)

    def _connect(self) -> None:
        matrix = self._matrix
        matrix.modelReset.connect(self._fit_cells)
        for signal in (matrix.rowsInserted, matrix.rowsRemoved, matrix.dataChanged, matrix.headerDataChanged):
            signal.connect(self._look_soon)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._look_soon)
        self.selectionModel().selectionChanged.connect(self.selection_changed)
        self._thumbnails.arrived.connect(self._on_thumbnail)
        self.doubleClicked.connect(lambda index: self.opened.emit(matrix.place_at(index)))

    def _fit(self) -> None:
        self._matrix.set_width(max(1, self.viewport().width() // self._edge_px))
        self._fit_cells()

    def _fit_cells(self) -> None:
        """Fit the cells alone: while the language changes, two views of other widths show one matrix."""
        wall = self._matrix.is_wall
        self._rows_head.setVisible(not wall)
        self._columns_head.setVisible(not wall)
        # On a wall cells grow a little, so that they fill the width.
        room = self.viewport().width()
        across = max(1, room // self._edge_px)
        self._columns_head.setDefaultSectionSize(room // across if wall else self._edge_px)
        self._rows_head.setDefaultSectionSize(self._edge_px + (CAPTION_PX if wall else 0))
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setSingleStep(self._edge_px // 3)
        self._look_soon()

    def _in_sight(self) -> Iterator[QModelIndex]:
        rows = _range(self.rowAt(0), self.rowAt(self.viewport().height()), self._matrix.rowCount())
        columns = _range(self.columnAt(0), self.columnAt(self.viewport().width()), self._matrix.columnCount())
        return (self._matrix.index(row, column) for row in rows for column in columns)

    def _look_soon(self) -> None:
        if self.isVisible() and not self._looking.isActive():
            self._looking.start()

    def _look(self) -> None:
        places = [place for index in self._in_sight() if (place := self._matrix.place_at(index)) >= 0]
        if not places:
            return
        self.looked_at.emit(places[0])
        jobs = [job for place in places if (job := self._matrix.job_at(place)) is not None]
        done = [job for job in jobs if job.state is JobState.DONE and job.thumbnail]
        self._sought = {}
        for job in done:
            self._sought.setdefault(job.thumbnail, []).append(self._matrix.place_of(job))
            if job.result is not None:
                self._thumbnails.stand_in(job.thumbnail, job.result)
        self._thumbnails.want([job.thumbnail for job in done], rung(self._edge_px * self.devicePixelRatio()))
        for head in (self._rows_head, self._columns_head):
            if head.isVisible():
                head.look()

    def _on_thumbnail(self, key: str) -> None:
        for place in self._sought.get(key, ()):
            self.viewport().update(self.visualRect(self._matrix.index_of(place)))


def _range(first: int, last: int, count: int) -> range:
    return range(max(first, 0), (last if last >= 0 else count - 1) + 1)
