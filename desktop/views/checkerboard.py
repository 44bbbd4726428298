"""The checkerboard behind transparent pictures, in the tones of the palette."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QBrush, QColor, QPainter, QPalette, QPixmap

SQUARE_PX = 7


def checkerboard(palette: QPalette) -> QBrush:
    """Return the brush to fill a transparent picture's ground with."""
    return QBrush(
        _tile(palette.color(QPalette.ColorRole.Window).name(), palette.color(QPalette.ColorRole.AlternateBase).name())
    )


@lru_cache(maxsize=4)
def _tile(light: str, dark: str) -> QPixmap:
    tile = QPixmap(2 * SQUARE_PX, 2 * SQUARE_PX)
    tile.fill(QColor(light))
    painter = QPainter(tile)
    for x, y in ((0, 0), (SQUARE_PX, SQUARE_PX)):
        painter.fillRect(x, y, SQUARE_PX, SQUARE_PX, QColor(dark))
    painter.end()
    return tile
