"""The stage `views`: which views of which pictures are trained on, and the lower trunk's maps of each.

In `views/`: `samples.npy` (one record a view), `maps.npy` float16 `[n, 14, 14, 80]`, `pooled.npy` float16 `[n, 1280]`
(the untouched trunk's features), `done.npy`. Each view depends on its row's seed alone, so an interrupted run goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray

from starter_encoder.augment import View, make_view
from starter_encoder.backbone import DEVIATION, MAP, MEAN, POOLED, SIZE, Lower, Upper, load_trunk
from starter_encoder.compose import join, mean_colour_is_plain, recolour
from starter_encoder.gallery import Gallery
from starter_encoder.lexicon import COLOURS
from starter_encoder.pictures import Picture, Split, Style

VIEWS = tuple(View)
NONE = -1
SAMPLE = np.dtype([("picture", np.int32), ("view", np.int8), ("colour", np.int8), ("partner", np.int32)])

_CHUNK = 64
_RECOLOURED = 14_000
_JOINED = 10_000
_COMPOSED_WORDS = 3
INTERFACE_SETS = frozenset({"mdi", "ph", "temaki", "healthicons", "icon-park", "streamline-ultimate-color"})


@dataclass(frozen=True, slots=True)
class Views:
    """What the trainer reads."""

    samples: NDArray[np.void]
    maps: NDArray[np.float16]
    pooled: NDArray[np.float16]


def make_views(work: Path, gallery: Gallery) -> Views:
    """Compute what is missing, one process a core."""
    folder = work / "views"
    folder.mkdir(exist_ok=True)
    if not (folder / "samples.npy").is_file():
        samples = _choose(gallery)
        for name, shape in (("maps", MAP), ("pooled", (POOLED,))):
            np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float16, (len(samples), *shape)).flush()
        np.save(folder / "done.npy", np.zeros(-(-len(samples) // _CHUNK), bool))
        np.save(folder / "samples.npy", samples)
    workers = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_compute, args=(work, number, workers)) for number in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError("A process of the stage `views` failed; run the stage again to go on")
    return load_views(work)


def load_views(work: Path) -> Views:
    """Read the finished views. Raises FileNotFoundError before the first run."""
    folder = work / "views"
    maps = np.load(folder / "maps.npy", mmap_mode="r")
    return Views(np.load(folder / "samples.npy"), maps, np.load(folder / "pooled.npy", mmap_mode="r"))


def draw_sample(gallery: Gallery, sample: np.void, chance: Generator) -> NDArray[np.uint8]:
    """Return one view as uint8 `[224, 224, 3]`."""
    pixels = np.array(gallery.pixels[sample["picture"]])
    style = gallery.pictures[sample["picture"]].style
    if sample["colour"] != NONE:
        pixels = recolour(pixels, COLOURS[sample["colour"]], chance)
        style = Style.FLAT
    if sample["partner"] != NONE:
        pixels = join(pixels, np.array(gallery.pixels[sample["partner"]]), chance)
        style = Style.FLAT
    return make_view(pixels, style, VIEWS[sample["view"]], SIZE, chance)


def _choose(gallery: Gallery) -> NDArray[np.void]:
    chance = np.random.default_rng(0)
    trained = [number for number, picture in enumerate(gallery.pictures) if picture.split is Split.TRAIN]
    rows = [
        (number, VIEWS.index(view), NONE, NONE)
        for number in trained
        for view in _views_of(gallery.pictures[number])
    ]  # fmt: skip
    objects = [number for number in trained if _is_object(gallery.pictures[number])]
    plain = [number for number in objects if mean_colour_is_plain(gallery.pixels[number])]
    shown = [VIEWS.index(view) for view in (View.PLAIN, View.PLACED, View.PLACED, View.PAINTED)]
    rows += [
        (number, chance.choice(shown), chance.integers(len(COLOURS)), NONE)
        for number in chance.choice(plain, _RECOLOURED)
    ]
    rows += [
        (first, chance.choice(shown), NONE, second)
        for first, second in chance.choice(objects, (_JOINED, 2))
        if gallery.pictures[first].label != gallery.pictures[second].label
    ]
    samples = np.array(rows, SAMPLE)
    # In random order, so that a part of the views is a fair sample of all.
    chance.shuffle(samples)
    return samples


def _is_object(picture: Picture) -> bool:
    return len(picture.label.split()) <= _COMPOSED_WORDS and picture.style is not Style.PHOTO


def _views_of(picture: Picture) -> tuple[View, ...]:
    if picture.source in INTERFACE_SETS:
        return (View.PLACED, View.PAINTED)
    if picture.style in (Style.PHOTO, Style.PAINTED, Style.PIXEL):
        return (View.PLAIN, View.PLACED, View.PLACED, View.PAINTED)
    if picture.style is Style.MONO:
        return (View.PLACED, View.PLACED, View.PAINTED)
    return (View.PLAIN, View.PLACED, View.PAINTED, View.PAINTED)


@torch.inference_mode()
def _compute(work: Path, number: int, workers: int) -> None:
    torch.set_num_threads(1)
    folder = work / "views"
    gallery = Gallery(work / "gallery")
    samples = np.load(folder / "samples.npy")
    maps, pooled, done = (np.load(folder / f"{name}.npy", mmap_mode="r+") for name in ("maps", "pooled", "done"))
    trunk = load_trunk(work / "packages")
    lower, upper = Lower(trunk).bfloat16(), Upper(trunk).bfloat16()
    started = reported = time.monotonic()
    for chunk in range(number, len(done), workers):
        if done[chunk]:
            continue
        rows = range(chunk * _CHUNK, min((chunk + 1) * _CHUNK, len(samples)))
        drawn = np.stack([draw_sample(gallery, samples[row], np.random.default_rng(row)) for row in rows])
        pixels = torch.from_numpy(drawn).permute(0, 3, 1, 2).to(torch.bfloat16)
        features = lower((pixels - MEAN) / DEVIATION)
        maps[rows.start : rows.stop] = features.permute(0, 2, 3, 1).half().numpy()
        pooled[rows.start : rows.stop] = upper(features).half().numpy()
        done[chunk] = True
        if not number and time.monotonic() - reported > 60:
            reported = time.monotonic()
            print(f"{rows.stop} of {len(samples)} views, {reported - started:.0f} s", flush=True)
