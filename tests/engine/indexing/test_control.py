from __future__ import annotations

import pytest

from engine.indexing import control
from engine.indexing.control import Control, Progress, ProgressMeter


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(control, "time", clock)
    return clock


def test_progress_is_reported_at_most_ten_times_a_second(clock: Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(1000, reports.append)
    for _ in range(1000):
        clock.now += 0.001
        meter.count(1, 0)
    assert 9 <= len(reports) <= 11


def test_rate_and_time_left_follow_the_last_seconds(clock: Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(1000, reports.append)
    for _ in range(60):
        clock.now += 1
        meter.count(1, 0)
    for _ in range(20):
        clock.now += 1
        meter.count(10, 0)
    assert reports[-1].rate == pytest.approx(10, rel=0.05)
    assert reports[-1].seconds_left == pytest.approx((1000 - 260) / 10, rel=0.05)


def test_files_beyond_the_expected_total_raise_it(clock: Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(1, reports.append)
    clock.now += 1
    meter.count(3, 1)
    assert (reports[-1].total, reports[-1].done, reports[-1].failed) == (4, 3, 1)


def test_cancel_wakes_a_paused_run() -> None:
    steering = Control()
    steering.pause()
    assert steering.paused
    steering.cancel()
    steering.wait_if_paused()
    assert steering.cancelled
