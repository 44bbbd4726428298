"""The window while a batch of 1,000 pictures runs: its real engine against a Gemini of our own, the matrix on show.

`python -m tests.benchmarks.window_with_batch`. The service answers after half a second and refuses or fails 5 % of the
requests; results are saved, indexed and shown as always. Told is how long the window's event loop was away.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.indexing.control import Control
from engine.library import Library
from tests.benchmarks.event_loop import spread
from tests.helpers.drawing import draw
from tests.helpers.gemini_server import KEY

EDGES = (480, 360)
LATENCY_S = 0.5
FAULTS = 0.05
KINDS = "image_safety,text_only,prompt_blocked,unavailable,empty_200,jpeg_called_png,cut_after,bad_request"
AT_ONCE = 8
CAP_CENTS = 10_000
LATE_MS = 16


def main() -> None:
    """Make a library, run the batch in a window, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", type=int, nargs=2, default=(25, 40), help="rows and columns of the matrix")
    parser.add_argument("--ahead", type=int, default=0, help="put the window so far ahead of other work; for root")
    options = parser.parse_args()
    rows, columns = options.sides
    with tempfile.TemporaryDirectory() as directory, _service() as address:
        home = Path(directory) / "home"
        _make_library(home, Path(directory) / "art", rows + columns)
        seen = _probe(home, address, options)
    jobs = sum(seen["counts"].values())
    ideal_s = jobs * LATENCY_S / AT_ONCE
    late = sum(gap > LATE_MS for gap in seen["gaps"]) / len(seen["gaps"])
    table = Table(title=f"{rows} × {columns} pictures, {AT_ONCE} at once, {os.cpu_count()} cores")
    for title in ("", "measured", "target"):
        table.add_column(title)
    table.add_row("gaps of the event loop", spread(seen["gaps"]), f"p99 ≤ {LATE_MS} ms")
    table.add_row("of that, the window's own work", spread(seen["busy"]), "")
    table.add_row(f"share of gaps above {LATE_MS} ms", f"{late:.2%}", "")
    table.add_row("the batch, results indexed meanwhile", f"{seen['seconds']:.0f} s", f"ideal {ideal_s:.0f} s")
    table.add_row("how it ended", f"{seen['standing']}: {seen['counts']}", "")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    table.add_row("load of the machine (1, 5, 15 minutes)", load, "")
    Console(width=150).print(table)


@contextmanager
def _service() -> Iterator[str]:
    knobs = ["--latency", str(LATENCY_S), "--faults", str(FAULTS), "--kinds", KINDS, "--seed", "7"]
    command = [sys.executable, "-m", "tests.helpers.gemini_server", *knobs]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def _make_library(home: Path, art: Path, pictures: int) -> None:
    for number in range(pictures):
        draw(art / f"{number:04}.jpg", number, EDGES)
    with Library(home) as library:
        control = Control()
        library.list_folders([library.add_folder(art)], control)
        library.index_pending(control, lambda _: None)


def _probe(home: Path, address: str, options: argparse.Namespace) -> dict[str, Any]:
    sides = [str(side) for side in options.sides]
    command = [sys.executable, "-m", "tests.benchmarks.window_probe", "batch", "--home", str(home), "--sides", *sides]
    if options.ahead:
        command = ["nice", "-n", str(-options.ahead), *command, "--engine-nice", str(options.ahead)]
    surroundings = {
        **os.environ,
        "GEMINI_API_KEY": KEY,
        "GOOGLE_GEMINI_BASE_URL": address,
        "NO_PROXY": "127.0.0.1",
        "PROPMASTER_REQUESTS_AT_ONCE": str(AT_ONCE),
        "PROPMASTER_BUDGET_DAY_CENTS": str(CAP_CENTS),
        "PROPMASTER_BUDGET_BATCH_CENTS": str(CAP_CENTS),
    }
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=surroundings).stdout
    figures: dict[str, Any] = json.loads(output.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
