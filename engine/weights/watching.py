"""What someone who waits for weights is told, and how they stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Step(StrEnum):
    """What is being done."""

    DOWNLOADING = "downloading"
    COPYING = "copying"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is, over all its files."""

    step: Step
    done_bytes: int
    total_bytes: int


class Stopped(Exception):
    """The user does not want the weights any more, or not now; what arrived is kept."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom to tell, on the thread that works, and the flag that stops it."""

    report: Callable[[Progress], None] = lambda _: None
    stopped: threading.Event = field(default_factory=threading.Event)

    def tell(self, step: Step, done_bytes: int, total_bytes: int) -> None:
        """Report. Raises Stopped."""
        if self.stopped.is_set():
            raise Stopped
        self.report(Progress(step, done_bytes, total_bytes))

    def pause(self, seconds: float) -> None:
        """Wait. Raises Stopped at once where that is asked for."""
        if self.stopped.wait(seconds):
            raise Stopped
