"""`propmaster watch` on real folders: what happens on disk is searchable soon after."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.files.rescan import RescanRequest
from engine.indexing.control import Control
from engine.indexing.listing import ListingReport
from engine.library import Library
from engine.search.query import Query, TextTerm
from engine.watching import Watching
from tests.helpers.drawing import draw

DEADLINE_S = 30


class Watched:
    """A library that is being watched by a thread of its own."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.control = Control()
        self.failure: BaseException | None = None
        self._heard = threading.Condition()
        self._watching = Watching(library, lambda *_: self._wake(), self._index)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def names(self) -> dict[str, bool]:
        """Return file name → offline of everything that can be found."""
        hits = self.library.search(Query((TextTerm("circle"),)), 100).hits
        return {hit.asset.path.name: hit.asset.offline for hit in hits}

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds, looking whenever something was listed or indexed."""
        deadline = time.monotonic() + DEADLINE_S
        with self._heard:
            while not condition():
                assert self.failure is None
                assert time.monotonic() < deadline, "it did not happen in time"
                self._heard.wait(0.5)

    def stop(self) -> None:
        """End the watching."""
        self.control.cancel()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()
        self._watching.close()
        assert self.failure is None

    def _run(self) -> None:
        try:
            self._watching.run(self.control)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self.failure = error

    def _index(self, control: Control) -> bool:
        self.library.index_pending(control, lambda _: None)
        self._wake()
        return False

    def _wake(self) -> None:
        with self._heard:
            self._heard.notify_all()


@pytest.fixture
def watched(library: Library, art: Path) -> Iterator[Watched]:
    draw(art / "first.png", 1)
    library.add_folder(art)
    watched = Watched(library)
    watched.wait_for(lambda: set(watched.names()) == {"first.png"})
    yield watched
    watched.stop()


def test_new_changed_moved_and_deleted_files_are_followed(watched: Watched, art: Path) -> None:
    draw(art / "deep" / "er" / "second.png", 2)
    watched.wait_for(lambda: set(watched.names()) == {"first.png", "second.png"})
    (art / "first.png").rename(art / "deep" / "renamed.png")
    watched.wait_for(lambda: set(watched.names()) == {"renamed.png", "second.png"})
    (art / "deep" / "er" / "second.png").unlink()
    watched.wait_for(lambda: set(watched.names()) == {"renamed.png"})


def test_folder_copied_in_and_deleted_is_followed(watched: Watched, art: Path, tmp_path: Path) -> None:
    for seed in range(5):
        draw(tmp_path / "pack" / "sub" / f"{seed}.png", seed + 10)
    shutil.copytree(tmp_path / "pack", art / "pack")
    watched.wait_for(lambda: len(watched.names()) == 6)
    shutil.rmtree(art / "pack")
    watched.wait_for(lambda: set(watched.names()) == {"first.png"})


def test_unplugged_folder_is_offline_and_comes_back(watched: Watched, art: Path) -> None:
    art.rename(art.with_name("unplugged"))
    watched.wait_for(lambda: watched.names() == {"first.png": True})
    art.with_name("unplugged").rename(art)
    watched.wait_for(lambda: watched.names() == {"first.png": False})


def test_file_that_grows_slowly_is_indexed_once_it_is_whole(watched: Watched, art: Path, tmp_path: Path) -> None:
    whole = draw(tmp_path / "big.png", 3, size=(400, 400)).read_bytes()
    with (art / "growing.png").open("wb") as file:
        for start in range(0, len(whole), len(whole) // 6 + 1):
            file.write(whole[start : start + len(whole) // 6 + 1])
            file.flush()
            time.sleep(0.3)  # this is the slow writer itself
    watched.wait_for(lambda: "growing.png" in watched.names())
    assert watched.library.failed() == []


def test_run_that_was_cancelled_is_gone_on_with_and_looks_at_what_is_new_only(
    library: Library, art: Path, tmp_path: Path
) -> None:
    listed: list[Path] = []
    control = Control()

    def cancel(request: RescanRequest, _report: ListingReport) -> None:
        listed.append(request.root)
        control.cancel()

    roots = [art, *(tmp_path / name for name in ("b", "c"))]
    for root in roots[1:]:
        root.mkdir()
    with closing(Watching(library, cancel, lambda _: False)) as watching:
        for root in roots[:2]:
            library.add_folder(root)
        watching.run(control)
        control = Control()
        watching.run(control)
        assert sorted(listed) == roots[:2]
        library.add_folder(roots[2])
        control = Control()
        watching.run(control)
        assert listed[2:] == roots[2:]
        control = Control()
        watching.compare(art)
        watching.run(control)
        assert listed[3:] == [art]
