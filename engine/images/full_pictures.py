"""Pictures as large as a screen shows them, drawn from files of every format and kept on disk by content.

Any thread may call it; other processes may read the files. Invariant: a file under its final name is whole.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.errors import DiskFull
from engine.images.decoder import Decoder
from engine.images.picture import DecodeLimits

EDGE_PX = 4096
QUOTA_BYTES = 1_000_000_000
# 9 takes ten times as long for a fifth fewer bytes, and each file lives for a few days at most.
_COMPRESSION = 1
_UNFINISHED = ".part"


class FullPictures:
    """PNG files under `directory`, the latest looked at."""

    def __init__(self, directory: Path, decoder: Decoder, limits: DecodeLimits) -> None:
        self._directory = directory
        self._decoder = decoder
        self._limits = replace(limits, edge=EDGE_PX)
        self._lock = threading.Lock()

    def draw(self, key: str, path: Path) -> Path:
        """Return a PNG of the file whose content has this key. Raises DecodeError, DiskFull."""
        drawn = self._directory / f"{key}.png"
        with suppress(OSError):
            os.utime(drawn)
            return drawn
        image = self._decoder.decode(path, limits=self._limits).image
        unfinished = drawn.with_name(f"{drawn.name}.{threading.get_ident()}{_UNFINISHED}")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            image.save(unfinished, "PNG", compress_level=_COMPRESSION)
            unfinished.replace(drawn)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise DiskFull(
                f"The picture cannot be written to {self._directory}: {error.strerror or error}",
                "Free some space, or move Propmaster's data to another disk",
            ) from error
        self._forget_oldest()
        return drawn

    def _forget_oldest(self) -> None:
        with self._lock:
            sizes = [(status.st_mtime_ns, status.st_size, path) for path, status in self._files()]
            excess = sum(size for _, size, _ in sizes) - QUOTA_BYTES
            for _, size, path in sorted(sizes)[:-1]:
                if excess <= 0:
                    break
                with suppress(OSError):
                    path.unlink()
                    excess -= size

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self._directory.iterdir():
            with suppress(OSError):
                found.append((path, path.stat()))
        return found
