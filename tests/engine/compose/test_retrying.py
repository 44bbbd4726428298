from __future__ import annotations

import pytest

from engine.catalogue.jobs import Cell, Job, JobState, Verdict
from engine.compose.retrying import Streak, may_be_billed, state_after, wait_before_retry
from engine.services.service import Family, ServiceFailed


def job(price: int) -> Job:
    return Job(
        1, 1, None, Cell((0,)), JobState.SENDING, 1, "p", "m", "1K", "1:1", price, (), None, "", "", None, None, None,
        Verdict.NONE, "", None, None,
    )  # fmt: skip


PAID, FREE = job(33_600), job(0)


def failed(family: Family, reason: str = "server_fault", *, lost: bool = False) -> ServiceFailed:
    return ServiceFailed(family, reason, "It failed.", maybe_billed=lost)


@pytest.mark.parametrize(
    ("failure", "of_paid", "of_free"),
    [
        (failed(Family.ASK), JobState.REFUSED, JobState.REFUSED),
        (failed(Family.GIVE_UP), JobState.FAILED, JobState.FAILED),
        (failed(Family.RETRY, lost=True), JobState.MAYBE_BILLED, JobState.FAILED),
        (failed(Family.RETRY_ONCE, "undecodable"), JobState.MAYBE_BILLED, JobState.FAILED),
        (failed(Family.GIVE_UP, "stopped", lost=True), JobState.MAYBE_BILLED, JobState.WAITING),
    ],
    ids=["refusal", "give up", "lost", "damaged", "program ended"],
)
def test_what_becomes_of_a_job_that_is_not_tried_again(
    failure: ServiceFailed, of_paid: JobState, of_free: JobState
) -> None:
    assert (state_after(failure, PAID), state_after(failure, FREE)) == (of_paid, of_free)


def test_what_may_be_billed_is_never_tried_again_by_itself() -> None:
    for failure in (failed(Family.RETRY, lost=True), failed(Family.RETRY_ONCE, "undecodable")):
        assert may_be_billed(failure, PAID)
        assert wait_before_retry(failure, PAID, 0, lambda: 0.0) is None
        assert wait_before_retry(failure, FREE, 0, lambda: 0.0) is not None


def test_waits_double_and_jitter_shortens_them_by_half_at_most() -> None:
    failure = failed(Family.RETRY)
    assert [wait_before_retry(failure, PAID, n, lambda: 0.0) for n in range(4)] == [0.5, 1.0, 2.0, None]
    assert [wait_before_retry(failure, PAID, n, lambda: 1.0) for n in range(4)] == [1.0, 2.0, 4.0, None]


def test_row_of_failures_ends_with_a_picture_or_another_reason() -> None:
    streak = Streak()
    offline = failed(Family.RETRY, "unreachable")
    assert not any(streak.goes_on(n, offline) for n in range(4))
    streak.broken()
    assert not any(streak.goes_on(n, offline) for n in range(4))
    assert not streak.goes_on(5, failed(Family.RETRY, "server_fault"))
    assert [streak.goes_on(n, offline) for n in range(6, 11)] == [False] * 4 + [True]
    assert streak.job_ids == (6, 7, 8, 9, 10)
