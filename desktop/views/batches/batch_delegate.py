"""Draws one batch of the list: its words, when and how, how it is, how far it is and what it cost."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.amounts import amount_words
from desktop.batch_words import mode_words, moment_words, standing_words, title_of
from desktop.generator_words import generator_word
from desktop.models.batch_list import BatchRole
from engine.protocol import Batch, Currency, JobState, Standing

HEIGHT_PX = 84
PAD_PX = 12
BAR_PX = 3
RADIUS_PX = 7.0

Index = QModelIndex | QPersistentModelIndex
_FINISHED = (JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED, JobState.MAYBE_BILLED)
_WANTING = (Standing.HALTED, Standing.INTERRUPTED, Standing.UNAGREED)
"""Standings in which the user has to do something."""


class BatchDelegate(QStyledItemDelegate):
    """Paints; `currency` is that of the amounts."""

    currency: Currency | None = None

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the one size of every batch."""
        return QSize(option.rect.width(), HEIGHT_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one batch."""
        batch: Batch = index.data(BatchRole.BATCH)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        palette, box = option.palette, option.rect.adjusted(PAD_PX + 4, 8, -PAD_PX - 4, -8)
        text, quiet = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.PlaceholderText)
        loud = palette.color(QPalette.ColorRole.BrightText) if batch.standing in _WANTING else quiet
        lines = [QRect(box.left(), box.top() + at * 19, box.width(), 18) for at in range(3)]
        painter.setFont(_sized(option.font, 0.25, QFont.Weight.DemiBold))
        painter.setPen(text)
        _draw(painter, lines[0], title_of(batch), Qt.AlignmentFlag.AlignLeft)
        painter.setFont(_sized(option.font, -1.0, QFont.Weight.Normal))
        painter.setPen(quiet)
        facts = (moment_words(batch.created_at), mode_words(batch.mode), generator_word(batch.generator))
        _draw(painter, lines[1], " · ".join(facts), Qt.AlignmentFlag.AlignLeft)
        cost = amount_words(batch.spent, self.currency) if batch.spent else ""
        width = QFontMetrics(painter.font()).horizontalAdvance(cost)
        _draw(painter, lines[2], cost, Qt.AlignmentFlag.AlignRight)
        painter.setPen(loud)
        _draw(painter, lines[2].adjusted(0, 0, -width - 8, 0), _standing_of(batch), Qt.AlignmentFlag.AlignLeft)
        _paint_bar(painter, palette, QRectF(box.left(), box.bottom() - BAR_PX, box.width(), BAR_PX), batch)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        role = None
        if option.state & QStyle.StateFlag.State_Selected:
            role = QPalette.ColorRole.AlternateBase
        elif option.state & QStyle.StateFlag.State_MouseOver:
            role = QPalette.ColorRole.Midlight
        if role is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(role))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(6, 2, -6, -2), RADIUS_PX, RADIUS_PX)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(option.palette.color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(6, 2, -6, -2), RADIUS_PX, RADIUS_PX)


def progress_of(batch: Batch) -> tuple[int, int, int]:
    """Return how many pictures are made, how many jobs will not be sent any more, and how many there are."""
    counts = dict(batch.counts)
    return counts.get(JobState.DONE, 0), sum(counts.get(state, 0) for state in _FINISHED), sum(counts.values())


def _standing_of(batch: Batch) -> str:
    done, _, total = progress_of(batch)
    return f"{standing_words(batch.standing)} · {done} / {total}"


def _paint_bar(painter: QPainter, palette: QPalette, bar: QRectF, batch: Batch) -> None:
    done, finished, total = progress_of(batch)
    painter.setPen(Qt.PenStyle.NoPen)
    for role, share in (
        (QPalette.ColorRole.Mid, 1.0),
        (QPalette.ColorRole.PlaceholderText, finished / max(total, 1)),
        (QPalette.ColorRole.Highlight, done / max(total, 1)),
    ):
        painter.setBrush(palette.color(role))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), 1.5, 1.5)


def _draw(painter: QPainter, box: QRect, words: str, side: Qt.AlignmentFlag) -> None:
    shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _sized(font: QFont, by: float, weight: QFont.Weight) -> QFont:
    sized = QFont(font)
    sized.setPointSizeF(font.pointSizeF() + by)
    sized.setWeight(weight)
    return sized
