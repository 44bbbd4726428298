"""Whole pictures, read off the GUI thread; the newest wish wins.

`PictureLoader` belongs to `desktop.app`, which closes it. Only plain formats are decoded in this process; all others
are drawn by the engine first, since a fault in a native decoder must never take the window down.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

from desktop.engine_client import EngineClient
from engine import protocol
from engine.protocol import PictureDrawn, RequestFailed

PLAIN_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"})
MOST_BYTES_MB = 1_024


@dataclass(frozen=True, slots=True)
class Wish:
    """An asset whose picture is wanted; its thumbnail has to do where there is no more."""

    asset_id: int
    path: Path
    thumbnail: Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read; `whole` says that it is more than the thumbnail."""

    path: Path
    image: QImage
    whole: bool


class PictureLoader(QObject):
    """Reads one picture at a time; what is no longer wanted is dropped."""

    loaded = Signal(object)
    _read = Signal(object)

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        QImageReader.setAllocationLimit(MOST_BYTES_MB)
        self._client = client
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._wish: Wish | None = None
        self._asked = 0
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        client.picture_drawn.connect(self._on_drawn)
        client.request_failed.connect(self._on_failed)

    def want(self, wish: Wish) -> None:
        """Read this picture next, and no other that was wanted before."""
        self._wish = wish
        self._asked = 0
        self._pool.clear()
        if wish.path.suffix.lower() in PLAIN_SUFFIXES:
            self._start(wish, wish.path)
        else:
            self._ask(wish)

    def close(self) -> None:
        """Stop reading and wait for the thread."""
        self._wish = None
        self._pool.clear()
        self._pool.waitForDone()

    def _ask(self, wish: Wish) -> None:
        self._asked = self._client.send(protocol.DrawPicture, wish.asset_id)

    def _start(self, wish: Wish, path: Path) -> None:
        self._pool.start(lambda: self._read.emit(Picture(wish.path, _image(path), path != wish.thumbnail)))

    def _on_drawn(self, event: PictureDrawn) -> None:
        if self._wish is not None and event.request_id == self._asked:
            self._start(self._wish, event.path or self._wish.thumbnail)

    def _on_failed(self, event: RequestFailed) -> None:
        if self._wish is not None and event.request_id == self._asked:
            self._start(self._wish, self._wish.thumbnail)

    def _on_read(self, picture: Picture) -> None:
        if self._wish is None or picture.path != self._wish.path:
            return
        if picture.image.isNull() and not self._asked:
            self._ask(self._wish)
        else:
            self.loaded.emit(picture)


def _image(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    return reader.read()
