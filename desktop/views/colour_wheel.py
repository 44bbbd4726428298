"""A wheel of colours to search by: the angle is the hue, the distance the saturation, the slider the brightness."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QConicalGradient,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
)
from PySide6.QtWidgets import QSlider, QWidget

from desktop.views.parts import Role, button, column

EDGE_PX = 180
KEY_STEP = 0.03


class ColourWheel(QWidget):
    """The wheel itself."""

    moved = Signal(QColor)

    def __init__(self) -> None:
        super().__init__()
        self._colour = QColor.fromHsvF(0.0, 0.75, 0.9)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Colour wheel"))

    @property
    def colour(self) -> QColor:
        """The colour that is pointed at."""
        return self._colour

    def set_brightness(self, percent: int) -> None:
        """Change the brightness alone."""
        self._point_at(self._colour.hsvHueF(), self._colour.hsvSaturationF(), percent / 100)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the wheel."""
        return QSize(EDGE_PX, EDGE_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Point at a colour."""
        self._point_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer."""
        self._point_to(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Turn with left and right, saturate with up and down."""
        turn = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}.get(Qt.Key(event.key()), 0.0)
        more = {Qt.Key.Key_Down: -KEY_STEP, Qt.Key.Key_Up: KEY_STEP}.get(Qt.Key(event.key()), 0.0)
        if turn or more:
            saturation = min(max(self._colour.hsvSaturationF() + more, 0.0), 1.0)
            self._point_at((self._colour.hsvHueF() + turn) % 1.0, saturation, self._colour.valueF())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the wheel and the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for brush in (self._hues(), self._whitening()):
            painter.setBrush(brush)
            painter.drawEllipse(self._disc())
        painter.setBrush(QColor.fromRgbF(0, 0, 0, 1 - self._colour.valueF()))
        painter.drawEllipse(self._disc())
        painter.setPen(QPen(Qt.GlobalColor.white, 2.5))
        painter.setBrush(self._colour)
        painter.drawEllipse(self._mark(), 7, 7)
        painter.end()

    def _disc(self) -> QRectF:
        edge = min(self.width(), self.height()) - 4
        disc = QRectF(0, 0, edge, edge)
        disc.moveCenter(QRectF(self.rect()).center())
        return disc

    def _hues(self) -> QConicalGradient:
        gradient = QConicalGradient(self._disc().center(), 0)
        for step in range(13):
            gradient.setColorAt(step / 12, QColor.fromHsvF(step / 12 % 1.0, 1, 1))
        return gradient

    def _whitening(self) -> QRadialGradient:
        gradient = QRadialGradient(self._disc().center(), self._disc().width() / 2)
        gradient.setColorAt(0, Qt.GlobalColor.white)
        gradient.setColorAt(1, Qt.GlobalColor.transparent)
        return gradient

    def _mark(self) -> QPointF:
        angle = 2 * math.pi * max(self._colour.hsvHueF(), 0.0)
        reach = self._colour.hsvSaturationF() * self._disc().width() / 2
        return self._disc().center() + QPointF(math.cos(angle), -math.sin(angle)) * reach

    def _point_to(self, place: QPointF) -> None:
        away = place - self._disc().center()
        saturation = min(math.hypot(away.x(), away.y()) / (self._disc().width() / 2), 1.0)
        self._point_at(math.atan2(-away.y(), away.x()) / (2 * math.pi) % 1.0, saturation, self._colour.valueF())

    def _point_at(self, hue: float, saturation: float, value: float) -> None:
        self._colour = QColor.fromHsvF(max(hue, 0.0), saturation, value)
        self.update()
        self.moved.emit(self._colour)


class ColourPicker(QWidget):
    """Wheel, brightness and a button that searches by the colour."""

    picked = Signal(QColor)

    def __init__(self) -> None:
        super().__init__()
        wheel = ColourWheel()
        brightness = QSlider(Qt.Orientation.Horizontal)
        brightness.setRange(10, 100)
        brightness.setValue(90)
        brightness.setAccessibleName(self.tr("Brightness"))
        brightness.valueChanged.connect(wheel.set_brightness)
        use = button(self.tr("Find this colour"), Role.PRIMARY)
        use.clicked.connect(lambda: self.picked.emit(wheel.colour))
        stack = column(self, 12, (14, 14, 14, 14))
        for widget in (wheel, brightness, use):
            stack.addWidget(widget)
