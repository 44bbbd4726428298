"""The indexer tells how far it is, also while it is held, and compares no folder without need."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from engine import protocol
from engine.catalogue.folders import Folder
from engine.indexing.control import Control, Progress
from engine.indexing.listing import ListingReport
from engine.library import Library
from engine.protocol import Activity, IndexingProgressed
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


def test_only_folders_that_are_new_or_asked_for_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: queue.SimpleQueue[protocol.News] = queue.SimpleQueue()
    compared: list[Path] = []

    def wait_for(activity: Activity) -> None:
        while not (isinstance(news := told.get(timeout=60), IndexingProgressed) and news.state.activity is activity):
            pass

    def begin_anew(*asked: Path) -> None:
        indexer.begin_anew(*asked)
        wait_for(Activity.LISTING)
        wait_for(Activity.IDLE)

    roots = [tmp_path / name for name in ("a", "b", "c")]
    for root in roots:
        root.mkdir()
    with Library(tmp_path / "home") as library:
        compare = library.list_folders

        def noted(folders: Sequence[Folder], control: Control) -> list[ListingReport]:
            compared.extend(folder.path for folder in folders)
            return compare(folders, control)

        monkeypatch.setattr(library, "list_folders", noted)
        for root in roots[:2]:
            library.add_folder(root)
        with closing(Indexer(library, told.put)) as indexer:
            indexer.start()
            wait_for(Activity.IDLE)
            assert sorted(compared) == roots[:2]
            library.add_folder(roots[2])
            begin_anew(roots[2])
            assert compared[2:] == [roots[2]]
            begin_anew()
            assert compared[3:] == []
            begin_anew(roots[0])
            assert compared[3:] == [roots[0]]
