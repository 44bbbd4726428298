"""A Gemini Developer API of our own on loopback: the recorded wire format, real pictures, and every fault on demand.

In a test:

    with gemini_server(latency_s=0.1) as gemini:
        gemini.faults.append(Fault.IMAGE_SAFETY)      # the next request gets it; `by_prompt` and `rate` are other ways
        ...                                           # gemini.address, gemini.records, gemini.billed("a prompt")

As a process of its own, for tests that kill its clients; it prints its address and appends a line for each request to
the tally the moment it has been accepted, before it is answered:

    python -m tests.helpers.gemini_server --latency 0.5 --faults 0.05 --seed 7 --tally billed.jsonl

A request is billed if the picture was made, whether or not its answer arrives whole. `GET /tally` counts them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.helpers.gemini_wire import BILLED, Asked, Fault, answer, error
from tests.helpers.loopback import Reply, Request, running

KEY = "AIzaSyTestKeyOfTheLoopbackServer0123456"
SLOW_S = 3600.0


@dataclass(frozen=True, slots=True)
class Record:
    """One accepted request: what was asked, which fault it met, whether its picture was made."""

    asked: Asked
    fault: Fault | None
    billed: bool


@dataclass(slots=True)
class GeminiServer:
    """State and knobs of the server; knobs may be turned while it runs."""

    latency_s: float = 0.0
    rate: float = 0.0
    kinds: Sequence[Fault] = tuple(Fault)
    seed: int = 0
    tally: Path | None = None
    key: str = KEY
    image_versions: Sequence[str] = ("v1", "v1beta")
    models: Sequence[str] = ("gemini-nano-banana-2.1", "gemini-3-pro-image")
    address: str = ""
    faults: deque[Fault | None] = field(default_factory=deque)
    by_prompt: dict[str, Fault] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def billed(self, prompt: str) -> int:
        """Return how many pictures were made, and are to be paid, for this very prompt."""
        return sum(record.billed for record in self.records if record.asked.prompt == prompt)

    async def answer(self, request: Request) -> Reply | None:
        """Answer one request as the service would."""
        self.headers.append(dict(request.headers))
        if request.path == "/tally":
            billed = Counter(record.asked.prompt for record in self.records if record.billed)
            return Reply(body=json.dumps(billed).encode())
        if (refusal := self._refusal_of_key(request.headers.get("x-goog-api-key"))) is not None:
            return refusal
        if request.method == "GET":
            names = [
                {"name": f"models/{name}", "supportedGenerationMethods": ["generateContent"]} for name in self.models
            ]
            return Reply(body=json.dumps({"models": names}).encode())
        return await self._generate(request)

    async def _generate(self, request: Request) -> Reply | None:
        _, version, resource = request.path.split("/", 2)
        asked = Asked.of(version, resource.removeprefix("models/").removesuffix(":generateContent"), request.body)
        if version not in self.image_versions:
            return error(
                400,
                "INVALID_ARGUMENT",
                "Invalid JSON payload received. Unknown name \"imageConfig\" at 'generation_config'.",
            )
        fault = self._fault_for(asked)
        self._keep(Record(asked, fault, fault is None or fault in BILLED))
        await asyncio.sleep(SLOW_S if fault is Fault.SLOW else self.latency_s)
        return answer(asked, fault, len(self.records))

    def _refusal_of_key(self, key: str | None) -> Reply | None:
        if key is None:
            return error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        return None if key == self.key else answer(Asked.of("", "", b"{}"), Fault.KEY_INVALID, 0)

    def _fault_for(self, asked: Asked) -> Fault | None:
        if asked.model not in self.models:
            return Fault.MODEL_RETIRED
        for words, fault in self.by_prompt.items():
            if words in asked.prompt:
                return fault
        if self.faults:
            return self.faults.popleft()
        return self._chance.choice(self.kinds) if self._chance.random() < self.rate else None

    def _keep(self, record: Record) -> None:
        self.records.append(record)
        if self.tally is not None:
            line: dict[str, Any] = {"prompt": record.asked.prompt, "fault": record.fault, "billed": record.billed}
            with self.tally.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(line) + "\n")


@contextmanager
def gemini_server(port: int = 0, **knobs: Any) -> Iterator[GeminiServer]:
    """Yield a running server; `knobs` are the fields of GeminiServer."""
    server = GeminiServer(**knobs)
    with running(server.answer, port) as server.address:
        yield server


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests that meet a fault, 0…1")
    parser.add_argument("--kinds", default="", help=f"which, by comma; all if not given: {', '.join(Fault)}")
    parser.add_argument(
        "--for-prompt", action="append", default=[], metavar="WORDS=FAULT", help="by words in the prompt"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--tally", type=Path, help="a JSON line for each accepted request")
    chosen = parser.parse_args()
    kinds = [Fault(kind) for kind in chosen.kinds.split(",") if kind] or list(Fault)
    by_prompt = {words: Fault(fault) for words, _, fault in (pair.partition("=") for pair in chosen.for_prompt)}
    with gemini_server(
        chosen.port,
        latency_s=chosen.latency,
        rate=chosen.faults,
        kinds=kinds,
        seed=chosen.seed,
        key=chosen.key,
        tally=chosen.tally,
        by_prompt=by_prompt,
    ) as server:
        print(server.address, flush=True)  # noqa: T201 - the address is this program's answer
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
