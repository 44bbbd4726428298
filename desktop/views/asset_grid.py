"""The grid of pictures: a virtual list in icon mode that tells its model and the thumbnail loader what is looked at."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QDrag, QPainter, QPixmap, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from desktop.models.asset_list import AssetList, files_as_mime
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.asset_delegate import GAP_PX, AssetDelegate
from desktop.views.parts import menu_place, zoom_steps
from engine.protocol import AssetRow

BATCH_ROWS = 2_000
LEAST_EDGE_PX = 72
MOST_EDGE_PX = 420
EDGE_STEP_PX = 24
MARGIN_PX = 10
LOOK_MS = 12
DRAG_PX = 112


class AssetGrid(QListView):
    """Shows an AssetList; emits what the user means."""

    selection_changed = Signal()
    menu_wanted = Signal(QPoint)
    opened = Signal()
    edge_changed = Signal(int)

    def __init__(self, model: AssetList, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._assets = model
        self._thumbnails = thumbnails
        self._edge_px = 168
        self._scroll_wished = 0
        self._typed = ""
        self._typing = QElapsedTimer()
        self._delegate = AssetDelegate(thumbnails)
        self._lay_out()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Pictures"))
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self._look_soon)
        model.modelReset.connect(self._on_reset)
        self.verticalScrollBar().valueChanged.connect(self._look_soon)
        self.verticalScrollBar().rangeChanged.connect(self._scroll_once_laid_out)
        self.selectionModel().selectionChanged.connect(self.selection_changed)
        self.doubleClicked.connect(self.opened)
        thumbnails.arrived.connect(self._on_thumbnail)

    @property
    def edge_px(self) -> int:
        """The wished edge of a picture; cells grow a little so that rows fill the width."""
        return self._edge_px

    def set_edge(self, edge_px: int) -> None:
        """Show pictures larger or smaller, keeping in sight what is in the middle."""
        wished = min(max(edge_px, LEAST_EDGE_PX), MOST_EDGE_PX)
        if wished == self._edge_px:
            return
        middle = self._middle()
        self._edge_px = wished
        self._fit_cells()
        if middle.isValid():
            self.scrollTo(middle, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.edge_changed.emit(wished)

    def selected_rows(self) -> list[AssetRow]:
        """Return the selected assets that are known, in the order shown."""
        return [row for at in self.selected_positions() if (row := self._assets.find_row(at)) is not None]

    def selected_positions(self) -> list[int]:
        """Return where the selected assets are, whether their rows have come or not."""
        return sorted(position for block in self._selected_blocks() for position in block)

    def selected_count(self) -> int:
        """Return how many assets are selected."""
        return sum(len(block) for block in self._selected_blocks())

    def current_row(self) -> AssetRow | None:
        """Return the asset that the keyboard is on."""
        return self._assets.find_row(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def go_to(self, position: int) -> None:
        """Select one asset and bring it in sight."""
        index = self._assets.index(position)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def take_over(self, former: AssetGrid) -> None:
        """Select what another grid of the same assets has selected, and look at what it looks at."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(former.currentIndex(), flag.NoUpdate)
        self.selectionModel().select(former.selectionModel().selection(), flag.ClearAndSelect)
        self._scroll_wished = former.verticalScrollBar().value()
        self._scroll_once_laid_out()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the rows fill the new width."""
        super().resizeEvent(event)
        self._fit_cells()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read what is in sight from now on."""
        super().showEvent(event)
        self._look_soon()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Change the size of pictures with Ctrl, scroll without."""
        if steps := zoom_steps(event):
            self.set_edge(self._edge_px + steps * EDGE_STEP_PX)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu, by mouse or keyboard."""
        self.menu_wanted.emit(menu_place(self, event))

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Go to the next picture whose name begins with what is typed, among those that have come."""
        goes_on = self._typing.isValid() and self._typing.elapsed() < QApplication.keyboardInputInterval()
        self._typed = self._typed + search if goes_on else search
        self._typing.restart()
        at = self._assets.find_named(self._typed, max(self.currentIndex().row(), 0) + (not goes_on))
        if at >= 0 and self._typed.strip():
            self.go_to(at)

    def startDrag(self, _actions: Qt.DropAction) -> None:  # noqa: N802
        """Carry the selected files out."""
        rows = self.selected_rows()
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(files_as_mime(rows))
        drag.setPixmap(self._drag_picture())
        drag.exec(Qt.DropAction.CopyAction)

    def _lay_out(self) -> None:
        self.setObjectName("grid")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(BATCH_ROWS)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setDragEnabled(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)
        self.setViewportMargins(MARGIN_PX, MARGIN_PX, 0, 0)

    def _fit_cells(self) -> None:
        width = max(self.viewport().width() - 1, 1)
        columns = max(1, width // (self._edge_px + 2 * GAP_PX))
        cell = QSize(width // columns, self._edge_px + 2 * GAP_PX)
        if cell != self._delegate.cell or cell != self.gridSize():
            self._delegate.cell = cell
            self.setGridSize(cell)
            self.verticalScrollBar().setSingleStep(cell.height() // 3)
        self._look_soon()

    def _columns(self) -> int:
        return max(1, self.viewport().width() // max(self.gridSize().width(), 1))

    def _visible(self) -> range:
        """Return the positions in sight and a screen below, from the scroll position: every cell is alike."""
        height = max(self.gridSize().height(), 1)
        top = self.verticalScrollBar().value()
        first = top // height * self._columns()
        last = ((top + 2 * self.viewport().height()) // height + 1) * self._columns()
        return range(first, min(last, self._assets.rowCount()))

    def _selected_blocks(self) -> list[range]:
        # By block: an index object for each of 250,000 assets takes half a second.
        selection = self.selectionModel().selection()
        blocks = [selection.at(at) for at in range(selection.count())]
        return [range(block.top(), block.bottom() + 1) for block in blocks]

    def _look_soon(self) -> None:
        # Out of sight it must not take the place of what another page wants to be read.
        if self.isVisible() and not self._looking.isActive():
            self._looking.start()

    def _look(self) -> None:
        visible = self._visible()
        if not visible:
            return
        self._assets.look_at(visible.start, visible.stop - 1)
        edge = rung(max(self._delegate.cell.width(), self._delegate.cell.height()) * self.devicePixelRatio())
        rows = (self._assets.find_row(position) for position in visible)
        self._thumbnails.want([row.thumbnail for row in rows if row is not None and row.thumbnail], edge)

    def _on_thumbnail(self, key: str) -> None:
        for position in self._visible():
            row = self._assets.find_row(position)
            if row is not None and row.thumbnail == key:
                self.viewport().update(self.visualRect(self._assets.index(position)))

    def _on_reset(self) -> None:
        self._scroll_wished = 0
        self.scrollToTop()

    def _scroll_once_laid_out(self) -> None:
        """Scroll to where another grid was as soon as that many rows are laid out, which Qt does batch by batch."""
        bar = self.verticalScrollBar()
        if self._scroll_wished and bar.maximum() >= self._scroll_wished:
            bar.setValue(self._scroll_wished)
            self._scroll_wished = 0

    def _middle(self) -> QModelIndex:
        current = self.currentIndex()
        if current.isValid() and self.viewport().rect().intersects(self.visualRect(current)):
            return current
        return self.indexAt(self.viewport().rect().center())

    def _drag_picture(self) -> QPixmap:
        """Return the first picture that is carried, with their number beside it."""
        rows = self.selected_rows()
        found = self._thumbnails.find(rows[0].thumbnail, rung(DRAG_PX)) if rows else None
        if found is None:
            return QPixmap()
        picture = found.scaled(
            DRAG_PX, DRAG_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        if len(rows) > 1:
            _write_count(picture, self.palette().highlight().color().name(), str(len(rows)))
        return picture


def _write_count(picture: QPixmap, colour: str, count: str) -> None:
    painter = QPainter(picture)
    box = QRect(0, 0, painter.fontMetrics().horizontalAdvance(count) + 14, 20)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(box, 10, 10)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, count)
    painter.end()
