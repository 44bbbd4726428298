"""What window benchmarks need of Qt's event loop: to run it for a while, and to see how long it was away."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEventLoop, QObject, QTimer

TICK_MS = 1
LOOK_MS = 5


class Gaps(QObject):
    """Notes how long the event loop was away between two ticks, and how long it worked of that, in milliseconds.

    On a machine with other work to do the rest is that work's.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[float] = []
        self.busy: list[float] = []
        self._last, self._last_busy = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def stop(self) -> list[float]:
        """Note nothing more; return what was seen."""
        self._timer.stop()
        return self.seen

    def _tick(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self.seen.append((now - self._last) * 1000)
        self.busy.append((busy - self._last_busy) * 1000)
        self._last, self._last_busy = now, busy


def run_for(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def run_until(condition: Callable[[], bool], seconds: float) -> None:
    """Run the event loop until something holds. Raises TimeoutError."""
    deadline = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain")
        run_for(LOOK_MS)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many in a hundred do not exceed."""
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]


def spread(values: Sequence[float]) -> str:
    """Return a series of milliseconds in a line."""
    middle, high = percentile(values, 50), percentile(values, 99)
    return f"median {middle:.1f}, p99 {high:.1f}, max {max(values):.1f} ms"
