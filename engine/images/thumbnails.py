"""The cache of thumbnails on disk: one WebP per content, found by its key.

Any thread may call it; other processes may read the files. Invariants: a file under its final name is whole; the quota
holds after every `put`; what was asked for least recently goes first.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from engine.home import failed_write
from engine.images.kept_files import UNFINISHED, remove, write_whole
from engine.images.shrink import shrunk

EDGE_PX = 512
LOSSLESS_UP_TO_PX = 64  # pixel art shows every artefact, and is smaller lossless
QUALITY = 80
ALPHA_QUALITY = 90  # same bytes as 100 and a fifth less time, since the alpha plane is half of the work
METHOD = 1  # 2 saves 6 % of the bytes for 8 % more time, 4 saves 9 % for 2.4 times as much
SHRINK_TO = 0.95  # of the quota, so that not every further thumbnail evicts one

ABANDONED_AFTER_S = 3600

_KEY = re.compile(r"[0-9a-f]{8,128}")
_SUFFIX = ".webp"


class ThumbnailCache:
    """Thumbnails under `directory`, at most `quota_bytes` of them."""

    def __init__(self, directory: Path, quota_bytes: int) -> None:
        self.directory = directory
        self._quota_bytes = quota_bytes
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, int] | None = None
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes of all thumbnails; the first call reads the directory."""
        with self._lock:
            self._sizes()
            return self._nbytes

    def path_of(self, key: str) -> Path:
        """Return where the thumbnail of a hexadecimal key lies or would lie. Raises ValueError for any other key."""
        if _KEY.fullmatch(key) is None:
            raise ValueError(f"{key!r} is not a thumbnail key")
        return self.directory / key[:2] / (key + _SUFFIX)

    def put(self, key: str, image: Image.Image) -> Path:
        """Store the thumbnail of an RGB or RGBA image. Raises DiskFull or DataDirectoryUnusable."""
        path = self.path_of(key)
        try:
            size = write_whole(path, partial(_encode, shrunk(image, EDGE_PX)))
        except OSError as error:
            raise failed_write(self.directory, error) from error
        with self._lock:
            self._count(key, size)
            self._evict()
        return path

    def find(self, key: str) -> Path | None:
        """Return the thumbnail's path and note its use, or None."""
        path = self.path_of(key)
        try:
            if not path.stat().st_size:  # a power cut may leave a name without content
                return None
            os.utime(path)  # the order of use outlives this process
        except FileNotFoundError:
            return None
        except OSError:
            return path  # a read-only cache still serves
        with self._lock:
            if self._loaded is not None and key in self._loaded:
                self._loaded.move_to_end(key)
        return path

    def remove(self, key: str) -> None:
        """Forget a thumbnail; one that is not there is no error."""
        path = self.path_of(key)
        with self._lock:
            self._nbytes -= self._sizes().pop(key, 0)
            remove(path)

    def _count(self, key: str, size: int) -> None:
        sizes = self._sizes()
        self._nbytes += size - sizes.pop(key, 0)
        sizes[key] = size

    def _evict(self) -> None:
        sizes = self._sizes()
        if self._nbytes <= self._quota_bytes:
            return
        while self._nbytes > self._quota_bytes * SHRINK_TO and len(sizes) > 1:  # the newest is what was asked for
            key, size = sizes.popitem(last=False)
            self._nbytes -= size
            remove(self.path_of(key))

    def _sizes(self) -> OrderedDict[str, int]:
        """Return key → bytes, least recently used first; read from disk when first needed."""
        if self._loaded is None:
            self._loaded = OrderedDict((key, size) for _, key, size in sorted(self._entries()))
            self._nbytes = sum(self._loaded.values())
        return self._loaded

    def _entries(self) -> list[tuple[int, str, int]]:
        entries: list[tuple[int, str, int]] = []
        for path in self.directory.glob("??/*"):
            if path.suffix == UNFINISHED:
                _unlink_if_abandoned(path)
            elif path.suffix == _SUFFIX and _KEY.fullmatch(path.stem):
                with suppress(OSError):  # removed since it was listed
                    status = path.stat()
                    entries.append((status.st_mtime_ns, path.stem, status.st_size))
        return entries


def _encode(thumbnail: Image.Image, stream: BinaryIO) -> None:
    if max(thumbnail.size) <= LOSSLESS_UP_TO_PX:
        thumbnail.save(stream, "WEBP", lossless=True, quality=50, method=METHOD)
    else:
        thumbnail.save(stream, "WEBP", quality=QUALITY, alpha_quality=ALPHA_QUALITY, method=METHOD)


def _unlink_if_abandoned(path: Path) -> None:
    """Remove what a killed process left; a young file is another thread's or process's work."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > ABANDONED_AFTER_S:
            path.unlink()
