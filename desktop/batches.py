"""What became of compositions: the list of batches, the matrix of the chosen one, and what is asked of the engine.

Owned by `desktop.app`; survives a rebuilt window. Nothing here sends anything to a service unless it is told to by a
view that has shown the user what, and for how much; interrupted batches are offered, never taken up by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal

from desktop.batch_words import failed_words, title_of, why_words
from desktop.engine_client import EngineClient
from desktop.models.batch_list import BatchList
from desktop.models.batch_matrix import PAGE_JOBS, BatchMatrix
from desktop.models.sidebar_tree import SidebarTree
from desktop.notifications import Notifications, Offer
from desktop.settings import PreferenceStore
from engine import protocol
from engine.protocol import (
    AssetsFetched,
    Batch,
    BatchChanged,
    BatchesListed,
    BatchFetched,
    BatchStarted,
    FileWritten,
    Ground,
    Job,
    JobFetched,
    JobsChanged,
    JobsFetched,
    JobState,
    LedgerFetched,
    PicksExported,
    Standing,
    Verdict,
)

FAILED = (JobState.REFUSED, JobState.FAILED, JobState.MAYBE_BILLED, JobState.CANCELLED)


class Batches(QObject):
    """Follows every batch, and the jobs of one."""

    listed = Signal()
    chosen_changed = Signal()
    """Another batch is chosen, or there is news of it."""
    jobs_known = Signal(object)
    """What became of jobs of the chosen batch, those before the current ones too."""
    details_known = Signal(object)
    ledger_known = Signal(object)
    written = Signal(str, object)
    """What was written, in words, and where."""
    place_sought = Signal(int)
    """A place of the chosen batch that the user wants to see."""
    show_wanted = Signal(int)
    """The user wants to see a batch."""

    def __init__(
        self, client: EngineClient, tree: SidebarTree, notifications: Notifications, preferences: PreferenceStore
    ) -> None:
        super().__init__()
        self.list = BatchList()
        self.matrix = BatchMatrix()
        self.ledger: LedgerFetched | None = None
        self._client = client
        self._tree = tree
        self._notifications = notifications
        self._preferences = preferences
        self._chosen_id = 0
        self._fetch_id = self._page_id = self._heads_id = self._details_id = 0
        self._list_id = self._ledger_id = 0
        self._writing: dict[int, str] = {}
        self._seen_place = 0
        self._sought: Job | None = None
        self._connect()

    @property
    def chosen(self) -> Batch | None:
        """The batch whose matrix is on show."""
        return self.list.find(self._chosen_id)

    def choose(self, batch_id: int) -> None:
        """Show the matrix of a batch."""
        if batch_id == self._chosen_id:
            return
        self._chosen_id = batch_id
        self._page_id = self._heads_id = self._seen_place = 0
        self.matrix.show_anew(None)
        self._fetch_id = self._client.send(protocol.FetchBatch, batch_id) if batch_id else 0
        self.chosen_changed.emit()

    def seek(self, job: Job) -> None:
        """Show the batch of a job, and its cell."""
        self._sought = job
        if job.batch_id == self._chosen_id and self._page_id:
            self._show_sought()
        else:
            self.choose(job.batch_id)

    def choose_newest(self) -> None:
        """Show the newest batch unless one is chosen."""
        newest = self.list.batch_at(0)
        if self.chosen is None and newest is not None:
            self.choose(newest.id)

    def look_at(self, place: int) -> None:
        """Fetch the jobs from this place on before others."""
        self._seen_place = place

    def pause(self) -> None:
        """Send nothing more of the chosen batch."""
        self._client.send(protocol.PauseBatch, self._chosen_id)

    def resume(self, consent: bool) -> None:
        """Go on with the chosen batch; `consent` holds for what nobody agreed to so far."""
        self._client.send(protocol.ResumeBatch, self._chosen_id, consent)

    def cancel(self, job_ids: Sequence[int] = ()) -> None:
        """Cancel jobs, or all that are unfinished."""
        self._client.send(protocol.CancelJobs, self._chosen_id, tuple(job_ids))

    def redo(self, job_ids: Sequence[int], wording: str = "", prompt: str = "") -> None:
        """Send jobs once more, as the user agreed to."""
        self._client.send(protocol.RedoJobs, self._chosen_id, tuple(job_ids), (), wording, prompt)

    def judge(self, job_ids: Sequence[int], verdict: Verdict) -> None:
        """Pick or reject results."""
        if job_ids:
            self._client.send(protocol.JudgeJobs, tuple(job_ids), verdict)

    def raise_budget(self, cents: int) -> None:
        """Cap the chosen batch, in US cents."""
        self._client.send(protocol.SetBudget, batch_cents=cents, batch_id=self._chosen_id)

    def fetch_details(self, job_id: int) -> None:
        """Tell all that is known of a job; only the newest wish is answered."""
        self._details_id = self._client.send(protocol.FetchJob, job_id)

    def fetch_ledger(self) -> None:
        """Tell what is left of today's budget."""
        currency = self._preferences.current.currency
        self._ledger_id = self._client.send(protocol.FetchLedger, currency)

    def export_picks(self, folder: Path, ground: Ground) -> None:
        """Copy the picks of the chosen batch into a folder."""
        self._client.send(protocol.ExportPicks, self._chosen_id, folder, ground)

    def write_disclosure(self) -> None:
        """Write how the chosen batch was made."""
        request_id = self._client.send(protocol.WriteDisclosure, self._chosen_id)
        self._writing[request_id] = self.tr("How the pictures were made is written to {0}.")

    def _connect(self) -> None:
        client = self._client
        client.connected.connect(self._on_connected)
        client.batches_listed.connect(self._on_listed)
        client.batch_started.connect(self._on_started)
        client.batch_fetched.connect(self._on_fetched)
        client.batch_changed.connect(self._on_batch)
        client.jobs_fetched.connect(self._on_jobs)
        client.jobs_changed.connect(self._on_jobs_changed)
        client.job_fetched.connect(self._on_details)
        client.assets_fetched.connect(self._on_assets)
        client.ledger_fetched.connect(self._on_ledger)
        client.picks_exported.connect(self._on_exported)
        client.file_written.connect(self._on_written)
        self._preferences.changed.connect(self._on_preferences)

    def _on_connected(self) -> None:
        self._list_id = self._client.send(protocol.ListBatches)
        self.fetch_ledger()
        if self._chosen_id:
            self._fetch_id = self._client.send(protocol.FetchBatch, self._chosen_id)

    def _on_preferences(self) -> None:
        if self.ledger is not None and self.ledger.currency.code != self._preferences.current.currency:
            self.fetch_ledger()

    def _on_listed(self, event: BatchesListed) -> None:
        if event.request_id != self._list_id:
            return
        self.list.show_all(event.batches)
        self._count()
        self.listed.emit()
        self.chosen_changed.emit()
        interrupted = [batch for batch in event.batches if batch.standing is Standing.INTERRUPTED]
        if interrupted:
            words = self.tr("%Ln batch(es) were interrupted; nothing is sent until you resume.", "", len(interrupted))
            self._notifications.news(words, self._offer(interrupted[0]))

    def _on_started(self, event: BatchStarted) -> None:
        self.list.show(event.batch)
        self._count()
        self.choose(event.batch.id)

    def _on_batch(self, event: BatchChanged) -> None:
        batch = event.batch
        known = self.list.find(batch.id)
        self.list.show(batch)
        if known is None or known.standing is not batch.standing:
            self._count()
        if known is not None and known.standing is Standing.RUNNING:
            self._tell_end(batch)
        if batch.id == self._chosen_id:
            self.chosen_changed.emit()

    def _tell_end(self, batch: Batch) -> None:
        if batch.standing is Standing.ENDED:
            words = self.tr("{0}: {1}.").format(title_of(batch), self._outcome_of(batch))
            self._notifications.news(words, self._offer(batch))
        elif batch.standing is Standing.HALTED:
            words = self.tr("{0} stopped: {1}.").format(title_of(batch), self._outcome_of(batch))
            self._notifications.trouble(words, why_words(batch), self._offer(batch))
        if batch.standing is not Standing.RUNNING:
            self.fetch_ledger()

    def _outcome_of(self, batch: Batch) -> str:
        """Return how a batch came out: “23 of 24 pictures made, 1 refused”."""
        counts, locale = dict(batch.counts), QLocale()
        made = self.tr("{0} of %Ln picture(s) made", "", sum(counts.values()))
        done = made.format(locale.toString(counts.get(JobState.DONE, 0)))
        return ", ".join((done, *(failed_words(state, counts[state]) for state in FAILED if counts.get(state))))

    def _offer(self, batch: Batch) -> Offer:
        return Offer(self.tr("Show"), lambda: self.show_wanted.emit(batch.id))

    def _on_fetched(self, event: BatchFetched) -> None:
        if event.request_id != self._fetch_id:
            return
        self.list.show(event.batch)
        if self._page_id:
            self.matrix.renew()
        else:
            self.matrix.show_anew(event.batch, event.groups)
        if self.matrix.asset_ids:
            self._heads_id = self._client.send(protocol.FetchAssets, self.matrix.asset_ids)
        self.chosen_changed.emit()
        self._show_sought()
        self._fetch_page()

    def _show_sought(self) -> None:
        if self._sought is not None and self._sought.batch_id == self._chosen_id:
            place = self.matrix.place_of(self._sought)
            self._sought = None
            self.place_sought.emit(place)

    def _fetch_page(self) -> None:
        offset = self.matrix.next_page(self._seen_place)
        if offset >= 0:
            self._page_id = self._client.send(protocol.FetchJobs, self._chosen_id, (), offset, PAGE_JOBS)

    def _on_jobs(self, event: JobsFetched) -> None:
        if event.request_id == self._page_id:
            self.matrix.fill(event.offset, event.jobs)
            self._fetch_page()
            self.chosen_changed.emit()

    def _on_jobs_changed(self, event: JobsChanged) -> None:
        if event.batch_id == self._chosen_id:
            self.matrix.replace(event.jobs)
            self.jobs_known.emit(event.jobs)
            self.chosen_changed.emit()

    def _on_details(self, event: JobFetched) -> None:
        if event.request_id == self._details_id:
            self.details_known.emit(event.details)

    def _on_assets(self, event: AssetsFetched) -> None:
        if event.request_id == self._heads_id:
            self.matrix.show_assets(event.rows)

    def _on_ledger(self, event: LedgerFetched) -> None:
        if event.request_id == self._ledger_id:
            self.ledger = event
            self.ledger_known.emit(event)

    def _on_exported(self, event: PicksExported) -> None:
        words = self.tr("%Ln picture(s) copied.", "", len(event.files))
        if event.uncut:
            kept = self.tr("%Ln of them kept their ground: it is not plain enough to be cut.", "", len(event.uncut))
            words = f"{words} {kept}"
        if event.files:
            self.written.emit(words, event.files[0])

    def _on_written(self, event: FileWritten) -> None:
        words = self._writing.pop(event.request_id, "")
        if words:
            self.written.emit(words.format(event.path.name), event.path)

    def _count(self) -> None:
        self._tree.show_unfinished(len(self.list.unfinished))
