"""Whole pictures for the preview, read off the GUI thread; the newest wish wins.

`PictureLoader` belongs to `desktop.app`, which closes it. Only plain formats are decoded in this process; of all others
the engine's thumbnail is shown, since a fault in a native decoder must never take the window down.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

PLAIN_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"})
MOST_BYTES_MB = 1_024


@dataclass(frozen=True, slots=True)
class Wish:
    """A picture to read: the file, or its thumbnail where the file cannot be read here."""

    path: Path
    thumbnail: Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read; `whole` says that it has the pixels of the file, not of its thumbnail."""

    path: Path
    image: QImage
    whole: bool


class PictureLoader(QObject):
    """Reads one picture at a time; what is no longer wanted is dropped."""

    loaded = Signal(object)
    _read = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        QImageReader.setAllocationLimit(MOST_BYTES_MB)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._wish: Wish | None = None
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)

    def want(self, wish: Wish) -> None:
        """Read this picture next, and no other that was wanted before."""
        self._wish = wish
        self._pool.clear()
        self._pool.start(lambda: self._read.emit(_picture(wish)))

    def close(self) -> None:
        """Stop reading and wait for the thread."""
        self._wish = None
        self._pool.clear()
        self._pool.waitForDone()

    def _on_read(self, picture: Picture) -> None:
        if self._wish is not None and picture.path == self._wish.path:
            self.loaded.emit(picture)


def _picture(wish: Wish) -> Picture:
    if wish.path.suffix.lower() in PLAIN_SUFFIXES:
        image = _image(wish.path)
        if not image.isNull():
            return Picture(wish.path, image, whole=True)
    return Picture(wish.path, _image(wish.thumbnail), whole=False)


def _image(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    return reader.read()
