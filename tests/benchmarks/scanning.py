"""Rescan of unchanged files against a bare `os.scandir` walk with stat, in turn, in one run."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from engine.indexing.control import Control
from engine.library import Library

FILES_PER_DIRECTORY = 500


def main() -> None:
    """Make empty files, list them once, then measure listing them again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory, "art")
        _make_files(root, options.files)
        with Library(Path(directory, "home")) as library:
            folder = library.add_folder(root)
            library.list_folders([folder], Control())
            with library._catalogue.database.write() as connection:
                connection.execute("UPDATE assets SET state = 'ready'")
            rows = [(_bare(root), _ours(library, folder)) for _ in range(options.rounds)]
    table = Table(title=f"{options.files:,} unchanged files, {options.rounds} rounds")
    for title in ("bare walk s", "rescan s", "ratio"):
        table.add_column(title)
    bare, ours = (median(column) for column in zip(*rows, strict=True))
    table.add_row(f"{bare:.2f}", f"{ours:.2f}", f"{median(o / b for b, o in rows):.2f}")
    Console().print(table)


def _make_files(root: Path, count: int) -> None:
    for number in range(count):
        directory = root / f"{number // FILES_PER_DIRECTORY:05}"
        if number % FILES_PER_DIRECTORY == 0:
            directory.mkdir(parents=True)
        path = directory / f"asset_{number:07}.png"
        path.touch()
        os.utime(path, (1_600_000_000, 1_600_000_000))


def _bare(root: Path) -> float:
    started = time.perf_counter()
    waiting = [str(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    entry.stat()
    return time.perf_counter() - started


def _ours(library, folder) -> float:  # type: ignore[no-untyped-def]
    started = time.perf_counter()
    report = library.list_folders([folder], Control())[0]
    assert report.changed == 0
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
