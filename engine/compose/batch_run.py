"""One batch while it runs: its waiting jobs go to the generator, a few at a time, until none waits or it must halt.

Belongs to the queue's loop; what reads, writes or computes is done in its threads. Invariant: a request leaves only
after `Booking.begin` has it on the disk, and a job is done only after its picture is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import replace
from functools import partial

from engine.catalogue.compositions import Batch, Halt
from engine.catalogue.jobs import Job, JobState
from engine.catalogue.ledger import Bill
from engine.compose.answering import Answers
from engine.compose.generators.generator import GenerationRequest, Generator
from engine.compose.means import Bench, Means
from engine.compose.progress import JobChanged
from engine.compose.results_folder import ResultsFolder
from engine.compose.retrying import STOPPED, Streak, may_be_billed, state_after, wait_before_retry
from engine.errors import BudgetExceeded, DataDirectoryUnusable, DiskFull, PropmasterError, ResultsFolderUnusable
from engine.images.result import ResultRejected
from engine.services.patience import concerns_all
from engine.services.service import Family, ServiceFailed, Usage

PREPARED_AHEAD = 2
"""Jobs beyond those being sent whose pictures are made ready or saved meanwhile."""

PAUSED = Halt("paused", "Paused.")
_NOT_SENT = ServiceFailed(Family.GIVE_UP, "cancelled", "It was cancelled before it was sent.")
_HALTING_ERRORS = (BudgetExceeded, DataDirectoryUnusable, DiskFull, ResultsFolderUnusable)


class BatchRun:
    """A batch from its start until it ends or halts; then a new run takes its place."""

    def __init__(self, batch: Batch, generator: Generator, means: Means, bench: Bench) -> None:
        self._batch = batch
        self._means = means
        self._aside = bench.aside
        self._limit = bench.limit
        self._surroundings = bench.surroundings
        self._answers = Answers(generator, means.pace.deadline_s, bench.surroundings.sleep)
        self._slots = bench.slots
        self._streak = Streak()
        self._waiting: deque[int] = deque()
        self._resting: dict[int, asyncio.Task[None]] = {}
        self._cancelled: set[int] = set()
        self._halt: Halt | None = None
        self._abandoned = False
        self._told_to_wait = False

    async def run(self) -> Halt | None:
        """Send what waits; return None when nothing is left to send, or why it stands still."""
        means = self._means
        self._waiting.extend(await self._aside(means.compositions.jobs.waiting, self._batch.id))
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(means.pace.concurrency + PREPARED_AHEAD, len(self._waiting))):
                workers.create_task(self._work())
        if self._halt is PAUSED and not await self._aside(means.compositions.jobs.waiting, self._batch.id):
            return None
        return self._halt

    def halt(self, halt: Halt) -> None:
        """Send nothing more; what is on its way comes in. The first reason stays."""
        self._halt = self._halt or halt
        for resting in self._resting.values():
            resting.cancel()

    def cancel(self, job_id: int) -> None:
        """Do not wait for a job's answer, if it is on its way; it may be billed all the same."""
        self._cancelled.add(job_id)
        self._answers.drop(job_id)
        if job_id in self._resting:
            self._resting[job_id].cancel()

    def abandon(self) -> None:
        """Wait for no answer any more: the program ends."""
        self.halt(PAUSED)
        self._abandoned = True
        self._answers.drop_all()

    async def _work(self) -> None:
        while self._waiting and self._halt is None:
            job_id = self._waiting.popleft()
            try:
                await self._make(job_id)
            except _HALTING_ERRORS as error:
                self.halt(Halt.of(error))

    async def _make(self, job_id: int) -> None:
        means = self._means
        job = await self._aside(means.compositions.jobs.find, job_id)
        if job is None or job.state is not JobState.WAITING:
            return
        try:
            pictures = await self._aside(means.pictures_of, job)
        except _HALTING_ERRORS:
            raise
        except PropmasterError as error:
            unsendable = ServiceFailed(Family.GIVE_UP, error.code, error.message, error.hint)
            await self._put_down(job, unsendable, JobState.FAILED)
            return
        request = GenerationRequest(job.model, job.prompt, pictures, job.size, job.ratio)
        retries = 0
        while (wait := await self._attempt(job, request, retries)) is not None:
            retries += 1
            if not await self._rest(job_id, wait):
                return

    async def _attempt(self, job: Job, request: GenerationRequest, retries: int) -> float | None:
        """Send a job once; return the seconds after which to try again, None when it is settled or may not go on."""
        means = self._means
        async with self._slots:
            sent = await self._begin(job)
            if sent is None:
                return None
            if self._abandoned or job.id in self._cancelled:
                await self._put_down(sent, _NOT_SENT, JobState.WAITING if self._abandoned else JobState.CANCELLED)
                return None
            try:
                picture = await self._answers.of(sent.id, request)
            except ServiceFailed as failure:
                return await self._failed(sent, failure, retries)
        bill = self._bill(sent, picture.usage, picture.request_id) or Bill(sent.price, request_id=picture.request_id)
        try:
            result = await self._aside(means.saver.save, self._batch, sent, picture, bill)
        except ResultRejected as error:
            damaged = ServiceFailed(Family.RETRY_ONCE, "undecodable", error.message, error.hint)
            return await self._failed(sent, damaged, retries)
        await self._aside(means.booking.finish, sent.id, sent.attempts, result, bill)
        self._streak.broken()
        self._told_to_wait = False
        self._tell(sent, JobState.DONE, result_name=result.name)
        return None

    async def _begin(self, job: Job) -> Job | None:
        """Book a job when it is its turn and return it as it is being sent, None if it is not to be sent."""
        means = self._means
        while self._halt is None and (wait := self._limit.take(self._surroundings.clock())):
            if not await self._rest(job.id, wait):
                return None
        if self._halt is not None or job.id in self._cancelled:
            return None
        await self._aside(ResultsFolder(self._batch.results_folder).require_usable)
        stem = await self._aside(means.saver.stem_for, self._batch, job)
        attempt = await self._aside(means.booking.begin, job, means.day_cap(), stem)
        if attempt is None:
            return None
        self._tell(job, JobState.SENDING)
        return await self._aside(means.compositions.jobs.find, job.id)

    async def _failed(self, job: Job, failure: ServiceFailed, retries: int) -> float | None:
        means = self._means
        billed = may_be_billed(failure, job)
        if concerns_all(failure):
            await self._put_down(job, failure, JobState.WAITING)
            self.halt(Halt.of(failure))
            return None
        if job.id in self._cancelled:
            await self._put_down(job, failure, JobState.CANCELLED)
            return None
        wait = wait_before_retry(failure, job, retries, self._surroundings.random)
        if wait is not None:
            await self._put_down(job, failure, JobState.WAITING)
            if failure.retry_after_s is not None:
                # One alone may be chance; from the second on the service means every request.
                if self._told_to_wait:
                    self._limit.close_until(self._surroundings.clock() + wait)
                self._told_to_wait = True
            return wait
        await self._put_down(job, failure, state_after(failure, job))
        if failure.reason != STOPPED and self._streak.goes_on(job.id, failure):
            row, halt = self._streak.job_ids, Halt.of(failure)
            self.halt(replace(halt, words=f"{len(row)} jobs in a row failed for the same reason. {halt.words}"))
            if failure.family is Family.RETRY and not billed:
                await self._aside(means.compositions.states.wait_again, row)
        return None

    async def _put_down(self, job: Job, failure: ServiceFailed, state: JobState) -> None:
        means = self._means
        bill = self._bill(job, failure.usage, failure.request_id) if failure.usage else None
        book = partial(means.booking.fail, maybe_billed=may_be_billed(failure, job), bill=bill)
        await self._aside(book, job.id, job.attempts, failure, state)
        self._tell(job, state, words=failure.message)

    def _bill(self, job: Job, usage: Usage, request_id: str) -> Bill | None:
        """Return what an answer cost by its own account, None if it has none."""
        cost = self._means.cost_of(job, usage)
        return None if cost is None else Bill(cost, usage.input_tokens, usage.output_tokens, request_id)

    async def _rest(self, job_id: int, seconds: float) -> bool:
        """Wait; return False where the batch halts or the job is cancelled meanwhile."""
        resting = asyncio.ensure_future(self._surroundings.sleep(seconds))
        self._resting[job_id] = resting
        with suppress(asyncio.CancelledError):
            await asyncio.wait((resting,))
        del self._resting[job_id]
        return self._halt is None and job_id not in self._cancelled

    def _tell(self, job: Job, state: JobState, *, words: str = "", result_name: str = "") -> None:
        self._means.report(JobChanged(job.batch_id, job.id, job.cell, state, words, result_name))
