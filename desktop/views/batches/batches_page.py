"""The page of batches: the list of them beside the matrix of one. It lays out and shows; a controller acts."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView, QSizePolicy, QSlider, QSplitter, QStackedWidget, QWidget

from desktop.models.batch_list import BatchList, BatchRole
from desktop.models.batch_matrix import BatchMatrix
from desktop.thumbnails import ThumbnailLoader
from desktop.views.batches.batch_delegate import BatchDelegate
from desktop.views.batches.batch_head import BatchHead
from desktop.views.batches.matrix_view import LEAST_EDGE_PX, MOST_EDGE_PX, MatrixView
from desktop.views.empty_state import EmptyState
from desktop.views.parts import Role, column, label, line, rule
from engine.protocol import Batch, Currency, Job

LIST_PX = 268
SLIDER_PX = 120


class BatchesPage(QWidget):
    """Shows a BatchList and a BatchMatrix."""

    chosen = Signal(int)
    """The id of a batch."""

    def __init__(self, batches: BatchList, matrix: BatchMatrix, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.setObjectName("ground")
        self._batches = batches
        self._delegate = BatchDelegate()
        self.list = QListView()
        self.head = BatchHead()
        self.matrix = MatrixView(matrix, thumbnails)
        self.empty = EmptyState()
        self._said = label(role=Role.MUTED)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show_what_there_is()

    def show_chosen(self, batch: Batch | None) -> None:
        """Mark which batch the matrix is of."""
        at = self._batches.position_of(batch.id) if batch else -1
        if at >= 0 and self.list.currentIndex().row() != at:
            self.list.selectionModel().setCurrentIndex(
                self._batches.index(at), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def show_currency(self, currency: Currency) -> None:
        """Show amounts in this currency too."""
        self._delegate.currency = currency
        self.list.viewport().update()

    def show_job(self, words: str) -> None:
        """Say what the current cell is."""
        self._said.setText(words)
        self._said.setToolTip(words)

    def selected_jobs(self) -> list[Job]:
        """Return the jobs of the selected cells."""
        return self.matrix.selected_jobs()

    def _lay_out(self) -> None:
        self.list.setObjectName("batches")
        self.list.setModel(self._batches)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Batches"))
        self.list.setMinimumWidth(200)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.addWidget(self.list)
        panes.addWidget(self._right())
        panes.setHandleWidth(1)
        panes.setChildrenCollapsible(False)
        panes.setStretchFactor(1, 1)
        panes.setSizes([LIST_PX, 3 * LIST_PX])
        self.empty.say(
            "batches",
            self.tr("No batches yet"),
            self.tr("Pictures that you compose appear here: every one with its state, its price and where it is from."),
            self.tr("Compose"),
        )
        for page in (self.empty, panes):
            self._pages.addWidget(page)
        column(self, 0).addWidget(self._pages)

    def _right(self) -> QWidget:
        right = QWidget()
        self._slider.setRange(LEAST_EDGE_PX, MOST_EDGE_PX)
        self._slider.setFixedWidth(SLIDER_PX)
        self._slider.setAccessibleName(self.tr("Size of cells"))
        self._slider.setToolTip(self.tr("Size of cells"))
        self._slider.setValue(self.matrix.edge_px)
        # Long words are cut, and do not make the window wider.
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot = line(spacing=10, margins=(16, 4, 14, 4))
        foot.addWidget(self._said, 1)
        foot.addWidget(self._slider)
        stack = column(right, 0)
        stack.addWidget(self.head)
        stack.addWidget(rule())
        stack.addWidget(self.matrix, 1)
        stack.addWidget(rule())
        stack.addLayout(foot)
        return right

    def _connect(self) -> None:
        batches = self._batches
        for signal in (batches.modelReset, batches.rowsInserted, batches.rowsRemoved):
            signal.connect(self._show_what_there_is)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self._slider.valueChanged.connect(self.matrix.set_edge)
        self.matrix.edge_changed.connect(self._slider.setValue)

    def _show_what_there_is(self) -> None:
        self._pages.setCurrentIndex(1 if self._batches.rowCount() else 0)

    def _on_current(self, current: QModelIndex) -> None:
        batch = current.data(BatchRole.BATCH) if current.isValid() else None
        if batch is not None:
            self.chosen.emit(batch.id)
