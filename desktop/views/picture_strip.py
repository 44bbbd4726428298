"""A heading with small pictures below it, each a button; not there while there are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.flow import FlowLayout
from desktop.views.parts import Role, column, label

PICTURE_PX = 56


class Pictured(Protocol):
    """A file with the key of its thumbnail: a row of the library, or a reference."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def thumbnail(self) -> str:
        """The key, empty if there is none."""


class PictureStrip(QWidget):
    """Shows pictures, and tells which one was pressed."""

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

    def show_pictures(self, pictures: Sequence[Pictured]) -> None:
        """Show these and no others."""
        self._flow.clear()
        # Copies share a thumbnail.
        self._buttons = [(one.thumbnail, self._button(one)) for one in pictures]
        for _, press in self._buttons:
            self._flow.addWidget(press)
        self._thumbnails.want_too([one.thumbnail for one in pictures if one.thumbnail], EDGES_PX[0])
        self.setVisible(bool(pictures))

    def _button(self, picture: Pictured) -> QToolButton:
        press = QToolButton()
        press.setIconSize(QSize(PICTURE_PX, PICTURE_PX))
        press.setIcon(self._icon(picture.thumbnail))
        press.setToolTip(str(picture.path))
        press.setAccessibleName(picture.path.name)
        press.clicked.connect(lambda: self.chosen.emit(picture))
        return press

    def _icon(self, key: str) -> QIcon:
        return QIcon(self._thumbnails.find(key, EDGES_PX[0]) or QPixmap())

    def _on_thumbnail(self, key: str) -> None:
        for shown, press in self._buttons:
            if shown == key:
                press.setIcon(self._icon(key))
