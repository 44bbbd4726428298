"""One thumbnail, whole, on a checkerboard where it is transparent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.views.checkerboard import checkerboard


class ThumbnailView(QWidget):
    """Fits one picture into itself."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._alpha = False

    def show_pixmap(self, pixmap: QPixmap | None, alpha: bool) -> None:
        """Show a thumbnail, nothing while it is on its way."""
        self._pixmap = pixmap or QPixmap()
        self._alpha = alpha
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = self.rect()
        place.setSize(size)
        place.moveCenter(self.rect().center())
        if self._alpha:
            painter.fillRect(place, checkerboard(self.palette()))
        painter.drawPixmap(place, self._pixmap)
        painter.end()
