"""A heading with small pictures below it, each a button; not there while there are none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.flow import FlowLayout
from desktop.views.parts import Role, column, label
from engine.protocol import AssetRow

PICTURE_PX = 56


class PictureStrip(QWidget):
    """Shows assets, and tells which one was pressed."""

    chosen = Signal(object)

    def __init__(self, title: str, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._buttons: list[tuple[str, QToolButton]] = []
        self._flow = FlowLayout()
        stack = column(self, 12)
        stack.addWidget(label(title, Role.SECTION))
        stack.addLayout(self._flow)
        thumbnails.arrived.connect(self._on_thumbnail)
        self.hide()

    def show_rows(self, rows: Sequence[AssetRow]) -> None:
        """Show these and no others."""
        self._flow.clear()
        # Copies share a thumbnail.
        self._buttons = [(row.thumbnail, self._button(row)) for row in rows]
        for _, press in self._buttons:
            self._flow.addWidget(press)
        self._thumbnails.want_too([row.thumbnail for row in rows if row.thumbnail], EDGES_PX[0])
        self.setVisible(bool(rows))

    def _button(self, row: AssetRow) -> QToolButton:
        press = QToolButton()
        press.setIconSize(QSize(PICTURE_PX, PICTURE_PX))
        press.setIcon(self._icon(row.thumbnail))
        press.setToolTip(str(row.path))
        press.setAccessibleName(row.path.name)
        press.clicked.connect(lambda: self.chosen.emit(row))
        return press

    def _icon(self, key: str) -> QIcon:
        return QIcon(self._thumbnails.find(key, EDGES_PX[0]) or QPixmap())

    def _on_thumbnail(self, key: str) -> None:
        for shown, press in self._buttons:
            if shown == key:
                press.setIcon(self._icon(key))
