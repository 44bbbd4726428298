from __future__ import annotations

from engine.services.limits import MinuteLimit


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
