"""What the queue tells those who watch it: facts in the past tense, told from the queue's own thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.catalogue.compositions import Halt
from engine.catalogue.jobs import Cell, JobState


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job is in another state; `words` say why it gave no picture, `result_name` where its picture is."""

    batch_id: int
    job_id: int
    cell: Cell
    state: JobState
    words: str = ""
    result_name: str = ""


@dataclass(frozen=True, slots=True)
class BatchChanged:
    """A batch has begun, has come to its end, or stands still for the reason of `halt`."""

    batch_id: int
    running: bool
    counts: Mapping[JobState, int]
    halt: Halt | None = None


Told = JobChanged | BatchChanged
Report = Callable[[Told], None]
