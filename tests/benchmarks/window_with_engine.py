"""The window with its real engine process on real files: start, smoothness while indexing, typing, scrolling, a crash.

`python -m tests.benchmarks.window_with_engine --directory DIR`. The files and two libraries of them are made in DIR
once and kept: 100,000 distinct files, and 250,000 names of 85,000 of them. The engine's own pipeline indexes them, or
the first `--encoded` of them: the others are then stored like those (`tests.benchmarks.likeness`). Indexing is measured
on the last 15,000 of the 100,000, which are forgotten and added again each time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.indexing.control import Control, Progress
from engine.library import Library
from tests.benchmarks.event_loop import percentile
from tests.benchmarks.likeness import store_like_known
from tests.benchmarks.material import FILES_PER_DIRECTORY, derive, pictures
from tests.helpers.drawing import draw

EDGES = (96, 192)
SHAPES = 100
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many files: distinct ones, those of them that are indexed while measuring, and names in the large library."""

    files: int
    pending: int
    names: int


class Material:
    """The files and libraries in a directory; `encoded` files are indexed, the others stored like them."""

    def __init__(self, directory: Path, sizes: Sizes, encoded: int) -> None:
        self.home = directory / "home"
        self.large_home = directory / "large"
        self.pending = directory / "pending"
        self._indexed, self._again, self._shapes = directory / "indexed", directory / "again", directory / "shapes"
        self._derived = directory / "derived.txt"
        self._sizes = sizes
        self._encoded = encoded
        self._derived_last = 0

    @property
    def derived(self) -> int:
        """How many files of the library are stored like others."""
        return self._derived_last + (int(self._derived.read_text()) if self._derived.exists() else 0)

    def make_files(self) -> None:
        """Write what is missing."""
        shapes = [draw(self._shapes / f"{number:03}.png", number, (256, 192)) for number in range(SHAPES)]
        sources = [*pictures(None), *shapes]
        first = self._sizes.files - self._sizes.pending
        derive(sources, self._indexed, range(first), EDGES)
        derive(sources, self.pending, range(first, self._sizes.files), EDGES)

    def index_most(self) -> None:
        """Bring the library to where the last files are still unknown."""
        with Library(self.home) as library:
            if self.pending in {status.folder.path for status in library.folders()}:
                library.remove_folder(self.pending)
            library.list_folders([library.add_folder(self._indexed)], Control())
            derived = self._complete(library)
            if derived:
                self._derived.write_text(str(self.derived + derived))

    def index_all(self) -> None:
        """Bring the last files into the library too."""
        with Library(self.home) as library:
            library.list_folders([library.add_folder(self.pending)], Control())
            self._derived_last = self._complete(library)

    def _complete(self, library: Library) -> int:
        """Index what waits as long as few are; store the others like those and return how many."""
        lacking = self._encoded - library.status().vectors
        if lacking > 0:
            _index_pending(library, lacking)
        return store_like_known(library)

    def make_large(self) -> None:
        """Copy the library and let the engine index further names of its files, unless that was done before."""
        if self.large_home.exists():
            return
        self._link_again()
        partial = self.large_home.with_suffix(".part")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(self.home, partial, copy_function=_copy)
        with Library(partial) as library:
            library.list_folders([library.add_folder(self._again)], Control())
            _index_pending(library)
        partial.rename(self.large_home)

    def _link_again(self) -> None:
        files = sorted(self._indexed.glob("*/*"))
        for number in range(self._sizes.names - len(files)):
            source = files[number % len(files)]
            link = self._again / f"{number // FILES_PER_DIRECTORY:04}" / f"{number:06}{source.suffix}"
            if not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                os.link(source, link)


def main() -> None:
    """Prepare, measure each thing in a window of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="where files and libraries are made and kept")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--pending", type=int, default=15_000, help="how many of them are left to index meanwhile")
    parser.add_argument("--encoded", type=int, default=100_000, help="more files are stored like these")
    parser.add_argument("--names", type=int, default=250_000, help="size of the large library")
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=90, help="how long to measure while indexing")
    parser.add_argument("--prepare", action="store_true", help="make files and libraries, measure nothing")
    options = parser.parse_args()
    sizes = Sizes(options.files, options.pending, options.names)
    material = Material(options.directory.absolute(), sizes, options.encoded)
    material.make_files()
    material.index_most()
    material.make_large()
    if not options.prepare:
        _print(_measure(material, options), material)


Row = tuple[str, str, str]


def _measure(material: Material, options: argparse.Namespace) -> list[Row]:
    rows = _told(_while_indexing(material, options))
    material.index_all()
    return [*rows, *_told(_at_rest(material, options)), *_told(_when_large(material))]


def _told(rows: list[Row]) -> list[Row]:
    """Return the rows, told at once: the table comes at the very end."""
    for row in rows:
        sys.stderr.write(f"{row[0]}: {row[1]}\n")
    return rows


def _while_indexing(material: Material, options: argparse.Namespace) -> list[Row]:
    seen = _probe("indexing", material.home, "--add", str(material.pending), "--seconds", str(options.seconds))
    what = (
        f"gaps of the event loop: {seen['assets']:,} assets, {seen['pending']:,} of them pending, {seen['indexed']:,}"
        f" indexed in {options.seconds} s at {seen['throttle']} speed ({seen['rate']:.0f}/s);"
        f" {seen['answers_per_s']:.1f} answers to 10 searches a second"
    )
    return [(what, _high(seen["gaps"]), "p99 ≤ 16, max ≤ 50 ms")]


def _at_rest(material: Material, options: argparse.Namespace) -> list[Row]:
    starts = [_probe("start", material.home, "--began", str(time.time())) for _ in range(options.starts)]
    typing = _probe("typing", material.home)
    kills = [_probe("killing", material.home) for _ in range(options.kills)]
    return [
        (
            "process start → grid filled and painted; its pictures after that",
            f"{_of(starts, 'from_process_ms')} ms (worst {_worst(starts, 'from_process_ms')});"
            f" +{_of(starts, 'pictures_after_ms')} ms",
            "≤ 1.0 s",
        ),
        ("window constructor → grid filled and painted", f"{_of(starts, 'from_constructor_ms')} ms", "≤ 1.0 s"),
        (
            f"key press → results painted, less the engine's answer; {typing['assets']:,} assets",
            _usual(typing["own"]),
            "p95 ≤ 50 ms",
        ),
        ("the same with every picture in sight", _usual(typing["pictured"]), ""),
        ("key press → results painted, engine included", _usual(typing["whole"]), ""),
        (
            "engine killed → engine back; search answered and painted",
            f"{_of(kills, 'back_s', 1)} s; {_of(kills, 'answered_s', 1)} s (worst {_worst(kills, 'answered_s', 1)})",
            "≤ 10 s",
        ),
        ("gaps of the event loop meanwhile", _high([gap for kill in kills for gap in kill["gaps"]]), ""),
        (
            "frames of scrolling without an engine",
            _high([frame for kill in kills for frame in kill["frames"]]),
            "",
        ),
    ]


def _when_large(material: Material) -> list[Row]:
    seen = _probe("scrolling", material.large_home)
    return [
        (f"frame time, sweep through all {seen['assets']:,} assets", _high(seen["sweep"]), "p99 ≤ 16 ms"),
        (
            f"frame time, smooth scrolling, {seen['pictured']:.0%} of cells with their picture",
            _high(seen["glide"]),
            "p99 ≤ 16 ms",
        ),
        (
            "memory of the window process before and after that",
            f"{seen['memory_before'] / MB:.0f} → {seen['memory'] / MB:.0f} MB",
            "≤ 350 MB",
        ),
    ]


def _print(rows: Sequence[Row], material: Material) -> None:
    with Library(material.home) as library:
        status = library.status()
    real = status.vectors - material.derived
    ways = f"{real:,} indexed with {status.encoder}, {material.derived:,} stored like those"
    table = Table(title=f"{status.assets:,} real files: {ways}; {os.cpu_count()} cores")
    for title in ("", "measured", "target"):
        table.add_column(title)
    for row in rows:
        table.add_row(*row)
    Console(width=160).print(table)


def _probe(measurement: str, home: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.window_probe", measurement, "--home", str(home), *options]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    figures: dict[str, Any] = json.loads(output.splitlines()[-1])
    return figures


def _index_pending(library: Library, count: int | None = None) -> None:
    """Index what waits, or about so many of it."""
    control = Control()

    def show(progress: Progress) -> None:
        sys.stderr.write(f"\r{progress.done:,} of {progress.total:,} files, {progress.rate:.0f}/s   ")
        if count is not None and progress.done >= count:
            control.cancel()

    library.index_pending(control, show)
    sys.stderr.write("\n")


def _copy(source: str, target: str) -> None:
    """Share thumbnails, which are replaced and never changed; copy everything else."""
    (os.link if source.endswith(".webp") else shutil.copy2)(source, target)


def _of(probes: Sequence[dict[str, Any]], name: str, digits: int = 0) -> str:
    return f"{median(probe[name] for probe in probes):.{digits}f}"


def _worst(probes: Sequence[dict[str, Any]], name: str, digits: int = 0) -> str:
    return f"{max(probe[name] for probe in probes):.{digits}f}"


def _high(values: Sequence[float]) -> str:
    return f"p99 {percentile(values, 99):.1f}, max {max(values):.1f} ms"


def _usual(values: Sequence[float]) -> str:
    return f"median {median(values):.0f}, p95 {percentile(values, 95):.0f} ms"


if __name__ == "__main__":
    main()
