"""Thumbnails for the eye: read from the engine's cache off the GUI thread, in the order of what is looked at.

`ThumbnailLoader` belongs to `desktop.app`, which closes it. All methods are for the GUI thread. Invariants: what is no
longer wanted is not read; the pixmaps kept stay within a budget of bytes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from desktop.pictures import PLAIN_SUFFIXES

THREADS = 2
BUDGET_BYTES = 96_000_000
EDGES_PX = (128, 256, 512)
"""Sizes that thumbnails are kept in, device pixels; a step of the size slider seldom leaves its rung."""

Wish = tuple[str, int]


def rung(edge_px: float) -> int:
    """Return the kept size that serves an edge of so many device pixels."""
    return next((edge for edge in EDGES_PX if edge >= edge_px), EDGES_PX[-1])


class ThumbnailLoader(QObject):
    """Reads thumbnails of content keys and keeps the latest used."""

    arrived = Signal(str)
    _read = Signal(str, int, QImage)

    def __init__(self, directory: Path = Path()) -> None:
        super().__init__()
        self._directory = directory
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(THREADS)
        self._cache = _PixmapCache(BUDGET_BYTES)
        self._lock = threading.Lock()
        self._wishes: deque[Wish] = deque()
        self._reading: set[Wish] = set()
        self._readers = 0
        self._absent: set[str] = set()
        self._stand_ins: dict[str, Path] = {}
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)

    def look_in(self, directory: Path) -> None:
        """Read from the cache of the engine that answers."""
        self._directory = directory
        self.look_again()

    def find(self, key: str, edge_px: int) -> QPixmap | None:
        """Return the thumbnail for an edge, a coarser one while that is on its way, or None."""
        return self._cache.find(key, edge_px)

    def want(self, keys: Sequence[str], edge_px: int) -> None:
        """Read these next, in this order, and nothing else that was wanted before."""
        with self._lock:
            self._wishes.clear()
        self.want_too(keys, edge_px)

    def want_too(self, keys: Sequence[str], edge_px: int) -> None:
        """Read these after what is wanted already."""
        with self._lock:
            waiting = set(self._wishes)
            wishes = ((key, edge_px) for key in dict.fromkeys(keys))
            self._wishes.extend(wish for wish in wishes if wish not in waiting and not self._is_known(wish))
            idle = min(THREADS, len(self._wishes)) - self._readers
            self._readers += max(idle, 0)
        for _ in range(idle):
            self._pool.start(self._read_wishes)

    def path_of(self, key: str) -> Path:
        """Return where the thumbnail of a content key lies, if it is there."""
        return self._directory / key[:2] / f"{key}.webp"

    def stand_in(self, key: str, path: Path) -> None:
        """Read a file itself where there is no thumbnail of its key yet, if it is in a plain format."""
        if key not in self._stand_ins and path.suffix.lower() in PLAIN_SUFFIXES:
            self._stand_ins[key] = path
            self._absent.discard(key)

    def look_again(self) -> None:
        """Believe no longer that a thumbnail is absent: the engine has been at work."""
        self._absent.clear()

    def close(self) -> None:
        """Stop reading and wait for the threads."""
        with self._lock:
            self._wishes.clear()
        self._pool.waitForDone()

    def _is_known(self, wish: Wish) -> bool:
        return wish in self._cache or wish in self._reading or wish[0] in self._absent

    def _take(self) -> Wish | None:
        with self._lock:
            if not self._wishes:
                self._readers -= 1
                return None
            wish = self._wishes.popleft()
            self._reading.add(wish)
            return wish

    def _read_wishes(self) -> None:
        """Run on a thread of the pool until nothing is wanted."""
        while (wish := self._take()) is not None:
            key, edge_px = wish
            image = _image(self.path_of(key), edge_px)
            if image.isNull() and key in self._stand_ins:
                image = _image(self._stand_ins[key], edge_px)
            self._read.emit(key, edge_px, image)

    def _on_read(self, key: str, edge_px: int, image: QImage) -> None:
        with self._lock:
            self._reading.discard((key, edge_px))
        if image.isNull():
            self._absent.add(key)
        else:
            self._cache.keep((key, edge_px), QPixmap.fromImage(image))
        self.arrived.emit(key)


class FileThumbnails(ThumbnailLoader):
    """Reads pictures of plain formats that no cache holds: a key is the path of one."""

    def path_of(self, key: str) -> Path:
        """Return the file itself."""
        return Path(key)


class _PixmapCache:
    """Pixmaps by key and size; the least recently used goes first."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._nbytes = 0
        self._kept: OrderedDict[Wish, QPixmap] = OrderedDict()

    def __contains__(self, wish: Wish) -> bool:
        return wish in self._kept

    def find(self, key: str, edge_px: int) -> QPixmap | None:
        for edge in (edge_px, *EDGES_PX):
            pixmap = self._kept.get((key, edge))
            if pixmap is not None:
                self._kept.move_to_end((key, edge))
                return pixmap
        return None

    def keep(self, wish: Wish, pixmap: QPixmap) -> None:
        self._nbytes += _nbytes(pixmap) - _nbytes(self._kept.pop(wish, QPixmap()))
        self._kept[wish] = pixmap
        while self._nbytes > self._budget_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._nbytes -= _nbytes(oldest)


def _nbytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _image(path: Path, edge_px: int) -> QImage:
    """Return the picture within an edge, never enlarged; null if it cannot be read."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > edge_px:
        reader.setScaledSize(size.scaled(QSize(edge_px, edge_px), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
