"""How the outside steers a running index: pause, resume, cancel; and what it is told: progress."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PROGRESS_INTERVAL_S = 0.1
RATE_WINDOW_S = 10.0


class Control:
    """Shared between the thread that indexes and those that steer it."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._cancelled = threading.Event()
        self.was_paused = False
        """Whether work was ever held back, so that its time tells nothing of its speed."""

    def pause(self) -> None:
        """Finish what is in flight and start nothing new."""
        self.was_paused = True
        self._running.clear()

    def resume(self) -> None:
        """Go on after a pause."""
        self._running.set()

    def cancel(self) -> None:
        """Stop soon, for good; what is not finished stays in line."""
        self._cancelled.set()
        self._running.set()

    @property
    def cancelled(self) -> bool:
        """Return whether `cancel` was called."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Return whether work is held back."""
        return not self._running.is_set()

    def wait_if_paused(self) -> None:
        """Block while paused."""
        self._running.wait()

    def wait(self, seconds: float) -> bool:
        """Wait, less if cancelled; return whether cancelled."""
        return self._cancelled.wait(seconds)


@dataclass(frozen=True, slots=True)
class Build:
    """How far the vectors of an encoder are that is to take another's place: assets that have one, of all."""

    encoder: str
    done: int
    total: int

    @property
    def share(self) -> float:
        """Return how much is done, 0…1."""
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing is; `rate` in files a second over the last seconds, `seconds_left` None until it can be told.

    `build` is set while the files are read for an encoder that is to take another's place.
    """

    done: int
    failed: int
    total: int
    rate: float
    seconds_left: float | None
    build: Build | None = None


class ProgressMeter:
    """Counts outcomes and reports at most ten times a second. One thread counts at a time."""

    def __init__(self, total: int, report: Callable[[Progress], None]) -> None:
        self._total = total
        self._report = report
        self._done = 0
        self._failed = 0
        self._reported_at = 0.0
        self._marks: list[tuple[float, int]] = [(time.monotonic(), 0)]

    def count(self, done: int, failed: int) -> None:
        """Add finished and failed files."""
        self._done += done
        self._failed += failed
        if time.monotonic() - self._reported_at >= PROGRESS_INTERVAL_S:
            self.report()

    def report(self) -> None:
        """Report now, whenever the last report was."""
        now = self._reported_at = time.monotonic()
        finished = self._done + self._failed
        self._marks.append((now, finished))
        while len(self._marks) > 2 and now - self._marks[1][0] > RATE_WINDOW_S:
            self._marks.pop(0)
        then, before = self._marks[0]
        rate = (finished - before) / max(now - then, 1e-6)
        total = max(self._total, finished)
        left = (total - finished) / rate if rate > 0 else None
        self._report(Progress(self._done, self._failed, total, rate, left))
