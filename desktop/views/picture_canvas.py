"""One picture, fitted or zoomed to its pixels, on a checkerboard; a rectangle may be drawn on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.views.checkerboard import checkerboard

WHEEL_FACTOR = 1.2
LEAST_ZOOM = 0.02
MOST_ZOOM = 32.0
SHARP_FROM_ZOOM = 2.0
"""From this zoom on pixels are shown as squares."""
MOST_FIT = 2.0
PIXEL_ART_EDGE_PX = 640
LEAST_PART_PX = 12
MARGIN_PX = 24
SHADE = QColor(0, 0, 0, 120)


class PictureCanvas(QWidget):
    """Drag draws a rectangle while the picture is fitted, moves it while it is zoomed; Shift always draws."""

    zoomed = Signal(float)
    part_drawn = Signal(QRectF)
    """The rectangle in 0…1 of the picture's width and height; empty when it was taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._zoom = 1.0
        self._fitted = True
        self._centre = QPointF()
        self._part = QRectF()
        self._pressed: QPointF | None = None
        self._drawing = False
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def part(self) -> QRectF:
        """The drawn rectangle in 0…1, empty if there is none."""
        return self._part

    def show_pixmap(self, pixmap: QPixmap) -> None:
        """Show a picture, fitted."""
        self._pixmap = pixmap
        self.clear_part()
        self.fit()

    def fit(self) -> None:
        """Show all of the picture, small ones enlarged by a whole factor."""
        self._fitted = True
        self._centre = QRectF(self._pixmap.rect()).center()
        room = QSizeF(self.size()) - QSizeF(2 * MARGIN_PX, 2 * MARGIN_PX)
        if not self._pixmap.isNull() and room.isValid():
            across, down = room.width() / self._pixmap.width(), room.height() / self._pixmap.height()
            zoom = min(across, down, self._most_fit())
            self._set_zoom(zoom if zoom < 1 else math.floor(zoom))

    def show_pixels(self) -> None:
        """Show one pixel of the picture as one of the screen."""
        self._fitted = False
        self._set_zoom(1 / self.devicePixelRatio())

    def toggle(self) -> None:
        """Change between all of the picture and its pixels."""
        if self._fitted:
            self.show_pixels()
        else:
            self.fit()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom in or out, keeping a point of the widget where it is."""
        place = about or QRectF(self.rect()).center()
        held = self._to_picture(place)
        self._fitted = False
        self._set_zoom(min(max(self._zoom * factor, LEAST_ZOOM), MOST_ZOOM))
        self._centre += held - self._to_picture(place)
        self.update()

    def clear_part(self) -> None:
        """Take the rectangle away."""
        if not self._part.isEmpty():
            self._part = QRectF()
            self.part_drawn.emit(self._part)
        self.update()

    def part_on_widget(self) -> QRectF:
        """Return where the rectangle is drawn."""
        size = self._pixmap.size()
        picture = QRectF(
            self._part.x() * size.width(),
            self._part.y() * size.height(),
            self._part.width() * size.width(),
            self._part.height() * size.height(),
        )
        return QRectF(self._to_widget(picture.topLeft()), self._to_widget(picture.bottomRight()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Stay fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom about the pointer."""
        self.zoom_by(WHEEL_FACTOR ** (event.angleDelta().y() / 120), event.position())

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Change between all and pixels."""
        self.toggle()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to draw or to move."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = event.position()
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._drawing = event.button() == Qt.MouseButton.LeftButton and (self._fitted or shifted)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw or move."""
        if self._pressed is None:
            return
        if self._drawing:
            self._part = self._part_between(self._pressed, event.position())
        else:
            self._centre -= (event.position() - self._pressed) / self._zoom
            self._pressed = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Keep the rectangle if it is one."""
        if self._drawing and self._pressed is not None:
            drawn = QRectF(self._pressed, event.position()).normalized()
            if min(drawn.width(), drawn.height()) < LEAST_PART_PX:
                self._part = QRectF()
            self.part_drawn.emit(self._part)
        self._pressed = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw ground, picture and rectangle."""
        painter = QPainter(self)
        place = QRectF(self._to_widget(QPointF()), QSizeF(self._pixmap.size()) * self._zoom)
        if self._pixmap.hasAlphaChannel():
            painter.fillRect(place, checkerboard(self.palette()))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._zoom < SHARP_FROM_ZOOM)
        painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        if not self._part.isEmpty():
            self._paint_part(painter, place)
        painter.end()

    def _paint_part(self, painter: QPainter, place: QRectF) -> None:
        part = self.part_on_widget()
        for shade in (
            QRectF(place.topLeft(), QPointF(place.right(), part.top())),
            QRectF(QPointF(place.left(), part.bottom()), place.bottomRight()),
            QRectF(QPointF(place.left(), part.top()), part.bottomLeft()),
            QRectF(part.topRight(), QPointF(place.right(), part.bottom())),
        ):
            painter.fillRect(shade, SHADE)
        painter.setPen(QPen(self.palette().highlight().color(), 1.5))
        painter.drawRect(part)

    def _part_between(self, one: QPointF, other: QPointF) -> QRectF:
        drawn = QRectF(self._to_picture(one), self._to_picture(other)).normalized()
        inside = drawn & QRectF(self._pixmap.rect())
        width, height = max(self._pixmap.width(), 1), max(self._pixmap.height(), 1)
        return QRectF(inside.x() / width, inside.y() / height, inside.width() / width, inside.height() / height)

    def _most_fit(self) -> float:
        """Return how far fitting may enlarge: by whole factors, pixel art further than other pictures."""
        longest = max(self._pixmap.width(), self._pixmap.height(), 1)
        return max(MOST_FIT, PIXEL_ART_EDGE_PX // longest)

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.zoomed.emit(zoom * self.devicePixelRatio())
        self.update()

    def _to_widget(self, point: QPointF) -> QPointF:
        return QRectF(self.rect()).center() + (point - self._centre) * self._zoom

    def _to_picture(self, point: QPointF) -> QPointF:
        return self._centre + (point - QRectF(self.rect()).center()) / self._zoom


class MovableCanvas(PictureCanvas):
    """A picture to be looked at only: drag always moves it. Tells when the user looks at another part."""

    looked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    @property
    def view(self) -> tuple[float, QPointF] | None:
        """The zoom relative to the whole picture, and the point in the middle in 0…1; None while it is fitted."""
        if self._fitted or self._pixmap.isNull():
            return None
        size = self._pixmap.size()
        return self._zoom * size.width(), QPointF(self._centre.x() / size.width(), self._centre.y() / size.height())

    def look(self, view: tuple[float, QPointF] | None) -> None:
        """Look at a picture as another canvas looks at its own: the same part of it, as wide on the screen."""
        if self._pixmap.isNull():
            return
        if view is None:
            self.fit()
            return
        width, middle = view
        size = self._pixmap.size()
        self._fitted = False
        self._centre = QPointF(middle.x() * size.width(), middle.y() * size.height())
        self._set_zoom(min(max(width / size.width(), LEAST_ZOOM), MOST_ZOOM))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to move."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move."""
        super().mouseMoveEvent(event)
        if self._pressed is not None:
            self._fitted = False
            self.looked.emit()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom in or out, and tell."""
        super().zoom_by(factor, about)
        self.looked.emit()

    def toggle(self) -> None:
        """Change between all of the picture and its pixels, and tell."""
        super().toggle()
        self.looked.emit()
