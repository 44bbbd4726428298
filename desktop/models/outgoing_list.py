"""The pictures that a plan would send, as a Qt model."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QLocale, QModelIndex, QPersistentModelIndex, Qt

from engine.protocol import OutgoingPicture

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class OutgoingRole(IntEnum):
    """What a delegate asks for: the OutgoingPicture."""

    PICTURE = Qt.ItemDataRole.UserRole


class OutgoingList(QAbstractListModel):
    """Every picture once."""

    def __init__(self, pictures: Sequence[OutgoingPicture]) -> None:
        super().__init__()
        self._pictures = pictures

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many pictures there are."""
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the picture, its name, or all that is known of it."""
        picture = self._pictures[index.row()]
        if role == OutgoingRole.PICTURE:
            return picture
        if role == Qt.ItemDataRole.DisplayRole:
            return picture.source.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{picture.source.name}, {picture_facts(picture)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            made_of = QCoreApplication.translate("OutgoingList", "made of {0}").format(picture.source)
            return f"{picture_facts(picture)}\n{made_of}"
        return None


def picture_facts(picture: OutgoingPicture) -> str:
    """Return pixels, type and bytes of a picture: "768 × 512 · JPEG · 84 kB"."""
    return f"{pixel_words(picture)} · {file_words(picture)}"


def pixel_words(picture: OutgoingPicture) -> str:
    """Return how many pixels a picture has: "768 × 512"."""
    return f"{picture.width} × {picture.height}"


def file_words(picture: OutgoingPicture) -> str:
    """Return type and bytes of a picture: "JPEG · 84 kB"."""
    kind = picture.media_type.removeprefix("image/").upper()
    return f"{kind} · {QLocale().formattedDataSize(picture.size, 0)}"
