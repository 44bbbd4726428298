"""The stage `pictures`: reads every source, draws each picture once and keeps both on disk.

Beside each other in the work folder: `pictures.jsonl`, and `pixels.npy` with uint8 `[n, 224, 224, 4]`, row for line.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from starter_encoder import art
from starter_encoder.icons import EMOJI_SETS, ICON_SETS, EmojiTable, read_emoji, read_icons, read_rendered_emoji
from starter_encoder.pictures import Drawing, Picture, read_pictures, write_pictures
from starter_encoder.raster import SIZE, draw
from starter_encoder.sources import Use, fetch, sources

_ART_READERS = {
    "openclipart": art.read_openclipart,
    "tuxpaint": art.read_tuxpaint,
    "freeciv": art.read_freeciv,
    "crawl": art.read_crawl,
    "kenney": art.read_kenney,
    "freecol": art.read_freecol,
}


class Gallery:
    """The drawn pictures of a work folder."""

    def __init__(self, folder: Path) -> None:
        self.pictures = read_pictures(folder / "pictures.jsonl")
        self.pixels: NDArray[np.uint8] = np.load(folder / "pixels.npy", mmap_mode="r")


def make_gallery(work: Path, *, names: frozenset[str] | None = None) -> Gallery:
    """Draw the pictures of all sources, or of the named ones, unless that is done."""
    folder = work / ("gallery" if names is None else "gallery-" + "-".join(sorted(names)))
    if not (folder / "pixels.npy").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _draw_all(list(read_sources(work / "packages", names)), folder)
    return Gallery(folder)


def read_sources(packages: Path, names: frozenset[str] | None = None) -> Iterator[tuple[Picture, Drawing]]:
    """Yield the pictures of all sources, or of the named ones, in the order of the table."""
    table = EmojiTable(fetch("emojibase", packages))
    icon_sets = {icon_set.name: icon_set for icon_set in ICON_SETS}
    for source in sources().values():
        if source.use not in (Use.TRAIN, Use.EVALUATION) or (names is not None and source.name not in names):
            continue
        folder = fetch(source.name, packages)
        if source.name in EMOJI_SETS:
            yield from read_emoji(source.name, folder, table)
        elif source.name == "fluent-3d":
            yield from read_rendered_emoji(source.name, folder, table)
        elif source.name in icon_sets:
            yield from read_icons(icon_sets[source.name], folder, table)
        else:
            yield from _ART_READERS[source.name](folder)


def _draw_all(found: list[tuple[Picture, Drawing]], folder: Path) -> None:
    scratch = folder / "pixels.part.npy"
    pixels = np.lib.format.open_memmap(scratch, mode="w+", dtype=np.uint8, shape=(len(found), SIZE, SIZE, 4))
    kept: list[Picture] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        drawn = pool.map(draw, (drawing for _, drawing in found), chunksize=32)
        for (picture, _), square in zip(found, drawn, strict=True):
            if square is not None:
                pixels[len(kept)] = square
                kept.append(picture)
    pixels.flush()
    final = np.lib.format.open_memmap(scratch, mode="r")[: len(kept)]
    np.save(folder / "pixels.whole.npy", final)
    scratch.unlink()
    write_pictures(kept, folder / "pictures.jsonl")
    (folder / "pixels.whole.npy").rename(folder / "pixels.npy")
    asked, drawn_count = Counter(p.source for p, _ in found), Counter(p.source for p in kept)
    for name, count in asked.items():
        print(f"{name:28} {drawn_count[name]:6} of {count} drawn", flush=True)
