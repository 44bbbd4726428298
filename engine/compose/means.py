"""What batches are made with: handed to the queue by whoever opens the library, so that tests hand over others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from engine.catalogue.compositions import Batch, Compositions
from engine.catalogue.jobs import Job
from engine.compose.booking import Booking
from engine.compose.generators.generator import Generator, OutgoingPicture
from engine.compose.progress import Report
from engine.compose.saving import Saver
from engine.services.limits import MinuteLimit
from engine.services.service import Usage

_T = TypeVar("_T")


class Aside(Protocol):
    """Runs a blocking function in the queue's threads."""

    def __call__(self, function: Callable[..., _T], *values: Any) -> Awaitable[_T]: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a queue sends: requests at once, in a minute (0: no limit), and the longest time for one."""

    concurrency: int = 4
    requests_per_minute: int = 0
    deadline_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is replaced in tests: the monotonic clock in seconds, waiting, and random numbers in [0, 1)."""

    clock: Callable[[], float]
    sleep: Callable[[float], Coroutine[Any, Any, None]]
    random: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Means:
    """What batches are made with.

    `generator_of` may block, and returns what makes the generator on the queue's loop; `pictures_of` makes ready what a
    job sends; `cost_of` says what an answer cost by its own account, None if it has none; `day_cap` is asked before
    each request. Amounts are micro-USD.
    """

    compositions: Compositions
    booking: Booking
    saver: Saver
    generator_of: Callable[[Batch], Callable[[], Generator]]
    pictures_of: Callable[[Job], tuple[OutgoingPicture, ...]]
    cost_of: Callable[[Job, Usage], int | None]
    day_cap: Callable[[], int]
    pace: Pace
    report: Report


@dataclass(frozen=True, slots=True)
class Bench:
    """What all runs of one queue share."""

    slots: asyncio.Semaphore
    limit: MinuteLimit
    surroundings: Surroundings
    aside: Aside
