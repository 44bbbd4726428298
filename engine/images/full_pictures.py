"""Pictures as large as a screen shows them, drawn from files of every format and kept on disk by content.

Any thread may call it; other processes may read the files. Invariant: a file under its final name is whole.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from engine.home import failed_write
from engine.images.decoder import Decoder
from engine.images.kept_files import forget_oldest, is_kept, write_whole
from engine.images.picture import DecodeLimits

EDGE_PX = 4096
QUOTA_BYTES = 1_000_000_000
# 9 takes ten times as long for a fifth fewer bytes, and each file lives for a few days at most.
_COMPRESSION = 1


class FullPictures:
    """PNG files under `directory`, the latest looked at."""

    def __init__(self, directory: Path, decoder: Decoder, limits: DecodeLimits) -> None:
        self._directory = directory
        self._decoder = decoder
        self._limits = replace(limits, edge=EDGE_PX)
        self._lock = threading.Lock()

    def draw(self, key: str, path: Path) -> Path:
        """Return a PNG of the file whose content has this key. Raises DecodeError, or what `failed_write` tells."""
        drawn = self._directory / f"{key}.png"
        if is_kept(drawn):
            return drawn
        image = self._decoder.decode(path, limits=self._limits).image
        try:
            write_whole(drawn, lambda stream: image.save(stream, "PNG", compress_level=_COMPRESSION))
        except OSError as error:
            raise failed_write(self._directory, error) from error
        with self._lock:
            forget_oldest(self._directory.iterdir(), QUOTA_BYTES)
        return drawn
