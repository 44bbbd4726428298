"""The steps of a job that state and money take together, each in one transaction, in the order that survives a kill.

`begin` is on the disk before a request leaves; `finish` comes after the picture is saved. What lies between is found
again at the next start, in state *sending*.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.catalogue.compositions import Compositions
from engine.catalogue.database import Database
from engine.catalogue.jobs import Job, JobFailure, JobState, Result
from engine.catalogue.ledger import Bill, Caps, Charge, Ledger
from engine.services.service import ServiceFailed


class Booking:
    """Moves jobs and books their cost. Any thread."""

    def __init__(
        self, database: Database, compositions: Compositions, ledger: Ledger, today: Callable[[], date]
    ) -> None:
        self._database = database
        self._compositions = compositions
        self._ledger = ledger
        self._today = today

    def begin(self, job: Job, day_cap: int, result_stem: str) -> int | None:
        """Reserve the price and mark the job as being sent; return the attempt, None if it waits no more.

        Raises BudgetExceeded, with nothing changed.
        """
        with self._database.write_through():
            attempt = self._compositions.states.claim(job.id, result_stem)
            if attempt is None:
                return None
            caps = Caps(day_cap, self._compositions.batch(job.batch_id).budget)
            self._ledger.reserve(Charge(job.batch_id, job.id, attempt, job.model, job.price), caps, self._today())
        return attempt

    def finish(self, job_id: int, attempt: int, result: Result, bill: Bill) -> None:
        """Record a saved picture and what it cost."""
        with self._database.write_through():
            self._compositions.states.finish(job_id, result)
            if (entry_id := self._ledger.find_entry(job_id, attempt)) is not None:
                self._ledger.settle(entry_id, bill)

    def fail(
        self,
        job_id: int,
        attempt: int,
        failure: ServiceFailed,
        state: JobState,
        *,
        maybe_billed: bool,
        bill: Bill | None = None,
    ) -> None:
        """Record why an attempt gave no picture and what becomes of the job.

        It counts as spent by its `bill`, or in full where it may have been billed.
        """
        told = JobFailure(failure.family, failure.reason, failure.message, failure.hint)
        with self._database.write():
            self._compositions.states.fail(job_id, state, told, failure.model_text, failure.request_id)
            entry_id = self._ledger.find_entry(job_id, attempt)
            if entry_id is None:
                return
            if bill is not None:
                self._ledger.settle(entry_id, bill)
            elif maybe_billed:
                self._ledger.mark_maybe_billed(entry_id, failure.request_id)
            else:
                self._ledger.release(entry_id, failure.request_id)
