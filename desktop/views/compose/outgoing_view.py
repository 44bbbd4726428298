"""The exact pictures that would leave the machine: small ones in rows, and one large when it is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.models.outgoing_list import OutgoingList, OutgoingRole, file_words, picture_facts, pixel_words
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.checkerboard import checkerboard
from desktop.views.parts import Role, column, label, line
from desktop.views.picture_canvas import PictureCanvas
from engine.protocol import OutgoingPicture

CELL = QSize(148, 174)
PICTURE_PX = 112
LARGE_PX = 8192
"""No picture that is sent has a longer edge, so that it is shown with every pixel it has."""
LARGE_SIZE = (900, 700)
RADIUS_PX = 6.0

Index = QModelIndex | QPersistentModelIndex


class OutgoingView(QListView):
    """Shows the very files; emits the one that is to be seen large."""

    opened = Signal(object)

    def __init__(self, pictures: Sequence[OutgoingPicture], thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._model = OutgoingList(pictures)
        self._delegate = _OutgoingDelegate(thumbnails)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Pictures that are sent"))
        self.clicked.connect(self._on_opened)
        self.activated.connect(self._on_opened)
        thumbnails.arrived.connect(lambda _: self.viewport().update())

    def _on_opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(OutgoingRole.PICTURE))


class LargePicture(QDialog):
    """One picture that leaves, with every pixel it has."""

    def __init__(self, picture: OutgoingPicture, thumbnails: ThumbnailLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = str(picture.path)
        self._thumbnails = thumbnails
        self._canvas = PictureCanvas()
        self.setWindowTitle(picture.source.name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*LARGE_SIZE)
        foot = line(spacing=14, margins=(18, 10, 18, 10))
        foot.addWidget(label(picture.source.name))
        foot.addWidget(label(picture_facts(picture), Role.MUTED))
        foot.addStretch(1)
        foot.addWidget(label(self.tr("These are the exact pixels."), Role.MUTED))
        whole = column(self, 0)
        whole.addWidget(self._canvas, 1)
        whole.addLayout(foot)
        thumbnails.arrived.connect(self._on_arrived)
        thumbnails.want_too([self._key], LARGE_PX)
        self._on_arrived(self._key)

    def _on_arrived(self, key: str) -> None:
        if key == self._key:
            self._canvas.show_pixmap(self._thumbnails.find(key, LARGE_PX) or QPixmap())


class _OutgoingDelegate(QStyledItemDelegate):
    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the one size of every cell."""
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a picture, its name and its size."""
        picture: OutgoingPicture = index.data(OutgoingRole.PICTURE)
        palette, cell = option.palette, option.rect.adjusted(3, 3, -3, -3)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(cell, RADIUS_PX, RADIUS_PX)
        box = QRect(cell.center().x() - PICTURE_PX // 2, cell.top() + 4, PICTURE_PX, PICTURE_PX - 10)
        self._paint_picture(painter, palette, box, str(picture.path))
        top = box.bottom() + 6
        metrics = painter.fontMetrics()
        for words, role in (
            (picture.source.name, QPalette.ColorRole.Text),
            (pixel_words(picture), QPalette.ColorRole.PlaceholderText),
            (file_words(picture), QPalette.ColorRole.PlaceholderText),
        ):
            place = QRect(cell.left() + 4, top, cell.width() - 8, metrics.height())
            painter.setPen(palette.color(role))
            short = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, short)
            top += metrics.height() + 1
        painter.restore()

    def _paint_picture(self, painter: QPainter, palette: QPalette, box: QRect, key: str) -> None:
        edge = rung(PICTURE_PX * painter.device().devicePixelRatio())
        pixmap = self._thumbnails.find(key, edge)
        if pixmap is None:
            self._thumbnails.want_too([key], edge)
            return
        place = QRect(box)
        place.setSize(pixmap.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio))
        place.moveCenter(box.center())
        if pixmap.hasAlphaChannel():
            painter.fillRect(place, checkerboard(palette))
        painter.drawPixmap(place, pixmap)
