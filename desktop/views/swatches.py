"""The colours of a picture as one bar; a press searches by a colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

HEIGHT_PX = 26
LEAST_SHARE = 0.06
"""A colour is never drawn narrower than this share of the bar, so that it can be pressed."""


class Swatches(QWidget):
    """Colours side by side, each as wide as its share."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._colours: list[tuple[str, float]] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Colours of the picture; press one to search by it"))
        self.setToolTip(self.tr("Find pictures with this colour"))

    def show_colours(self, colours: Sequence[tuple[str, float]]) -> None:
        """Show `#rrggbb` with shares."""
        widths = [(colour, max(share, LEAST_SHARE)) for colour, share in colours]
        total = sum(width for _, width in widths) or 1.0
        self._colours = [(colour, width / total) for colour, width in widths]
        self._at = 0
        self.setVisible(bool(colours))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Be a low bar."""
        return QSize(200, HEIGHT_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the press, and act once it is let go."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the colour that was pressed."""
        for (colour, _), box in zip(self._colours, self._boxes(), strict=True):
            if box.contains(event.position()):
                self.chosen.emit(colour)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move with arrows, choose with Return."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._colours:
            self._at = (self._at + step) % len(self._colours)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._colours:
            self.chosen.emit(self._colours[self._at][0])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(outline)
        boxes = self._boxes()
        for (colour, _), box in zip(self._colours, boxes, strict=True):
            painter.fillRect(box, QColor(colour))
        if self.hasFocus() and boxes:
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(boxes[self._at].adjusted(1, 1, -1, -1))
        painter.end()

    def _boxes(self) -> list[QRectF]:
        boxes, left = [], 0.0
        for _, share in self._colours:
            width = share * self.width()
            boxes.append(QRectF(left, 0, width + 1, self.height()))
            left += width
        return boxes
