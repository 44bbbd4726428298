"""Line icons in the colours of the palette. GUI thread only; the cache is dropped when the theme changes."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from desktop.resources import resource

EDGE_PX = 20
SCALES = (1, 2, 3)
DISABLED_OPACITY = 0.35


@cache
def icon(name: str) -> QIcon:
    """Return an icon of `resources/icons` in the colour of text."""
    return _tinted(name, QApplication.palette().color(QPalette.ColorRole.ButtonText))


@cache
def quiet_icon(name: str) -> QIcon:
    """Return an icon in the colour of secondary text."""
    return _tinted(name, QApplication.palette().color(QPalette.ColorRole.PlaceholderText))


@cache
def accent_icon(name: str) -> QIcon:
    """Return an icon in the accent colour."""
    return _tinted(name, QApplication.palette().color(QPalette.ColorRole.Highlight))


def forget_icons() -> None:
    """Draw every icon anew when it is asked for next."""
    for cached in (icon, quiet_icon, accent_icon):
        cached.cache_clear()


def application_icon() -> QIcon:
    """Return the mark of the application."""
    return QIcon(str(resource("icons/propmaster.svg")))


def _tinted(name: str, colour: QColor) -> QIcon:
    drawing = resource(f"icons/{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(drawing.replace(b"currentColor", colour.name().encode())))
    tinted = QIcon()
    for scale in SCALES:
        tinted.addPixmap(_drawn(renderer, scale, 1.0), QIcon.Mode.Normal)
        tinted.addPixmap(_drawn(renderer, scale, DISABLED_OPACITY), QIcon.Mode.Disabled)
    return tinted


def _drawn(renderer: QSvgRenderer, scale: int, opacity: float) -> QPixmap:
    pixmap = QPixmap(EDGE_PX * scale, EDGE_PX * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    renderer.render(painter, QRectF(0, 0, EDGE_PX, EDGE_PX))
    painter.end()
    return pixmap
