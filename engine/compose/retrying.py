"""What becomes of a job whose request failed: another attempt, the user's decision, or an end.

Pure. Invariant: what may have been billed is never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.catalogue.jobs import Job, JobState
from engine.services import patience
from engine.services.service import Family, ServiceFailed

SAME_FAILURES = 5
"""So many jobs in a row that fail for one reason are no accident; the next thousand would fail as well."""
SAME_REFUSALS = 25
"""Refusals depend on the references, which neighbours in a matrix share."""

STOPPED = "stopped"
"""The reason of a request that was given up because the program ends."""

_PICTURE_CAME = frozenset({"undecodable", "blank_picture"})


def may_be_billed(failure: ServiceFailed, job: Job) -> bool:
    """Return whether the attempt may cost something; a damaged picture was made, whatever became of it."""
    return job.price > 0 and (failure.maybe_billed or failure.reason in _PICTURE_CAME)


def state_after(failure: ServiceFailed, job: Job) -> JobState:
    """Return what a job is when it is not tried again."""
    if failure.family is Family.ASK:
        return JobState.REFUSED
    if failure.reason == STOPPED and not job.price:
        return JobState.WAITING
    return JobState.MAYBE_BILLED if may_be_billed(failure, job) else JobState.FAILED


def wait_before_retry(failure: ServiceFailed, job: Job, retries: int, random: Callable[[], float]) -> float | None:
    """Return the seconds to wait before another attempt after so many retries, None where there is none."""
    return None if may_be_billed(failure, job) else patience.wait_before_retry(failure, retries, random)


class Streak:
    """Counts jobs in a row that end in the same way. Belongs to the queue's thread."""

    def __init__(self) -> None:
        self._reason = ""
        self._job_ids: list[int] = []

    @property
    def job_ids(self) -> tuple[int, ...]:
        """The jobs of the present row."""
        return tuple(self._job_ids)

    def broken(self) -> None:
        """Start anew: a picture came."""
        self._reason, self._job_ids = "", []

    def goes_on(self, job_id: int, failure: ServiceFailed) -> bool:
        """Count a job and return whether the row is long enough to stop."""
        if failure.reason != self._reason:
            self._reason, self._job_ids = failure.reason, []
        self._job_ids.append(job_id)
        return len(self._job_ids) >= (SAME_REFUSALS if failure.family is Family.ASK else SAME_FAILURES)
