from __future__ import annotations

from engine.embedding.batch_size import BatchSize


def fit(size: BatchSize, batches: int) -> list[int]:
    """Let so many batches fit; return the sizes that were tried."""
    tried = []
    for _ in range(batches):
        tried.append(size.now)
        size.fitted(size.now)
    return tried


def test_it_starts_as_planned_and_never_exceeds_it() -> None:
    size = BatchSize(64)
    assert set(fit(size, 500)) == {64}


def test_it_grows_back_after_a_calm_while() -> None:
    size = BatchSize(64)
    size.did_not_fit(64)
    tried = fit(size, 200)
    assert tried[0] == 32
    assert tried[-1] == 64


def test_workers_that_fail_together_halve_it_once() -> None:
    size = BatchSize(64)
    size.did_not_fit(64)
    size.did_not_fit(64)
    assert size.now == 32


def test_a_smaller_rest_tells_nothing_about_larger_batches() -> None:
    size = BatchSize(64)
    size.did_not_fit(64)
    for _ in range(500):
        size.fitted(5)
    assert size.now == 32


def test_it_waits_longer_after_every_failure() -> None:
    size = BatchSize(64)
    waits = []
    for _ in range(3):
        size.did_not_fit(64)
        tried = fit(size, 1000)
        waits.append(tried.index(64))
    assert waits == [64, 128, 256]
