"""What a failed request asks for: another attempt after a wait, the user's decision, or a halt of the whole batch.

Pure. Invariant: what may have been billed is never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.catalogue.jobs import Job, JobState
from engine.compose.generators.generator import Family, GenerationFailed

LONGEST_WAIT_S = 60.0
FIRST_WAIT_S = 1.0
RETRIES = {Family.RETRY: 3, Family.RETRY_ONCE: 1}
SAME_FAILURES = 5
"""So many jobs in a row that fail for one reason are no accident; the next thousand would fail as well."""
SAME_REFUSALS = 25
"""Refusals depend on the references, which neighbours in a matrix share."""

STOPPED = "stopped"
"""The reason of a request that was given up because the program ends."""

_HALTING = frozenset(
    {
        "access_refused",
        "bad_address",
        "bad_key",
        "bad_proxy",
        "location",
        "missing_key",
        "model_gone",
        "no_credentials",
        "no_interface",
        "quota_used_up",
        "redirected",
    }
)
_PICTURE_CAME = frozenset({"undecodable", "blank_picture"})


def halts_batch(failure: GenerationFailed) -> bool:
    """Return whether every other job would fail in the same way."""
    return failure.reason in _HALTING


def may_be_billed(failure: GenerationFailed, job: Job) -> bool:
    """Return whether the attempt may cost something; a damaged picture was made, whatever became of it."""
    return job.price > 0 and (failure.maybe_billed or failure.reason in _PICTURE_CAME)


def state_after(failure: GenerationFailed, job: Job) -> JobState:
    """Return what a job is when it is not tried again."""
    if failure.family is Family.ASK:
        return JobState.REFUSED
    if failure.reason == STOPPED and not job.price:
        return JobState.WAITING
    return JobState.MAYBE_BILLED if may_be_billed(failure, job) else JobState.FAILED


def wait_before_retry(failure: GenerationFailed, job: Job, retries: int, random: Callable[[], float]) -> float | None:
    """Return the seconds to wait before another attempt after so many retries, None where there is none.

    Doubles from one second, with jitter; what the service asks for is kept, up to a minute.
    """
    if retries >= RETRIES.get(failure.family, 0) or may_be_billed(failure, job):
        return None
    if failure.retry_after_s is not None:
        return min(LONGEST_WAIT_S, failure.retry_after_s) + FIRST_WAIT_S * random()
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * (1 << retries)) * (0.5 + random() / 2)


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

    def goes_on(self, job_id: int, failure: GenerationFailed) -> bool:
        """Count a job and return whether the row is long enough to stop."""
        if failure.reason != self._reason:
            self._reason, self._job_ids = failure.reason, []
        self._job_ids.append(job_id)
        return len(self._job_ids) >= (SAME_REFUSALS if failure.family is Family.ASK else SAME_FAILURES)
