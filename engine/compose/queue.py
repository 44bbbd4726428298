"""Runs batches: durable jobs go to a generator on a loop of the queue's own, and survive whatever ends the process.

Part of a Library that may write. Any thread may call it; it tells of progress from its own thread. Invariant: of each
data directory one queue runs, so a job in state *sending* at its start was cut off.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any, TypeVar

from engine.catalogue.compositions import Batch, Halt
from engine.compose.batch_run import PAUSED, BatchRun
from engine.compose.means import Bench, Means, Surroundings
from engine.compose.progress import BatchChanged, JobChanged
from engine.compose.recovery import recover
from engine.errors import PropmasterError
from engine.services.limits import MinuteLimit

THREADS = 4
CLOSING_GRACE_S = 5.0
REAL = Surroundings(time.monotonic, asyncio.sleep, random.random)

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Queue:
    """Sends the waiting jobs of batches. Close it; what is on its way then is given a few seconds."""

    def __init__(self, means: Means, surroundings: Surroundings = REAL) -> None:
        self._means = means
        self._loop = asyncio.new_event_loop()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="composing")
        pace = means.pace
        self._bench = Bench(
            asyncio.Semaphore(pace.concurrency), MinuteLimit(pace.requests_per_minute), surroundings, self._aside
        )
        self._lock = threading.Lock()
        self._futures: dict[int, Future[Halt | None]] = {}
        self._live: set[int] = set()
        self._again: set[int] = set()
        # Of the loop's thread only. A batch may be paused before its run is made.
        self._runs: dict[int, BatchRun] = {}
        self._paused: set[int] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="compositions", daemon=True)
        self._thread.start()

    def start(self, batch_id: int) -> Future[Halt | None]:
        """Send what waits in a batch; the future gives None at its end, or why it stands still.

        Jobs that an earlier process left behind are looked after first. A batch that runs already looks for further
        jobs before it ends.
        """
        with self._lock:
            # Not when the run begins: a pause may come before it.
            self._loop.call_soon_threadsafe(self._paused.discard, batch_id)
            if batch_id in self._live:
                self._again.add(batch_id)
            else:
                self._live.add(batch_id)
                self._futures[batch_id] = asyncio.run_coroutine_threadsafe(self._run(batch_id), self._loop)
            return self._futures[batch_id]

    def pause(self, batch_id: int) -> None:
        """Send nothing more of a batch; what is on its way comes in."""
        with self._lock:
            self._again.discard(batch_id)
            running = self._futures.get(batch_id)
            if running is not None and not running.done():
                self._loop.call_soon_threadsafe(self._pause, batch_id)

    def cancel(self, batch_id: int, job_ids: Sequence[int]) -> int:
        """Cancel jobs wherever they are; return how many had not left. The others may be billed all the same."""
        cancelled = self._means.compositions.states.cancel(job_ids)
        if cancelled:
            self._means.report(self._changed(batch_id))
        self._loop.call_soon_threadsafe(self._drop, batch_id, tuple(job_ids))
        return len(cancelled)

    def close(self, grace_s: float = CLOSING_GRACE_S) -> None:
        """Pause everything, wait so long for what is on its way, then give that up as maybe billed. May be repeated."""
        if self._loop.is_closed():
            return
        with self._lock:
            self._again.clear()
            running = {batch_id: one for batch_id, one in self._futures.items() if not one.done()}
        for batch_id in running:
            self.pause(batch_id)
        wait(running.values(), grace_s)
        self._loop.call_soon_threadsafe(self._abandon)
        wait(running.values())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._threads.shutdown()
        self._loop.close()

    def _pause(self, batch_id: int) -> None:
        self._paused.add(batch_id)
        if batch_id in self._runs:
            self._runs[batch_id].halt(PAUSED)

    def _drop(self, batch_id: int, job_ids: Sequence[int]) -> None:
        if batch_id in self._runs:
            for job_id in job_ids:
                self._runs[batch_id].cancel(job_id)

    def _abandon(self) -> None:
        for run in self._runs.values():
            run.abandon()

    async def _run(self, batch_id: int) -> Halt | None:
        while True:
            halt = await self._run_once(batch_id)
            with self._lock:
                if batch_id not in self._again:
                    self._live.discard(batch_id)
                    return halt
                self._again.discard(batch_id)

    async def _run_once(self, batch_id: int) -> Halt | None:
        compositions = self._means.compositions
        halt: Halt | None
        try:
            batch = await self._aside(compositions.batch, batch_id)
            await self._aside(compositions.halt, batch_id, None)
            for job in await self._aside(recover, compositions, self._means.booking, self._means.saver, batch_id):
                self._means.report(JobChanged(batch_id, job.id, job.cell, job.state, result_name=job.result_name or ""))
            self._means.report(replace(await self._aside(self._changed, batch_id), running=True))
            halt = await self._with_generator(batch)
        except PropmasterError as error:
            halt = Halt.of(error)
        except Exception:  # noqa: BLE001 - a bug in one batch must not stop the others
            _log.exception("batch %s ended by a bug", batch_id)
            halt = Halt("internal_error", "Something went wrong inside Propmaster. Please report it.")
        if halt is not None:
            await self._aside(compositions.halt, batch_id, halt)
        self._means.report(replace(await self._aside(self._changed, batch_id), halt=halt))
        return halt

    async def _with_generator(self, batch: Batch) -> Halt | None:
        make_generator = await self._aside(self._means.generator_of, batch)
        generator = make_generator()
        run = BatchRun(batch, generator, self._means, self._bench)
        if batch.id in self._paused:
            run.halt(PAUSED)
        self._runs[batch.id] = run
        try:
            return await run.run()
        finally:
            del self._runs[batch.id]
            await generator.close()

    def _changed(self, batch_id: int) -> BatchChanged:
        return BatchChanged(batch_id, running=False, counts=self._means.compositions.jobs.counts(batch_id))

    def _aside(self, function: Callable[..., _T], *values: Any) -> Awaitable[_T]:
        return self._loop.run_in_executor(self._threads, function, *values)
