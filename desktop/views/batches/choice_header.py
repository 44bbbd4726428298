"""The headers of a matrix: each choice by its pictures and its words."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView

from desktop.models.batch_matrix import HeadRole
from desktop.thumbnails import EDGES_PX, ThumbnailLoader

PICTURE_PX = 34
MOST_PICTURES = 3
ROW_HEAD_PX = 138
COLUMN_HEAD_PX = 66
PAD_PX = 6


class ChoiceHeader(QHeaderView):
    """Draws from what is at hand; `look` has the pictures of what is in sight read."""

    def __init__(self, orientation: Qt.Orientation, thumbnails: ThumbnailLoader) -> None:
        super().__init__(orientation)
        self._thumbnails = thumbnails
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        thumbnails.arrived.connect(self._on_thumbnail)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Leave room for pictures beside or above words."""
        return QSize(ROW_HEAD_PX, COLUMN_HEAD_PX)

    def look(self) -> None:
        """Have the pictures in sight read."""
        keys = [key for section in self._in_sight() for key in self._keys(section)]
        self._thumbnails.want_too(keys, EDGES_PX[0])

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        """Draw one choice."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(rect, self.palette().color(QPalette.ColorRole.Base))
        inner = rect.adjusted(PAD_PX, PAD_PX, -PAD_PX, -PAD_PX)
        across = self._paint_pictures(painter, inner, section)
        painter.setFont(_small(self.font()))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        words = str(self.model().headerData(section, self.orientation()) or "")
        if self.orientation() == Qt.Orientation.Vertical:
            room = inner.adjusted(across + PAD_PX if across else 0, 0, 0, 0)
            wrapped = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
            painter.drawText(room, wrapped, _fitting(painter, room, words))
        else:
            room = inner.adjusted(0, PICTURE_PX + 2 if across else 0, 0, 0)
            line = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, line)
        painter.restore()

    def _paint_pictures(self, painter: QPainter, inner: QRect, section: int) -> int:
        """Draw the pictures of a choice; return how much width they take."""
        keys = self._keys(section)[:MOST_PICTURES]
        edge = min(PICTURE_PX, inner.height(), inner.width() // max(len(keys), 1))
        width = edge * len(keys)
        upright = self.orientation() == Qt.Orientation.Vertical
        left = inner.left() if upright else inner.center().x() - width // 2
        top = inner.center().y() - edge // 2 if upright else inner.top()
        for at, key in enumerate(keys):
            pixmap = self._thumbnails.find(key, EDGES_PX[0])
            if pixmap is not None:
                place = QRect(0, 0, *pixmap.size().scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio).toTuple())
                place.moveCenter(QRect(left + at * edge, top, edge, edge).center())
                painter.drawPixmap(place, pixmap)
        return width

    def _keys(self, section: int) -> tuple[str, ...]:
        return self.model().headerData(section, self.orientation(), HeadRole.THUMBNAILS) or ()

    def _in_sight(self) -> range:
        upright = self.orientation() == Qt.Orientation.Vertical
        length = self.viewport().height() if upright else self.viewport().width()
        first, last = self.visualIndexAt(0), self.visualIndexAt(length)
        return range(max(first, 0), (last if last >= 0 else self.count() - 1) + 1)

    def _on_thumbnail(self, key: str) -> None:
        if self.isVisible() and any(key in self._keys(section) for section in self._in_sight()):
            self.viewport().update()


def _fitting(painter: QPainter, room: QRect, words: str) -> str:
    """Return words that fit in as many lines as there is room for, with an ellipsis where they are cut."""
    metrics = QFontMetrics(painter.font())
    lines = max(1, room.height() // metrics.lineSpacing())
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(room.width() * lines - metrics.height(), 1))


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(8.5)
    return small
