"""The window with its real engine, measured from inside: one measurement a process, its figures printed as JSON.

Started by `tests.benchmarks.window_with_engine` and `window_with_batch`. Imports nothing that the window itself does
not, so that its start and its memory are the window's.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollBar

from desktop.app import Propmaster
from desktop.engine_process import EngineProcess
from desktop.engine_state import EngineState
from desktop.models.page import Page
from desktop.thumbnails import EDGES_PX
from desktop.views import main_window
from desktop.views.asset_grid import AssetGrid
from engine import protocol
from engine.protocol import AssetRow, EngineLink, IndexingProgressed, SearchCompleted, link
from tests.benchmarks.event_loop import Gaps, run_for, run_until
from tests.benchmarks.words import distinct_queries

KEY_MS = 100
"""Between two key presses: ten searches a second."""
FRAME_MS = 16
SWEEP_FRAMES = 600
GLIDE_FRAMES = 1_200
GLIDE_PX = 60
PATIENCE_S = 120.0
PICTURES_S = 3.0

Figures = dict[str, object]


class PaintedGrid(AssetGrid):
    """The window's grid, which also tells of every paint and of what is in sight."""

    painted = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint, then tell."""
        super().paintEvent(event)
        self.painted.emit()

    def in_sight(self) -> list[AssetRow | None]:
        """Return the rows of the cells that are at least partly in sight."""
        shown = self._columns() * (self.viewport().height() // self.gridSize().height() + 1)
        return [self._assets.find_row(at) for at in islice(self._visible(), shown)]

    def pictured(self) -> float:
        """Return the share of cells in sight whose pictures are there."""
        rows = self.in_sight()
        there = [row for row in rows if row is not None and self._has_picture(row)]
        return len(there) / max(len(rows), 1)

    def is_filled(self) -> bool:
        """Return whether every row in sight has come."""
        rows = self.in_sight()
        return bool(rows) and None not in rows

    def _has_picture(self, row: AssetRow) -> bool:
        return row.failed or self._thumbnails.find(row.thumbnail, EDGES_PX[0]) is not None


class Searches(QObject):
    """When the newest search was asked on the wire, answered on the wire, painted, and painted with every picture."""

    def __init__(self, running: Propmaster) -> None:
        super().__init__()
        self.answers = 0
        self.expect()
        self._grid = running.window.grid
        self._asked: dict[int, float] = {}
        self._answered: dict[int, float] = {}
        self._watch_wire()
        # After the session's own slot: the list is in the model by then.
        running.desk.client.search_completed.connect(self._on_completed)
        self._grid.painted.connect(self._on_painted)

    def expect(self) -> None:
        """Wait for the answer to what is typed from here on."""
        self.found = -1
        self.engine_ms = self.painted_at = self.pictured_at = 0.0

    def _watch_wire(self) -> None:
        send, decode = EngineLink.send, link.decode

        def timed_send(itself: EngineLink, command: protocol.Command) -> None:
            self._asked[command.request_id] = time.perf_counter()
            send(itself, command)

        def timed_decode(data: bytes, kind: object) -> object:
            arrived = time.perf_counter()
            message = decode(data, kind)
            if isinstance(message, SearchCompleted):
                self._answered[message.request_id] = arrived
            return message

        EngineLink.send, link.decode = timed_send, timed_decode

    def _on_completed(self, event: SearchCompleted) -> None:
        if event.request_id not in self._asked:
            return  # asked before anyone watched
        self.answers += 1
        self.found = event.total
        self.engine_ms = (self._answered[event.request_id] - self._asked[event.request_id]) * 1000
        self.painted_at = self.pictured_at = 0.0

    def _on_painted(self) -> None:
        if self.engine_ms and not self.painted_at and self._grid.is_filled():
            self.painted_at = time.perf_counter()
        if self.painted_at and not self.pictured_at and self._grid.pictured() == 1:
            self.pictured_at = time.perf_counter()


class Typist(QObject):
    """Types one query after the other into the search field, key by key."""

    def __init__(self, running: Propmaster, queries: Iterator[str]) -> None:
        super().__init__()
        self._field = running.window.search_bar.field
        self._keys = ((letter, at == 0) for query in queries for at, letter in enumerate(query))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.press)

    def press(self) -> None:
        """Press the next key; the first of a query replaces the query before."""
        letter, first = next(self._keys)
        if first:
            self._field.selectAll()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(self._field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def start(self) -> None:
        """Go on pressing keys, ten a second."""
        self._timer.start(KEY_MS)

    def stop(self) -> None:
        """Press no more."""
        self._timer.stop()


def main() -> None:
    """Measure one thing and print it."""
    options = _options()
    application = QApplication([])
    main_window.AssetGrid = PaintedGrid
    engine = [sys.executable, "-m", "engine.worker", "--home", str(options.home)]
    if options.engine_nice:
        engine = ["nice", "-n", str(options.engine_nice), *engine]
    constructed_at = time.time()
    running = Propmaster(application, options.home, EngineProcess(engine[0], engine[1:]))
    running.start()
    try:
        figures = MEASUREMENTS[options.measurement](running, options, constructed_at)
    finally:
        running.close()
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measurement", choices=list(MEASUREMENTS))
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--began", type=float, default=0.0, help="when the process was started, seconds of the epoch")
    parser.add_argument("--add", type=Path, help="folder to index meanwhile")
    parser.add_argument("--seconds", type=int, default=90)
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--sides", type=int, nargs=2, default=(25, 40), help="rows and columns of a batch")
    parser.add_argument("--engine-nice", type=int, default=0)
    return parser.parse_args()


def _start(running: Propmaster, options: argparse.Namespace, constructed_at: float) -> Figures:
    grid = running.window.grid
    moments: dict[str, float] = {}

    def note() -> None:
        if "filled" not in moments and grid.is_filled():
            moments["filled"] = time.time()
        if "filled" in moments and grid.pictured() == 1:
            moments.setdefault("pictured", time.time())

    grid.painted.connect(note)
    run_until(lambda: "pictured" in moments, PATIENCE_S)
    return {
        "from_process_ms": (moments["filled"] - options.began) * 1000,
        "from_constructor_ms": (moments["filled"] - constructed_at) * 1000,
        "pictures_after_ms": (moments["pictured"] - moments["filled"]) * 1000,
    }


def _indexing(running: Propmaster, options: argparse.Namespace, _: float) -> Figures:
    _settle(running)
    searches, typist = Searches(running), Typist(running, distinct_queries(10_000))
    states: list[protocol.IndexingState] = []

    def note(event: IndexingProgressed) -> None:
        if event.state.activity is protocol.Activity.INDEXING and event.state.total:
            states.append(event.state)

    running.desk.client.indexing_progressed.connect(note)
    running.desk.client.send(protocol.AddFolder, options.add)
    run_until(lambda: bool(states), PATIENCE_S)
    first, began = states[-1], time.perf_counter()
    gaps = Gaps()
    typist.start()
    run_for(options.seconds * 1000)
    typist.stop()
    indexed = states[-1].done - first.done
    return {
        "gaps": gaps.stop(),
        "assets": _assets(running),
        "pending": first.total,
        "indexed": indexed,
        "rate": indexed / (time.perf_counter() - began),
        "answers_per_s": searches.answers / options.seconds,
        "throttle": states[-1].throttle,
    }


def _typing(running: Propmaster, options: argparse.Namespace, _: float) -> Figures:
    _settle(running)
    searches, typist = Searches(running), Typist(running, distinct_queries(10_000))
    own, whole, pictured = [], [], []
    for _ in range(options.keys):
        searches.expect()
        pressed = time.perf_counter()
        typist.press()
        run_until(lambda: searches.painted_at > 0 or searches.found == 0, PATIENCE_S)
        if not searches.found:
            continue
        whole.append((searches.painted_at - pressed) * 1000)
        own.append(whole[-1] - searches.engine_ms)
        run_until(lambda: searches.pictured_at > 0, PICTURES_S)
        pictured.append((searches.pictured_at - pressed) * 1000 - searches.engine_ms)
        run_for(KEY_MS)
    return {"assets": _assets(running), "own": own, "whole": whole, "pictured": pictured}


def _scrolling(running: Propmaster, _options: argparse.Namespace, __: float) -> Figures:
    import psutil

    _settle(running)
    process, grid = psutil.Process(), running.window.grid
    before = process.memory_info().rss
    bar = grid.verticalScrollBar()
    sweep, _ = _scroll(grid, [bar.maximum() * step // SWEEP_FRAMES for step in range(SWEEP_FRAMES)])
    middle = bar.maximum() // 2
    glide, pictured = _scroll(grid, [middle + GLIDE_PX * step for step in range(GLIDE_FRAMES)])
    after = process.memory_info().rss
    return {
        "assets": _assets(running),
        "sweep": sweep,
        "glide": glide,
        "pictured": pictured,
        "memory_before": before,
        "memory": after,
    }


def _scroll(grid: PaintedGrid, places: list[int]) -> tuple[list[float], float]:
    """Return the milliseconds of each frame, and the mean share of cells that had their picture."""
    frames, pictured = [], []
    for place in places:
        began = time.perf_counter()
        grid.verticalScrollBar().setValue(place)
        grid.viewport().repaint()
        frames.append((time.perf_counter() - began) * 1000)
        pictured.append(grid.pictured())
        run_for(FRAME_MS)
    return frames, sum(pictured) / len(pictured)


def _killing(running: Propmaster, _options: argparse.Namespace, __: float) -> Figures:
    _settle(running)
    grid, searches = running.window.grid, Searches(running)
    back: list[float] = []
    running.desk.client.connected.connect(lambda _: back.append(time.perf_counter()))
    # Words that no engine has kept a vector of.
    typist = Typist(running, iter([f"a picture of {time.time():.0f}"]))
    killed = time.perf_counter()
    os.kill(running.desk.process.pid, signal.SIGKILL)
    gaps = Gaps()
    run_until(lambda: running.desk.health.state is EngineState.GONE, PATIENCE_S)
    frames, _ = _scroll(grid, [GLIDE_PX * step for step in range(30)])
    searches.expect()
    for _ in range(20):
        typist.press()
        run_for(FRAME_MS)
    run_until(lambda: not running.desk.session.waits and searches.painted_at > 0, PATIENCE_S)
    return {
        "back_s": back[-1] - killed,
        "answered_s": searches.painted_at - killed,
        "gaps": gaps.stop(),
        "frames": frames,
    }


def _batch(running: Propmaster, options: argparse.Namespace, _: float) -> Figures:
    """Plan a matrix of the library's first pictures, agree to it, and scroll over it until it has ended."""
    _settle(running)
    client, matrix = running.desk.client, running.window.batches.matrix
    planned: list[protocol.CompositionPlanned] = []
    client.composition_planned.connect(planned.append)
    client.send(protocol.PlanComposition, _brief(running, *options.sides))
    run_until(lambda: bool(planned), PATIENCE_S)
    ended: list[protocol.Batch] = []
    client.batch_changed.connect(lambda event: ended.append(event.batch) if _has_ended(event.batch) else None)
    running.desk.session.turn_to(Page.BATCHES)
    began = time.perf_counter()
    client.send(protocol.RunPlan, planned[0].request_id)
    run_until(lambda: running.desk.batches.chosen is not None, PATIENCE_S)
    gaps = Gaps()
    glide = _glide(matrix.verticalScrollBar())
    while not ended:
        next(glide)
        run_for(FRAME_MS)
    seconds = time.perf_counter() - began
    seen = gaps.stop()
    counts = {state.value: number for state, number in ended[0].counts}
    return {"gaps": seen, "busy": gaps.busy, "seconds": seconds, "counts": counts, "standing": ended[0].standing.value}


def _has_ended(batch: protocol.Batch) -> bool:
    return batch.standing not in (protocol.Standing.RUNNING, protocol.Standing.UNAGREED)


def _brief(running: Propmaster, rows: int, columns: int) -> protocol.Brief:
    assets = running.desk.session.assets
    assets.look_at(0, rows + columns - 1)
    run_until(lambda: all(assets.find_row(at) is not None for at in range(rows + columns)), PATIENCE_S)
    found = [row for at in range(rows + columns) if (row := assets.find_row(at)) is not None]
    props = tuple((protocol.Element(protocol.Role.PROP, asset_id=row.id),) for row in found[:rows])
    scenes = tuple((protocol.Element(protocol.Role.SCENE, asset_id=row.id),) for row in found[rows:])
    return protocol.Brief(protocol.Mode.SCENE, "At dawn", (props, scenes), model="gemini-nano-banana-2.1")


def _glide(bar: QScrollBar) -> Iterator[None]:
    """Scroll down and up again, a little each time."""
    for step in count():
        there = max(bar.maximum(), 1)
        place = step * GLIDE_PX // 10 % (2 * there)
        bar.setValue(min(place, 2 * there - place))
        yield


def _settle(running: Propmaster) -> None:
    """Wait until the engine can search and the grid is full of pictures."""
    grid, health = running.window.grid, running.desk.health
    able = (EngineState.READY, EngineState.BUSY)
    run_until(lambda: health.state in able and grid.pictured() == 1, PATIENCE_S)
    run_for(2_000)


def _assets(running: Propmaster) -> int:
    return sum(node.count for node in running.desk.places.folders or ())


MEASUREMENTS = {
    "start": _start,
    "indexing": _indexing,
    "typing": _typing,
    "scrolling": _scrolling,
    "killing": _killing,
    "batch": _batch,
}

if __name__ == "__main__":
    main()
