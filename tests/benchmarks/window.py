"""How smooth the window is: frames while scrolling, gaps of its event loop, memory; run off screen, no engine needed.

`python -m tests.benchmarks.window --assets 250000 --thumbnails DIR` (DIR is a data directory's `thumbnails`).
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path

import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop.models.asset_list import AssetList
from desktop.theme import Theme
from desktop.thumbnails import ThumbnailLoader
from desktop.views.asset_grid import AssetGrid
from engine.protocol import PAGE_ROWS, AssetRow
from tests.benchmarks.event_loop import Gaps, run_for, spread

STEPS = 600
MB = 1_000_000


class Library:
    """Rows made up on demand, over the thumbnails that are there."""

    def __init__(self, size: int, keys: list[str]) -> None:
        self.size = size
        self._keys = keys
        self._row = AssetRow(0, Path("/art/x.png"), Path("/art"), 1000, 0, format="PNG", width=512, height=384)

    def page(self, offset: int) -> list[AssetRow]:
        """Return the rows of a page."""
        end = min(offset + PAGE_ROWS, self.size)
        return [
            replace(self._row, id=at, path=Path(f"/art/{at}.png"), thumbnail=self._keys[at % len(self._keys)])
            for at in range(offset, end)
        ]


def main() -> None:
    """Scroll through a library and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=250_000)
    parser.add_argument("--thumbnails", type=Path, required=True)
    arguments = parser.parse_args()
    application = QApplication([])
    Theme(application)
    library = Library(arguments.assets, [path.stem for path in arguments.thumbnails.glob("??/*.webp")])
    assets, thumbnails = AssetList(), ThumbnailLoader(arguments.thumbnails)
    assets.page_wanted.connect(lambda offset: assets.fill(offset, library.page(offset)))
    grid = AssetGrid(assets, thumbnails)
    grid.resize(1440, 900)
    grid.show()
    started = time.perf_counter()
    assets.show_anew(library.size, library.page(0), {})
    grid.viewport().grab()
    print(f"shown after {(time.perf_counter() - started) * 1000:.0f} ms")
    run_for(2_000)
    gaps = Gaps()
    frames = _scroll(grid)
    print(f"frame time while scrolling: {spread(frames)}")
    print(f"gaps of the event loop meanwhile: {spread(gaps.stop())}")
    print(f"memory {psutil.Process().memory_info().rss / MB:.0f} MB")
    thumbnails.close()


def _scroll(grid: AssetGrid) -> list[float]:
    frames = []
    bar = grid.verticalScrollBar()
    for step in range(STEPS):
        bar.setValue(bar.maximum() * step // STEPS)
        started = time.perf_counter()
        grid.viewport().repaint()
        frames.append((time.perf_counter() - started) * 1000)
        run_for(16)
    return frames


if __name__ == "__main__":
    main()
