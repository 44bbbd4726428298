"""Small pictures in a list, for wells and slots: what is selected is marked, what is in sight is read."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.icons import quiet_icon
from desktop.models.asset_list import AssetList, AssetRole
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.asset_delegate import OFFLINE_OPACITY, RADIUS_PX, fitted, is_sharp
from desktop.views.checkerboard import checkerboard
from desktop.views.parts import menu_place
from engine.protocol import AssetRow

GAP_PX = 3
RING_PX = 2.0
MARK_PX = 16
LOOK_MS = 60
_TICK = (QPoint(4, 8), QPoint(7, 11), QPoint(12, 5))

Index = QModelIndex | QPersistentModelIndex


class ThumbnailDelegate(QStyledItemDelegate):
    """Draws a picture in a square; a ring and a tick where it is selected."""

    def __init__(self, thumbnails: ThumbnailLoader, edge_px: int) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._edge_px = edge_px

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the one size of every item."""
        return QSize(self._edge_px, self._edge_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one item."""
        box = option.rect.adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
        # Not the option's: where a style sheet makes the list's ground transparent, so are its colours.
        palette = QGuiApplication.palette()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Midlight if hovered else QPalette.ColorRole.Base))
        painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        row = index.data(AssetRole.ROW)
        if row is not None:
            self._paint_picture(painter, palette, box.adjusted(2, 2, -2, -2), row)
        _paint_ring(painter, palette, box, option.state)
        painter.restore()

    def _paint_picture(self, painter: QPainter, palette: QPalette, box: QRect, row: AssetRow) -> None:
        pixmap = self._thumbnails.find(row.thumbnail, rung(box.width() * painter.device().devicePixelRatio()))
        if pixmap is None:
            quiet_icon("image").paint(painter, QRect(box.center().x() - 9, box.center().y() - 9, 18, 18))
            return
        place = fitted(pixmap.size(), box)
        if row.has_alpha:
            painter.fillRect(place, checkerboard(palette))
        painter.setOpacity(OFFLINE_OPACITY if row.offline else 1.0)
        enlarged = place.width() > pixmap.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not (enlarged and is_sharp(pixmap)))
        painter.drawPixmap(place, pixmap)
        painter.setOpacity(1.0)


class ThumbnailList(QListView):
    """Shows an AssetList; only what is in sight is read."""

    menu_wanted = Signal(object)
    remove_wanted = Signal()

    def __init__(self, assets: AssetList, thumbnails: ThumbnailLoader, edge_px: int) -> None:
        super().__init__()
        self._assets = assets
        self._thumbnails = thumbnails
        self._edge_px = edge_px
        self._delegate = ThumbnailDelegate(thumbnails, edge_px)
        self._looking = QTimer(self)
        self._lay_out()
        self.setModel(assets)
        self.setItemDelegate(self._delegate)
        self._looking.setSingleShot(True)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        for signal in (assets.modelReset, assets.dataChanged):
            signal.connect(self._look_soon)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._look_soon)
        thumbnails.arrived.connect(self._on_thumbnail)

    def selected_rows(self) -> list[AssetRow]:
        """Return the selected assets that are known, in the order shown."""
        positions = sorted(index.row() for index in self.selectedIndexes())
        return [row for at in positions if (row := self._assets.find_row(at)) is not None]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Read what comes into sight."""
        super().resizeEvent(event)
        self._look_soon()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Ask to remove what is selected."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu, by mouse or keyboard."""
        self.menu_wanted.emit(menu_place(self, event))

    def _lay_out(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setUniformItemSizes(True)
        self.setGridSize(QSize(self._edge_px, self._edge_px))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.viewport().setAutoFillBackground(False)

    def _visible(self) -> range:
        """Return the positions in sight: every cell is alike."""
        view = self.viewport().rect()
        columns = max(1, view.width() // self._edge_px) if self.isWrapping() else self._assets.rowCount()
        if self.isWrapping():
            top = self.verticalScrollBar().value() // self._edge_px
            rows = view.height() // self._edge_px + 2
            return range(top * columns, min((top + rows) * columns, self._assets.rowCount()))
        left = self.horizontalScrollBar().value() // self._edge_px
        return range(left, min(left + view.width() // self._edge_px + 2, columns))

    def _look_soon(self) -> None:
        if not self._looking.isActive():
            self._looking.start()

    def _look(self) -> None:
        rows = (self._assets.find_row(at) for at in self._visible())
        keys = [row.thumbnail for row in rows if row is not None and row.thumbnail]
        self._thumbnails.want_too(keys, rung(self._edge_px * self.devicePixelRatio()))
        self.viewport().update()

    def _on_thumbnail(self, _key: str) -> None:
        """Draw what has come, and ask anew for what the grid's wishes took the place of."""
        if self.isVisible():
            self._look_soon()


def _paint_ring(painter: QPainter, palette: QPalette, box: QRect, state: QStyle.StateFlag) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QRectF(box).adjusted(1, 1, -1, -1)
    if state & QStyle.StateFlag.State_Selected:
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), RING_PX))
        painter.drawRoundedRect(ring, RADIUS_PX, RADIUS_PX)
        _paint_tick(painter, palette, box)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(ring.adjusted(3, 3, -3, -3), RADIUS_PX - 2, RADIUS_PX - 2)


def _paint_tick(painter: QPainter, palette: QPalette, box: QRect) -> None:
    mark = QRect(box.right() - MARK_PX - 1, box.top() + 3, MARK_PX, MARK_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawEllipse(mark)
    painter.setPen(
        QPen(palette.color(QPalette.ColorRole.HighlightedText), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    )
    painter.drawPolyline([mark.topLeft() + corner for corner in _TICK])
