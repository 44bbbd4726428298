"""The bounded pipeline: pending assets → decode pool → encoder in batches → storage.

The calling thread feeds and stores; the pool reads ahead; the model thread embeds batch n while batch n − 1 is stored.
It can stop at any moment: what is not stored is still pending in the catalogue.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from engine.catalogue.assets import Assets, PendingAsset
from engine.embedding.encoder import VectorInvalid, Vectors
from engine.errors import DecodeError, DecodeFault, PropmasterError
from engine.files.scanner import FileStat
from engine.indexing.control import Control, Progress, ProgressMeter
from engine.indexing.encoding import Encoding, PictureRefused
from engine.indexing.line import Line
from engine.indexing.reading import KnownPicture, NewPicture, Outcome, Reader, Unreadable
from engine.indexing.storing import Storer

READ_AHEAD_BATCHES = 3
LEAST_READ_AHEAD = 64
STORE_EVERY = 32
HANDOVER_S = 0.001
SETTLE_S = 1.0
SETTLE_ROUNDS = 3
FRESH_NS = 10_000_000_000
"""A file that changed this recently and looks cut off is probably still being written."""

_CUT_OFF = frozenset({DecodeFault.EMPTY, DecodeFault.TRUNCATED, DecodeFault.CORRUPT, DecodeFault.UNRECOGNISED})


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run did: files that became searchable, that failed, and that were still being written at its end."""

    indexed: int
    failed: int
    unsettled: int
    seconds: float
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Stages:
    """The parts that a run is made of, and their measures: pictures a batch, batches in the encoder, decode threads.

    `refuse` takes the files that gave no picture or no vector.
    """

    assets: Assets
    line: Line
    reader: Reader
    encoding: Encoding
    storer: Storer
    refuse: Callable[[Sequence[Unreadable]], None]
    batch_size: int
    batches_in_flight: int
    decode_threads: int


class Pipeline:
    """Brings every pending asset to its end. One run at a time."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def run(self, control: Control, report: Callable[[Progress], None]) -> IndexReport:
        """Index what is pending. Raises what the data directory or the encoder raises; bad files are recorded."""
        with _quick_handover():
            return self._run(control, report)

    def _run(self, control: Control, report: Callable[[Progress], None]) -> IndexReport:
        started = time.monotonic()
        stages = self._stages
        tally = _Tally(ProgressMeter(stages.line.count(), report))
        self._run_round(self._pending(control, tally), control, tally)
        for _ in range(SETTLE_ROUNDS):
            if not tally.unsettled or control.wait(SETTLE_S):
                break
            waiting, tally.unsettled = tally.unsettled, []
            self._run_round(iter(waiting), control, tally)
        tally.meter.report()
        seconds = time.monotonic() - started
        return IndexReport(tally.indexed, tally.failed, len(tally.unsettled), seconds, control.cancelled)

    def _pending(self, control: Control, tally: _Tally) -> Iterator[PendingAsset]:
        """Yield pending assets; suspects come last, each is decoded in a process of its own."""
        stages = self._stages
        suspects: list[PendingAsset] = []
        for page in stages.line.pages():
            if control.cancelled or tally.ended:
                break
            suspects += [asset for asset in page if asset.suspect]
            trusted = [asset for asset in page if not asset.suspect]
            stages.assets.begin_reading(asset.id for asset in trusted)
            yield from trusted
        yield from suspects

    def _run_round(self, pending: Iterator[PendingAsset], control: Control, tally: _Tally) -> None:
        with ThreadPoolExecutor(self._stages.decode_threads, thread_name_prefix="decode") as pool:
            flow = _Flow(self._stages, pool, tally)
            try:
                flow.run(pending, control)
            finally:
                tally.ended = True
                pool.shutdown(wait=True, cancel_futures=True)
                flow.hand_back(pending)


@contextlib.contextmanager
def _quick_handover() -> Iterator[None]:
    """Let threads take the interpreter from each other sooner than Python's usual 5 ms.

    Decoders and models hold it for moments between long calls that release it; waiting 5 ms for each such moment left
    a quarter of the processor idle (58 → 78 images/s on two cores).
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(HANDOVER_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@dataclass(slots=True)
class _Tally:
    meter: ProgressMeter
    indexed: int = 0
    failed: int = 0
    unsettled: list[PendingAsset] = field(default_factory=list)
    seen: dict[int, FileStat] = field(default_factory=dict)
    """How unsettled files were when they were last read."""
    ended: bool = False
    """Whether no more of the line is wanted."""

    def count(self, indexed: int, failed: int) -> None:
        self.indexed += indexed
        self.failed += failed
        self.meter.count(indexed, failed)


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    pictures: list[NewPicture]
    vectors: Future[Vectors]


class _Flow:
    """One round under way: files being read, pictures waiting for a batch, batches in the encoder."""

    def __init__(self, stages: Stages, pool: ThreadPoolExecutor, tally: _Tally) -> None:
        self._stages = stages
        self._pool = pool
        self._tally = tally
        self._reads: dict[Future[Outcome], PendingAsset] = {}
        self._pictures: list[NewPicture] = []
        self._known: list[KnownPicture] = []
        self._batches: deque[_Batch] = deque()
        self._failure: PropmasterError | None = None
        self._read_ahead = max(stages.batch_size * READ_AHEAD_BATCHES, LEAST_READ_AHEAD)

    def run(self, pending: Iterator[PendingAsset], control: Control) -> None:
        """Pass on until all is stored, the control cancels, or the encoder fails, whose error is then raised."""
        self._feed(pending)
        while not (control.cancelled or self._failure) and (self._reads or self._pictures or self._batches):
            self._submit_batches()
            self._await_next()
            self._store_finished()
            control.wait_if_paused()
            self._feed(pending)
        self._store_known()
        self._store_under_way()
        if self._failure is not None:
            raise self._failure

    def hand_back(self, pending: Iterator[PendingAsset]) -> None:
        """Take back the recorded attempts of everything that was begun and not stored."""
        begun = [*self._reads.values(), *(picture.read.asset for picture in self._pictures)]
        begun += [picture.read.asset for batch in self._batches for picture in batch.pictures]
        begun += [known.read.asset for known in self._known]
        begun += pending
        # After a full disk this fails too; the assets then count as suspects, which costs time and nothing else.
        with contextlib.suppress(PropmasterError):
            self._stages.assets.postpone(asset.id for asset in begun if not asset.suspect)

    def _feed(self, pending: Iterator[PendingAsset]) -> None:
        room = self._read_ahead - len(self._reads) - len(self._pictures)
        for asset in islice(pending, max(room, 0)):
            self._reads[self._pool.submit(self._stages.reader.read, asset)] = asset

    def _submit_batches(self) -> None:
        size = self._stages.batch_size
        while len(self._batches) < self._stages.batches_in_flight and self._pictures:
            if len(self._pictures) < size and self._reads:
                return
            batch, self._pictures = self._pictures[:size], self._pictures[size:]
            self._batches.append(_Batch(batch, self._stages.encoding.begin(batch)))

    def _await_next(self) -> None:
        under_way: list[Future[Any]] = [*self._reads, *(batch.vectors for batch in self._batches)]
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in [future for future in self._reads if future in done]:
            outcome = future.result()
            del self._reads[future]
            self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        match outcome:
            case NewPicture():
                self._pictures.append(outcome)
            case KnownPicture():
                self._known.append(outcome)
                if len(self._known) >= STORE_EVERY:
                    self._store_known()
            case Unreadable():
                self._refuse(outcome)

    def _store_finished(self) -> None:
        while self._batches and self._batches[0].vectors.done():
            batch = self._batches[0]
            try:
                vectors = batch.vectors.result()
            except (VectorInvalid, PictureRefused) as error:
                self._set_apart(self._batches.popleft(), error)
                continue
            except PropmasterError as error:
                self._failure = error
                return
            self._stages.storer.put_new(batch.pictures, vectors)
            self._batches.popleft()
            self._tally.count(len(batch.pictures), 0)

    def _store_under_way(self) -> None:
        """Store what the encoder is at work on, which may have been paid for; what it has not begun stays in line."""
        for batch in [batch for batch in self._batches if not batch.vectors.cancel()]:
            try:
                vectors = batch.vectors.result()
            except PropmasterError:
                continue
            self._stages.storer.put_new(batch.pictures, vectors)
            self._batches.remove(batch)
            self._tally.count(len(batch.pictures), 0)

    def _set_apart(self, batch: _Batch, error: VectorInvalid | PictureRefused) -> None:
        """Record the picture that the encoder cannot embed, and line the others of its batch up again."""
        bad = batch.pictures.pop(error.row)
        self._pictures = batch.pictures + self._pictures
        failure = DecodeError(DecodeFault.NOT_EMBEDDABLE, error.message, error.hint)
        self._stages.refuse([Unreadable(bad.read.asset, failure, bad.read.stat)])
        self._tally.count(0, 1)

    def _store_known(self) -> None:
        if self._known:
            self._stages.storer.put_known(self._known)
            self._tally.count(len(self._known), 0)
            self._known = []

    def _refuse(self, file: Unreadable) -> None:
        if self._may_settle(file):
            self._stages.assets.postpone([file.asset.id])
            self._tally.unsettled.append(file.asset)
            return
        self._stages.refuse([file])
        self._tally.count(0, 1)

    def _may_settle(self, file: Unreadable) -> bool:
        """Tell whether the file may be half-written: it changes, or it changed a moment ago and since the last look."""
        if file.error.fault is DecodeFault.CHANGING:
            return True
        if file.stat is None or file.error.fault not in _CUT_OFF:
            return False
        before = self._tally.seen.get(file.asset.id)
        self._tally.seen[file.asset.id] = file.stat
        return file.stat != before and time.time_ns() - file.stat.mtime_ns < FRESH_NS
