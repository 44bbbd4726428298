"""Draws one cell of a matrix: its picture, or a sign and a word for why there is none; whether it is picked."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.batch_words import state_icon, state_words, verdict_icon
from desktop.icons import accent_icon, icon, quiet_icon
from desktop.models.batch_matrix import CellRole
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.checkerboard import checkerboard
from engine.protocol import Job, JobState, Verdict

GAP_PX = 3
RADIUS_PX = 5.0
SIGN_PX = 20
MARK_PX = 15
CAPTION_PX = 20
WORDS_FROM_PX = 76
"""Cells this wide say their state in words too."""
REJECTED_OPACITY = 0.3

Index = QModelIndex | QPersistentModelIndex
_LOUD = (JobState.REFUSED, JobState.FAILED, JobState.MAYBE_BILLED)
"""States that want the user's eye."""


class CellDelegate(QStyledItemDelegate):
    """Paints from what is at hand; never reads a disk."""

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell; nothing where a wall has ended."""
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        job = index.data(CellRole.JOB)
        caption = index.data(CellRole.CAPTION)
        box = option.rect.adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        _paint_ground(painter, option, QRectF(box))
        inner = box.adjusted(0, 0, 0, -CAPTION_PX if caption else 0)
        if job is not None:
            self._paint_job(painter, option.palette, inner, job)
        if caption:
            _paint_caption(painter, option.palette, box, caption)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            _paint_ring(painter, option.palette, box)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Be as large as the table says."""
        return option.rect.size()

    def _paint_job(self, painter: QPainter, palette: QPalette, box: QRect, job: Job) -> None:
        pixmap = self._picture_of(job, box, painter.device().devicePixelRatio())
        if pixmap is not None:
            _paint_picture(painter, palette, box, pixmap, job.verdict)
        else:
            _paint_state(painter, palette, box, job.state)
        if job.verdict is not Verdict.NONE:
            _paint_mark(painter, palette, box, job.verdict)

    def _picture_of(self, job: Job, box: QRect, ratio: float) -> QPixmap | None:
        if job.state is not JobState.DONE or not job.thumbnail:
            return None
        return self._thumbnails.find(job.thumbnail, rung(max(box.width(), box.height()) * ratio))


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, box: QRectF) -> None:
    palette, state = option.palette, option.state
    ground = palette.color(QPalette.ColorRole.AlternateBase)
    if state & QStyle.StateFlag.State_Selected:
        ground = QColor(palette.color(QPalette.ColorRole.Highlight))
        ground.setAlpha(46)
    elif state & QStyle.StateFlag.State_MouseOver:
        ground = palette.color(QPalette.ColorRole.Midlight)
    painter.setPen(palette.color(QPalette.ColorRole.Mid))
    painter.setBrush(ground)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)


def _paint_picture(painter: QPainter, palette: QPalette, box: QRect, pixmap: QPixmap, verdict: Verdict) -> None:
    inner = box.adjusted(3, 3, -3, -3)
    place = QRect(inner.topLeft(), pixmap.size().scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(inner.center())
    if pixmap.hasAlphaChannel():
        painter.fillRect(place, checkerboard(palette))
    painter.setOpacity(REJECTED_OPACITY if verdict is Verdict.REJECTED else 1.0)
    painter.drawPixmap(place, _scaled(pixmap, place.size() * painter.device().devicePixelRatio()))
    painter.setOpacity(1.0)


def _scaled(pixmap: QPixmap, size: QSize) -> QPixmap:
    """Return a picture in just this size, kept: scaling it anew in each frame takes most of the time of scrolling."""
    key = f"cell {pixmap.cacheKey()} {size.width()} {size.height()}"
    kept = QPixmap()
    if not QPixmapCache.find(key, kept):
        smooth = Qt.TransformationMode.SmoothTransformation
        kept = pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        QPixmapCache.insert(key, kept)
    return kept


def _paint_state(painter: QPainter, palette: QPalette, box: QRect, state: JobState) -> None:
    """Draw the sign of a state and its words, from the kept picture of them."""
    ratio = painter.device().devicePixelRatio()
    key = f"cell {state} {box.width()} {box.height()} {ratio} {palette.cacheKey()} {state_words(state)}"
    kept = QPixmap()
    if not QPixmapCache.find(key, kept):
        kept = QPixmap(box.size() * ratio)
        kept.setDevicePixelRatio(ratio)
        kept.fill(Qt.GlobalColor.transparent)
        drawing = QPainter(kept)
        drawing.setFont(painter.font())
        _draw_state(drawing, palette, QRect(QPoint(), box.size()), state)
        drawing.end()
        QPixmapCache.insert(key, kept)
    painter.drawPixmap(box.topLeft(), kept)


def _draw_state(painter: QPainter, palette: QPalette, box: QRect, state: JobState) -> None:
    draw = {JobState.SENDING: accent_icon}.get(state, icon if state in _LOUD else quiet_icon)
    wordy = box.width() >= WORDS_FROM_PX and box.height() >= WORDS_FROM_PX // 2
    middle = box.center() - QPoint(0, 9 if wordy else 0)
    edge = min(SIGN_PX, box.width() - 4, box.height() - 4)
    draw(state_icon(state)).paint(painter, QRect(middle.x() - edge // 2, middle.y() - edge // 2, edge, edge))
    if wordy:
        role = QPalette.ColorRole.BrightText if state in _LOUD else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        painter.setFont(_small(painter.font()))
        below = QRect(box.left() + 4, middle.y() + edge // 2 + 5, box.width() - 8, 18)
        words = QFontMetrics(painter.font()).elidedText(state_words(state), Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)


def _paint_mark(painter: QPainter, palette: QPalette, box: QRect, verdict: Verdict) -> None:
    place = QRect(box.right() - MARK_PX - 6, box.top() + 7, MARK_PX, MARK_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Window))
    painter.drawEllipse(place.adjusted(-3, -3, 3, 3))
    draw = accent_icon if verdict is Verdict.PICKED else quiet_icon
    draw(verdict_icon(verdict)).paint(painter, place)


def _paint_caption(painter: QPainter, palette: QPalette, box: QRect, caption: str) -> None:
    strip = QRect(box.left() + 6, box.bottom() - CAPTION_PX + 1, box.width() - 12, CAPTION_PX)
    painter.setFont(_small(painter.font()))
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    words = QFontMetrics(painter.font()).elidedText(caption, Qt.TextElideMode.ElideMiddle, strip.width())
    painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, words)


def _paint_ring(painter: QPainter, palette: QPalette, box: QRect) -> None:
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(8.25)
    return small
