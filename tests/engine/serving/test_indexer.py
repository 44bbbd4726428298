"""The indexer tells how far it is, also while it is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import protocol
from engine.indexing.control import Progress
from engine.library import Library
from engine.protocol import Activity
from engine.serving.indexer import Indexer


@pytest.fixture
def told() -> list[protocol.News]:
    return []


@pytest.fixture
def indexer(tmp_path: Path, told: list[protocol.News]) -> Iterator[Indexer]:
    with Library(tmp_path) as library:
        made = Indexer(library, told.append)
        yield made
        made.close()


def test_pausing_keeps_how_far_it_is(indexer: Indexer, told: list[protocol.News]) -> None:
    indexer._on_progress(Progress(1_200, 34, 5_000, 25.0, 90.0))
    indexer.pause()
    state = indexer.state
    assert told[-1] == protocol.IndexingProgressed(state)
    assert (state.activity, state.done, state.failed, state.total) == (Activity.PAUSED, 1_200, 34, 5_000)
    assert (state.rate, state.seconds_left) == (0.0, None)
    indexer.resume()
    assert (indexer.state.activity, indexer.state.done, indexer.state.total) == (Activity.INDEXING, 1_200, 5_000)


def test_what_is_begun_while_it_is_held_does_not_look_as_if_it_ran(indexer: Indexer) -> None:
    indexer.pause()
    indexer._show(Activity.LISTING)
    assert indexer.state.activity is Activity.PAUSED
    indexer.resume()
    assert indexer.state.activity is Activity.IDLE
