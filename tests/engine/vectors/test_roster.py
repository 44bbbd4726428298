"""Lists of ids and versions."""

from __future__ import annotations

import numpy as np

from engine.vectors.roster import Roster, RosterLog


def roster(pairs: list[tuple[int, int]]) -> Roster:
    return Roster.gather([(np.array([id_], np.int64), np.array([version], np.int64)) for id_, version in pairs])


def test_missing_stale_and_repeated_ids_are_missing() -> None:
    truth = roster([(1, 1), (2, 5), (3, 1), (9, 1)])
    held = roster([(3, 1), (2, 4), (9, 1), (9, 1), (11, 1)])
    assert truth.missing_from(held).tolist() == [1, 2, 9]
    assert truth.missing_from(roster([])).tolist() == [1, 2, 3, 9]
    assert roster([]).missing_from(truth).tolist() == []


def test_digest_depends_on_content_and_not_on_order() -> None:
    assert roster([(1, 1), (2, 5)]).digest == roster([(2, 5), (1, 1)]).digest
    assert roster([(1, 1), (2, 5)]).digest != roster([(1, 5), (2, 1)]).digest


def test_log_settles_in_the_order_of_the_changes() -> None:
    log = RosterLog(roster([(1, 1), (2, 1)]))
    log.stored(np.array([2, 3]), np.array([2, 2]))
    log.removed(np.array([1, 3]))
    log.stored(np.array([3]), np.array([7]))
    assert log.settle().digest == roster([(2, 2), (3, 7)]).digest
    assert len(log.settle()) == 2
