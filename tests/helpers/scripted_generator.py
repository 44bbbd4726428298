"""A generator that does what a test tells it, prompt by prompt, and a clock that only moves when someone waits."""

from __future__ import annotations

import asyncio
import io
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache

from PIL import Image

from engine.compose.generators.generator import GeneratedPicture, GenerationRequest
from engine.compose.means import Surroundings
from engine.services.service import Family, ServiceFailed, Usage

DEADLINE_S = 300.0


class Behaviour(Enum):
    """What the generator can do besides answering and failing."""

    HANG = auto()
    BUG = auto()


Outcome = ServiceFailed | bytes | Behaviour | Callable[[], None]


def failure(reason: str, family: Family = Family.RETRY, *, retry_after_s: float | None = None) -> ServiceFailed:
    """Return a failure that is surely not billed."""
    return ServiceFailed(family, reason, f"It failed: {reason}.", "Do this.", retry_after_s=retry_after_s)


def lost(reason: str = "cut_off") -> ServiceFailed:
    """Return a failure that may be billed."""
    return ServiceFailed(Family.RETRY, reason, "The answer was lost.", maybe_billed=True)


@cache
def picture(seed: int = 0) -> bytes:
    """Return a small picture that is not blank."""
    image = Image.linear_gradient("L").resize((48, 48)).rotate(90 * (seed % 4))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


@dataclass
class ScriptedGenerator:
    """Serves what `script` holds for a prompt, in order, then pictures. Counts what it was asked and what is open."""

    script: defaultdict[str, deque[Outcome]] = field(default_factory=lambda: defaultdict(deque))
    always: Outcome | None = None
    asked: list[str] = field(default_factory=list)
    sent: list[GenerationRequest] = field(default_factory=list)
    open: int = 0
    most_open: int = 0
    closed: int = 0
    hanging: threading.Event = field(default_factory=threading.Event)
    together: int = 1
    """Requests wait until so many are open."""
    name: str = "scripted"
    _barrier: asyncio.Barrier | None = None

    def will(self, prompt: str, *outcomes: Outcome) -> None:
        """Say what the next requests with a prompt meet."""
        self.script[prompt].extend(outcomes)

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Do what is written for this prompt."""
        self.asked.append(request.prompt)
        self.sent.append(request)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._meet()
            return await self._outcome(request)
        finally:
            self.open -= 1

    async def _meet(self) -> None:
        if self._barrier is None:
            self._barrier = asyncio.Barrier(self.together)
        await self._barrier.wait()

    async def _outcome(self, request: GenerationRequest) -> GeneratedPicture:
        script = self.script[request.prompt]
        outcome = script.popleft() if script else self.always
        if outcome is Behaviour.HANG:
            self.hanging.set()
            await asyncio.Event().wait()
        if outcome is Behaviour.BUG:
            raise ZeroDivisionError("the key is AIzaSecret")
        if isinstance(outcome, ServiceFailed):
            raise outcome
        if callable(outcome):
            outcome()
        data = outcome if isinstance(outcome, bytes) else picture()
        return GeneratedPicture(data, "Here it is.", f"req-{len(self.asked)}", Usage(900, 1120))

    async def test_connection(self) -> str:
        """Answer at once."""
        return "fine"

    async def close(self) -> None:
        """Count it."""
        self.closed += 1


class StillTime:
    """A clock that waits move at once; only a generator's deadline passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self.held = False
        self._deadlines: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        """Move the clock; a deadline, and every wait while time is held, waits for `pass_on`."""
        deadline = seconds == DEADLINE_S
        if deadline or self.held:
            event = asyncio.Event()
            self._deadlines.append((asyncio.get_running_loop(), event))
        if not deadline:
            self.waits.append(seconds)
        if deadline or self.held:
            await event.wait()
        if not deadline:
            self.now += seconds
            await asyncio.sleep(0)

    def pass_on(self) -> None:
        """Let every wait and deadline so far pass."""
        self.held = False
        for loop, event in self._deadlines:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def surroundings(self) -> Surroundings:
        """Return this time for a queue."""
        return Surroundings(lambda: self.now, self.sleep, lambda: 1.0)
