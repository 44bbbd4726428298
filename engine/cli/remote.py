"""Asks a running engine to do what needs the one writer of a library, instead of waiting for its lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineGone, error_of
from engine.protocol import (
    Activity,
    AddFolder,
    BatchChanged,
    BatchFetched,
    Command,
    EngineLink,
    Event,
    FetchBatch,
    FetchStatus,
    FolderNode,
    FoldersListed,
    IndexingFailed,
    IndexingProgressed,
    IndexingState,
    JobsChanged,
    ListFolders,
    RequestFailed,
    RescanFolders,
    Standing,
    StatusFetched,
    connect,
)

if TYPE_CHECKING:
    from engine.indexing.control import Progress


class RunningEngine:
    """The engine of an open window, as one more client of it."""

    def __init__(self, link: EngineLink) -> None:
        self._link = link
        self._ids = count(1)
        self._begun = False

    def ask(self, kind: Callable[..., Command], *values: object) -> Event:
        """Return the answer to a command. Raises the PropmasterError that the engine told."""
        command = kind(next(self._ids), *values)
        self._link.send(command)
        while getattr(event := self._link.receive(), "request_id", None) != command.request_id:
            self._note(event)
        if isinstance(event, RequestFailed):
            raise error_of(event.code, event.message, event.hint)
        return event

    def tell(self, kind: Callable[..., Command], *values: object) -> None:
        """Send a command whose answer is of no interest; also while another call waits for an event."""
        self._link.send(kind(next(self._ids), *values))

    def follow_batch(self, batch_id: int, report: Callable[[int, str], None]) -> None:
        """Wait until a batch of compositions runs no more; `report` is told of its jobs by id and state."""
        answer = self.ask(FetchBatch, batch_id)
        assert isinstance(answer, BatchFetched)
        batch = answer.batch
        while batch.standing is Standing.RUNNING:
            match self._link.receive():
                case BatchChanged(batch=changed) if changed.id == batch_id:
                    batch = changed
                case JobsChanged() as told if told.batch_id == batch_id:
                    for job in told.jobs:
                        report(job.id, job.state.value)

    def index(self, folders: Sequence[Path], report: Callable[[Progress], None]) -> IndexingState:
        """Have folders added and everything indexed; return the last state, PAUSED where the window says so."""
        for folder in folders:
            self.ask(AddFolder, folder.expanduser().absolute())
        if not folders:
            self.ask(RescanFolders)
        return self.follow(report)

    def add_folder(self, path: Path) -> FolderNode:
        """Watch a folder, or return the watched one that holds it already. Raises what `Library.add_folder` raises."""
        self.ask(AddFolder, path.expanduser().absolute())
        listed = self.ask(ListFolders)
        assert isinstance(listed, FoldersListed)
        resolved = path.expanduser().resolve()
        return next(folder for folder in listed.folders if resolved.is_relative_to(folder.path))

    def follow(self, report: Callable[[Progress], None]) -> IndexingState:
        """Wait until what was begun is indexed or paused."""
        last = IndexingState()
        while True:
            event = self._link.receive()
            self._note(event)
            if isinstance(event, IndexingFailed):
                raise error_of(event.code, event.message, event.hint)
            if not isinstance(event, IndexingProgressed):
                continue
            state = event.state
            if state.activity is Activity.PAUSED:
                return state
            if state.activity is Activity.IDLE and self._begun and not self._pending():
                return last
            if state.activity is Activity.INDEXING:
                last = state
                report(_progress(state))

    def _pending(self) -> int:
        answer = self.ask(FetchStatus)
        assert isinstance(answer, StatusFetched)
        return answer.status.pending

    def _note(self, event: Event) -> None:
        if isinstance(event, IndexingProgressed) and event.state.activity is Activity.LISTING:
            self._begun = True


def _progress(state: IndexingState) -> Progress:
    from engine.indexing.control import Build, Progress

    # The wire tells the share of all pictures, in per mille exact enough.
    build = Build(state.building, round(state.built * 1000), 1000) if state.building else None
    return Progress(state.done, state.failed, state.total, state.rate, state.seconds_left, build)


@contextmanager
def running_engine(home: Path) -> Iterator[RunningEngine | None]:
    """Yield the engine that holds a data directory, None where none runs."""
    try:
        link = connect(home)
    except EngineGone:
        yield None
        return
    try:
        yield RunningEngine(link)
    finally:
        link.close()
