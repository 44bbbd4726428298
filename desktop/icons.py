"""Line icons that take their colour from the palette at the moment they are drawn. GUI thread only."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from desktop.resources import resource

DISABLED_OPACITY = 0.35


class _PaletteIcon(QIconEngine):
    """Draws one file of `resources/icons` in the colour of a role, so that a change of theme needs no new icon."""

    def __init__(self, name: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        painter.save()
        if mode is QIcon.Mode.Disabled:
            painter.setOpacity(DISABLED_OPACITY)
        _drawing(self._name, QApplication.palette().color(self._role).name()).render(painter, QRectF(rect))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _PaletteIcon(self._name, self._role)


@cache
def icon(name: str) -> QIcon:
    """Return an icon of `resources/icons` in the colour of text."""
    return QIcon(_PaletteIcon(name, QPalette.ColorRole.ButtonText))


@cache
def quiet_icon(name: str) -> QIcon:
    """Return an icon in the colour of secondary text."""
    return QIcon(_PaletteIcon(name, QPalette.ColorRole.PlaceholderText))


@cache
def accent_icon(name: str) -> QIcon:
    """Return an icon in the accent colour."""
    return QIcon(_PaletteIcon(name, QPalette.ColorRole.Highlight))


def application_icon() -> QIcon:
    """Return the mark of the application."""
    return QIcon(str(resource("icons/propmaster.svg")))


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    drawing = resource(f"icons/{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(drawing.replace(b"currentColor", QColor(colour).name().encode())))
