"""Draws one asset of the grid: picture, placeholder, or the reason there is none; name and badges while pointed at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.icons import quiet_icon
from desktop.models.asset_list import AssetRole
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.checkerboard import checkerboard
from engine.protocol import AssetRow, Band

GAP_PX = 6
RADIUS_PX = 6.0
RING_PX = 2.0
CAPTION_PX = 24
BADGE_PX = 16
SHARP_UP_TO_PX = 64
"""Pictures this small are pixel art: they are enlarged by whole factors, unsmoothed."""
UNREAD_PX = 512
OFFLINE_OPACITY = 0.4
STAR = "★"

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Face:
    """What of an item's state changes how it is drawn."""

    selected: bool
    current: bool
    hovered: bool


class AssetDelegate(QStyledItemDelegate):
    """Paints from what is at hand; never reads a disk."""

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.cell = QSize(160, 160)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the one size of every item."""
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one item."""
        row = index.data(AssetRole.ROW)
        box = option.rect.adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
        face = _face(option)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if row is None:
            _fill(painter, QRectF(box), option.palette.color(QPalette.ColorRole.AlternateBase))
        else:
            self._paint_row(painter, option.palette, box, row, face)
        band = index.data(AssetRole.BAND_START)
        if band is not None:
            _paint_band(painter, option.palette, box, band)
        painter.restore()

    def _paint_row(self, painter: QPainter, palette: QPalette, box: QRect, row: AssetRow, face: Face) -> None:
        if face.selected:
            tint = QColor(palette.color(QPalette.ColorRole.Highlight))
            tint.setAlpha(38)
            _fill(painter, QRectF(box), tint)
        elif face.hovered:
            _fill(painter, QRectF(box), palette.color(QPalette.ColorRole.Midlight))
        if row.failed:
            _paint_failure(painter, palette, box, row)
        else:
            self._paint_picture(painter, palette, box, row)
        _paint_rating(painter, palette, box, row.rating)
        if face.hovered:
            _paint_caption(painter, palette, box, row)
        if face.selected or face.current:
            _paint_ring(painter, palette, box, face)

    def _paint_picture(self, painter: QPainter, palette: QPalette, box: QRect, row: AssetRow) -> None:
        inner = box.adjusted(4, 4, -4, -4)
        ratio = painter.device().devicePixelRatio()
        pixmap = self._thumbnails.find(row.thumbnail, rung(max(inner.width(), inner.height()) * ratio))
        if pixmap is None:
            shape = fitted(_size_of(row), inner)
            _fill(painter, QRectF(shape), palette.color(QPalette.ColorRole.AlternateBase))
            return
        place = fitted(pixmap.size(), inner)
        if row.has_alpha:
            painter.fillRect(place, checkerboard(palette))
        painter.setOpacity(OFFLINE_OPACITY if row.offline else 1.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_sharp(pixmap))
        painter.drawPixmap(place, pixmap)
        painter.setOpacity(1.0)
        if row.offline:
            _paint_corner_icon(painter, box, "folder-offline")


def _face(option: QStyleOptionViewItem) -> Face:
    state = option.state
    return Face(
        selected=bool(state & QStyle.StateFlag.State_Selected),
        current=bool(state & QStyle.StateFlag.State_HasFocus),
        hovered=bool(state & QStyle.StateFlag.State_MouseOver),
    )


def _size_of(row: AssetRow) -> QSize:
    """Return the size of a picture; a square, large enough to fill its cell, while it has not been read."""
    return QSize(row.width, row.height) if row.width and row.height else QSize(UNREAD_PX, UNREAD_PX)


def is_sharp(pixmap: QPixmap) -> bool:
    """Return whether a picture is pixel art, which is never smoothed."""
    return max(pixmap.width(), pixmap.height()) <= SHARP_UP_TO_PX


def fitted(size: QSize, box: QRect) -> QRect:
    """Return where a picture of this size lies in a box: whole, centred, small ones enlarged by whole factors."""
    longest = max(size.width(), size.height())
    room = min(box.width(), box.height())
    if longest <= min(SHARP_UP_TO_PX, room):
        factor = room // max(longest, 1)
        fitted = size * min(factor, 4)
    else:
        fitted = size.scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(box.topLeft(), fitted)
    place.moveCenter(box.center())
    return place


def _fill(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)


def _paint_ring(painter: QPainter, palette: QPalette, box: QRect, face: Face) -> None:
    role = QPalette.ColorRole.Highlight if face.selected else QPalette.ColorRole.PlaceholderText
    painter.setPen(QPen(palette.color(role), RING_PX if face.selected else 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)


def _paint_failure(painter: QPainter, palette: QPalette, box: QRect, row: AssetRow) -> None:
    _fill(painter, QRectF(box), palette.color(QPalette.ColorRole.AlternateBase))
    edge = 22
    quiet_icon("alert").paint(painter, QRect(box.center().x() - edge // 2, box.center().y() - edge, edge, edge))
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    painter.setFont(_small(painter.font()))
    below = box.adjusted(8, box.height() // 2 + 6, -8, -CAPTION_PX)
    metrics = QFontMetrics(painter.font())
    painter.drawText(
        below,
        Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop,
        metrics.elidedText(row.path.name, Qt.TextElideMode.ElideMiddle, below.width()),
    )


def _paint_corner_icon(painter: QPainter, box: QRect, name: str) -> None:
    quiet_icon(name).paint(painter, QRect(box.left() + 6, box.top() + 6, BADGE_PX, BADGE_PX))


def _paint_rating(painter: QPainter, palette: QPalette, box: QRect, rating: int) -> None:
    if rating:
        text = STAR * rating
        painter.setFont(_small(painter.font()))
        metrics = QFontMetrics(painter.font())
        width = metrics.horizontalAdvance(text) + 10
        _paint_pill(painter, palette, box.right() - width - 5, box.top() + 6, width, text)


def _paint_caption(painter: QPainter, palette: QPalette, box: QRect, row: AssetRow) -> None:
    strip = QRect(box.left(), box.bottom() - CAPTION_PX + 1, box.width(), CAPTION_PX)
    ground = QColor(palette.color(QPalette.ColorRole.Window))
    ground.setAlpha(232)
    _fill(painter, QRectF(strip), ground)
    painter.setFont(_small(painter.font()))
    metrics = QFontMetrics(painter.font())
    badges = " ".join(badges_of(row))
    width = metrics.horizontalAdvance(badges)
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(strip.adjusted(0, 0, -7, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, badges)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    room = strip.adjusted(7, 0, -width - 12, 0)
    name = metrics.elidedText(row.path.name, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def badges_of(row: AssetRow) -> list[str]:
    """Return what a look at the picture does not tell, in a word each."""
    translate = QCoreApplication.translate
    badges = []
    if (row.frames or 1) > 1:
        badges.append(translate("Badges", "animated"))
    if row.has_alpha:
        badges.append("α")
    if row.format:
        badges.append(row.format)
    return badges


def _paint_band(painter: QPainter, palette: QPalette, box: QRect, band: Band) -> None:
    """Draw the quiet mark where a new band of scores begins."""
    painter.setFont(_small(painter.font()))
    text = band_title(band)
    width = QFontMetrics(painter.font()).horizontalAdvance(text) + 14
    painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1))
    painter.drawLine(box.left() - GAP_PX, box.top(), box.left() - GAP_PX, box.bottom())
    _paint_pill(painter, palette, box.left() - GAP_PX, box.top() - 2, width, text)


def band_title(band: Band) -> str:
    """Return a band's name for people."""
    translate = QCoreApplication.translate
    return {
        Band.STRONG: translate("Bands", "Strong"),
        Band.LIKELY: translate("Bands", "Likely"),
        Band.WEAK: translate("Bands", "Weak"),
    }[band]


def _paint_pill(painter: QPainter, palette: QPalette, left: int, top: int, width: int, text: str) -> None:
    pill = QRect(left, top, width, BADGE_PX)
    ground = QColor(palette.color(QPalette.ColorRole.AlternateBase))
    ground.setAlpha(232)
    _fill(painter, QRectF(pill), ground)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(8.25)
    return small
