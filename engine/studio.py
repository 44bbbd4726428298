"""Makes what was planned: batches of a library, their queue, their budget, and where each picture comes from.

Part of an open Library. A library opened to read lists, judges nothing and sends nothing; it may cancel what another
process has not sent yet, since a job's state decides.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.compositions import Batch, Halt
from engine.catalogue.jobs import UNFINISHED, Job, JobState, NewJob, Verdict
from engine.catalogue.ledger import dollars, today
from engine.compose.accounts import Accounts
from engine.compose.booking import Booking
from engine.compose.generators.generator import Generator, OutgoingPicture
from engine.compose.means import Means, Pace
from engine.compose.models import Models
from engine.compose.order import batch_of, pictures_of
from engine.compose.origin import disclosure_of
from engine.compose.picks import ExportedPicks, Ground, export_picks
from engine.compose.pictures import OutgoingPictures
from engine.compose.plan import Plan
from engine.compose.progress import Report, Told
from engine.compose.queue import Queue
from engine.compose.recovery import recover
from engine.compose.references import References
from engine.compose.results_folder import write_and_sync
from engine.compose.saving import Saver
from engine.errors import AssetUnknown, BudgetExceeded, JobUnknown, LibraryBusy, ResultsFolderUnusable
from engine.services.service import Usage
from engine.settings import Settings

DEADLINE_MARGIN_S = 5
DEFAULT_FOLDER = "compositions"
INTERRUPTED = Halt("interrupted", "Propmaster ended before all was made.")
REPEATABLE = (JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED, JobState.MAYBE_BILLED)


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """A batch at a glance; `spent` in micro-USD, `running` in this process."""

    batch: Batch
    counts: dict[JobState, int]
    spent: int
    running: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What the rest of the library hands to the studio."""

    home: Path
    settings: Callable[[], Settings]
    catalogue: Catalogue
    pictures: OutgoingPictures
    references: References
    generator_of: Callable[[str], Callable[[], Generator]]
    models: Callable[[], Models]
    watch_folder: Callable[[Path], object]
    may_write: bool


class Studio:
    """Batches from the plan to the picture. Close it before the catalogue."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._catalogue = room.catalogue
        self._compositions = room.catalogue.compositions
        self.accounts = Accounts(room.home, room.settings(), room.catalogue)
        self._booking = Booking(room.catalogue.database, self._compositions, room.catalogue.ledger, today)
        self._saver = Saver(room.home / "unsaved", self._compositions.states)
        self._queue: Queue | None = None
        self._pace: Pace | None = None
        self._models = Models((), ())
        self._starting = threading.Lock()
        self._started: dict[int, Future[Halt | None]] = {}
        self._watchers: list[Report] = []
        if room.may_write:
            self._look_after_cut_off_jobs()

    def close(self) -> None:
        """Stop sending; what is on its way is given a few seconds. What then still waits is marked as interrupted."""
        if self._queue is None:
            return
        running = [batch_id for batch_id, started in self._started.items() if not started.done()]
        self._queue.close()
        for batch_id in running:
            if self._compositions.jobs.waiting(batch_id):
                self._compositions.halt(batch_id, INTERRUPTED)

    # From a plan to pictures

    def add(self, plan: Plan, folder: Path | None = None, budget: int | None = None) -> int:
        """Record a plan as a batch and return its id; nothing is sent before `consent`. `budget` is micro-USD.

        Raises BudgetExceeded where all of it can never be made, ResultsFolderUnusable, or LibraryBusy.
        """
        self._require_writer()
        cap = self.accounts.batch_cap if budget is None else budget
        if plan.price > cap:
            raise BudgetExceeded(
                f"the plan costs {dollars(plan.price)} and the batch may cost {dollars(cap)}",
                "plan less, or raise the batch's budget",
            )
        batch = batch_of(plan, self._made_folder(folder), cap, self._room.pictures.limits)
        self._room.watch_folder(batch.results_folder)
        return self._compositions.add(batch)

    def consent(self, batch_id: int, job_ids: Sequence[int] | None = None) -> int:
        """Record that the user agreed to these planned jobs of a batch, or all; return how many may now be sent."""
        self._require_writer()
        return self._compositions.consent(self._compositions.batch(batch_id).id, job_ids)

    def start(self, batch_id: int) -> Future[Halt | None]:
        """Send what may be sent of a batch; the future gives None at its end, or why it stands still."""
        self._require_writer()
        with self._starting:
            self._models = self._room.models()
            self._started[batch_id] = self._running_queue().start(self._compositions.batch(batch_id).id)
            return self._started[batch_id]

    def pause(self, batch_id: int) -> None:
        """Send nothing more of a batch; what is on its way comes in."""
        if self._queue is not None:
            self._queue.pause(batch_id)

    def cancel(self, batch_id: int, job_ids: Sequence[int] = ()) -> int:
        """Cancel jobs of a batch, or all that are unfinished; return how many are no longer to be sent."""
        unfinished = {job.id for job in self.jobs(batch_id, UNFINISHED)}
        wanted = [job_id for job_id in job_ids or sorted(unfinished) if job_id in unfinished]
        if self._queue is not None:
            return self._queue.cancel(batch_id, wanted)
        return len(self._compositions.states.cancel(wanted))

    def redo(self, job_ids: Sequence[int], reword: Callable[[str], str] = str) -> list[int]:
        """Plan finished jobs once more, each with its prompt reworded, in their places; they wait for `consent`.

        Raises JobUnknown for a job that is not finished or was repeated already.
        """
        self._require_writer()
        found = self._compositions.jobs.of_ids(job_ids)
        current = {job.id for batch_id in {one.batch_id for one in found.values()} for job in self.jobs(batch_id)}
        for job_id in job_ids:
            if job_id not in current or found[job_id].state not in REPEATABLE:
                raise JobUnknown(f"job {job_id} cannot be repeated now", "`propmaster jobs list BATCH` shows which can")
        ids: list[int] = []
        for batch_id in sorted({job.batch_id for job in found.values()}):
            jobs = [found[job_id] for job_id in job_ids if found[job_id].batch_id == batch_id]
            ids += self._compositions.repeat(batch_id, [(job.id, _again(job, reword)) for job in jobs])
        return ids

    # Looking

    def batches(self) -> list[BatchStatus]:
        """Return every batch, newest first."""
        return [self._status(batch) for batch in self._compositions.all()]

    def batch(self, batch_id: int) -> BatchStatus:
        """Return one batch. Raises BatchUnknown."""
        return self._status(self._compositions.batch(batch_id))

    def jobs(self, batch_id: int, states: Collection[JobState] = tuple(JobState)) -> list[Job]:
        """Return the current jobs of a batch in these states, by cell. Raises BatchUnknown."""
        return self._compositions.jobs.current(self._compositions.batch(batch_id).id, states)

    def chosen(self, batch_id: int, job_ids: Collection[int], states: Collection[JobState]) -> list[Job]:
        """Return the current jobs of a batch that are named, and all in these states, by cell.

        Raises JobUnknown for one that it has not, or where there is none.
        """
        chosen = [job for job in self.jobs(batch_id) if job.id in job_ids or job.state in states]
        missing = set(job_ids) - {job.id for job in chosen}
        if missing:
            raise JobUnknown(f"the batch has no job {min(missing)} now", "look at its jobs again")
        if not chosen:
            raise JobUnknown("no job is chosen", "name jobs, or choose those that were refused, failed or maybe billed")
        return chosen

    def found_jobs(self, job_ids: Sequence[int]) -> list[Job]:
        """Return the jobs of these ids that there are, in their order."""
        found = self._compositions.jobs.of_ids(job_ids)
        return [found[job_id] for job_id in job_ids if job_id in found]

    def folder_for_results(self, wanted: Path | None = None) -> Path:
        """Return where the pictures of a new batch go: the wanted folder, or that of the settings."""
        folder = wanted or Path(self._room.settings().results_folder or self._room.home / DEFAULT_FOLDER)
        return folder.expanduser()

    def watch(self, report: Report) -> None:
        """Be told of progress, from the queue's thread, until the studio is closed."""
        self._watchers.append(report)

    def made_from(self, asset_id: int) -> list[Job]:
        """Return the jobs whose result an asset is: its references, prompt and price. Raises AssetUnknown."""
        return self._compositions.jobs.that_made(self._hash_of(asset_id))

    def used_in(self, asset_id: int) -> list[Job]:
        """Return the jobs that an asset was a reference of, newest first. Raises AssetUnknown."""
        return self._compositions.jobs.that_used(self._hash_of(asset_id))

    def judge(self, job_ids: Sequence[int], verdict: Verdict) -> None:
        """Pick or reject results, or take that back."""
        self._compositions.states.judge(job_ids, verdict)

    def export_picks(self, batch_id: int, target: Path, ground: Ground) -> ExportedPicks:
        """Copy the picked results of a batch into a folder. Raises JobUnknown where none is picked."""
        picked = [job for job in self._compositions.jobs.results(batch_id) if job.verdict is Verdict.PICKED]
        if not picked:
            raise JobUnknown("no result of this batch is picked", "pick the ones to export")
        return export_picks(self._compositions.batch(batch_id), picked, target, ground)

    def write_disclosure(self, batch_id: int) -> Path:
        """Write beside a batch's pictures, as JSON, how they were made, and return the file."""
        batch = self._compositions.batch(batch_id)
        told = disclosure_of(batch, self._compositions.jobs.results(batch_id))
        path = batch.results_folder / f"{batch.mode}-{batch.id:04}-disclosure.json"
        try:
            write_and_sync(path, json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
        except OSError as error:
            raise _unusable(path, error) from error
        return path

    def _running_queue(self) -> Queue:
        pace = _pace_of(self._room.settings())
        if self._queue is not None and pace != self._pace and all(one.done() for one in self._started.values()):
            self._queue.close()
            self._queue = None
        if self._queue is None:
            self._pace = pace
            self._queue = Queue(
                Means(
                    compositions=self._compositions,
                    booking=self._booking,
                    saver=self._saver,
                    generator_of=lambda batch: self._room.generator_of(batch.generator),
                    pictures_of=self._pictures_of,
                    cost_of=self._cost_of,
                    day_cap=lambda: self.accounts.day_cap,
                    pace=pace,
                    report=self._tell,
                )
            )
        return self._queue

    def _pictures_of(self, job: Job) -> tuple[OutgoingPicture, ...]:
        self._room.references.require_sendable([one.content_hash for one in job.references])
        return pictures_of(job, self._compositions.batch(job.batch_id), self._room.pictures)

    def _cost_of(self, job: Job, usage: Usage) -> int | None:
        return self._models.cost(job.model, usage)

    def _tell(self, told: Told) -> None:
        for report in self._watchers:
            report(told)

    def _look_after_cut_off_jobs(self) -> None:
        for batch_id in {job.batch_id for job in self._compositions.jobs.left_sending()}:
            try:
                recover(self._compositions, self._booking, self._saver, batch_id)
            except ResultsFolderUnusable as error:
                self._compositions.halt(batch_id, Halt.of(error))

    def _made_folder(self, wanted: Path | None) -> Path:
        folder = self.folder_for_results(wanted)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(folder, error) from error
        return folder.resolve()

    def _status(self, batch: Batch) -> BatchStatus:
        counts = self._compositions.jobs.counts(batch.id)
        started = self._started.get(batch.id)
        running = started is not None and not started.done()
        return BatchStatus(batch, counts, self._catalogue.ledger.spent_by(batch.id), running)

    def _hash_of(self, asset_id: int) -> str:
        asset = self._catalogue.shown.of_ids([asset_id]).get(asset_id)
        if asset is None:
            raise AssetUnknown("the picture is not in the library any more", "choose another")
        return asset.hash or ""

    def _require_writer(self) -> None:
        if not self._room.may_write:
            raise LibraryBusy("the library is open for reading only", "open it for writing to make pictures")


def rewording(wording: str, prompt: str) -> Callable[[str], str]:
    """Return what rewords prompts for `Studio.redo`: a prompt in place of each, or else a wording in addition."""
    if prompt:
        return lambda _old: prompt
    return lambda old: f"{old} {wording}".strip()


def _pace_of(settings: Settings) -> Pace:
    # The generator's own deadline comes first: it knows more of what happened.
    deadline_s = settings.request_seconds + DEADLINE_MARGIN_S
    return Pace(settings.requests_at_once, settings.requests_per_minute, deadline_s)


def _again(job: Job, reword: Callable[[str], str]) -> NewJob:
    new = NewJob(job.cell, job.prompt, job.model, job.size, job.ratio, job.price, job.references)
    return replace(new, prompt=reword(job.prompt))


def _unusable(path: Path, error: OSError) -> ResultsFolderUnusable:
    return ResultsFolderUnusable(
        f"{path} cannot be written ({error.strerror or error})", "choose another results folder, or mend this one"
    )
