"""Draws one job of a plan: its number, its references by their numbers, the beginning of its prompt, its price."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.amounts import amount_words
from desktop.models.planned_jobs import PlannedRole
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.checkerboard import checkerboard
from engine.protocol import JobReference, PlannedJob

ROW_PX = 60
PICTURE_PX = 44
PICTURES_SHOWN = 5
GAP_PX = 6
NUMBER_PX = 40
PRICE_PX = 66
BADGE_PX = 14
BADGE_PT = 7.5
RADIUS_PX = 6.0

Index = QModelIndex | QPersistentModelIndex


class PlannedJobDelegate(QStyledItemDelegate):
    """Paints from what is at hand; `files` are the pictures that leave, by the file each was made of."""

    def __init__(self, thumbnails: ThumbnailLoader, files: Mapping[Path, Path]) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._files = files

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the one height of every row; the list gives it its own width."""
        return QSize(0, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        palette, row = option.palette, option.rect.adjusted(4, 2, -4, -2)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(row, RADIUS_PX, RADIUS_PX)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(quiet)
        number = QRect(row.left(), row.top(), NUMBER_PX - 8, row.height())
        painter.drawText(number, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, _number(index.row()))
        job: PlannedJob | None = index.data(PlannedRole.JOB)
        if job is not None:
            self._paint_job(painter, palette, row.adjusted(NUMBER_PX, 0, -8, 0), job)
        painter.restore()

    def _paint_job(self, painter: QPainter, palette: QPalette, row: QRect, job: PlannedJob) -> None:
        left = row.left()
        for reference in job.references[:PICTURES_SHOWN]:
            box = QRect(left, row.center().y() - PICTURE_PX // 2, PICTURE_PX, PICTURE_PX)
            self._paint_reference(painter, palette, box, reference)
            left += PICTURE_PX + GAP_PX
        price = amount_words(job.price) if job.price else ""
        words = QRect(left + 4, row.top() + 8, row.right() - left - 4 - (PRICE_PX if price else 0), row.height() - 16)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(words, flags, _two_lines(painter.fontMetrics(), job.prompt, words.width()))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, price)

    def _paint_reference(self, painter: QPainter, palette: QPalette, box: QRect, reference: JobReference) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(box, 4, 4)
        file = self._files.get(reference.path)
        edge = rung(PICTURE_PX * painter.device().devicePixelRatio())
        pixmap = None if file is None else self._thumbnails.find(str(file), edge)
        if file is not None and pixmap is None:
            self._thumbnails.want_too([str(file)], edge)
        if pixmap is not None:
            place = QRect(box)
            place.setSize(pixmap.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio))
            place.moveCenter(box.center())
            if pixmap.hasAlphaChannel():
                painter.fillRect(place, checkerboard(palette))
            painter.drawPixmap(place, pixmap)
        _paint_badge(painter, palette, box, str(reference.number))


def _paint_badge(painter: QPainter, palette: QPalette, box: QRect, number: str) -> None:
    badge = QRectF(box.left() - 3, box.top() - 3, BADGE_PX, BADGE_PX)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Text))
    painter.drawEllipse(badge)
    font = QFont(painter.font())
    font.setPointSizeF(BADGE_PT)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(palette.color(QPalette.ColorRole.Base))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, number)
    painter.restore()


def _two_lines(metrics: QFontMetrics, text: str, width: int) -> str:
    # Words do not break where the room ends, which costs some of each line.
    return metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, int(width * 1.8))


def _number(position: int) -> str:
    return QLocale().toString(position + 1)
