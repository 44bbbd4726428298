from __future__ import annotations

import pytest

from engine.catalogue.jobs import Cell, Job, JobState, Verdict
from engine.compose.generators.generator import Family, GenerationFailed
from engine.compose.limits import MinuteLimit
from engine.compose.retrying import Streak, may_be_billed, state_after, wait_before_retry


def job(price: int) -> Job:
    return Job(
        1, 1, None, Cell((0,)), JobState.SENDING, 1, "p", "m", "1K", "1:1", price, (), None, "", "", None, None, None,
        Verdict.NONE, "", None, None,
    )  # fmt: skip


PAID, FREE = job(33_600), job(0)


def failed(family: Family, reason: str = "server_fault", *, lost: bool = False) -> GenerationFailed:
    return GenerationFailed(family, reason, "It failed.", maybe_billed=lost)


def test_limit_counts_any_sixty_seconds_not_clock_minutes() -> None:
    limit = MinuteLimit(2)
    assert [limit.take(50.0), limit.take(55.0), limit.take(61.0)] == [0.0, 0.0, 49.0]
    assert limit.take(110.0) == 0.0
    assert limit.take(111.0) == 4.0


def test_no_limit_grants_every_turn() -> None:
    limit = MinuteLimit(0)
    assert {limit.take(1.0) for _ in range(1000)} == {0.0}


def test_closed_limit_opens_at_the_latest_moment_asked_for() -> None:
    limit = MinuteLimit(0)
    limit.close_until(40.0)
    limit.close_until(20.0)
    assert [limit.take(10.0), limit.take(40.0)] == [30.0, 0.0]


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
    failure: GenerationFailed, of_paid: JobState, of_free: JobState
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
