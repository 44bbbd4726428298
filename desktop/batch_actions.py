"""What is done with batches and their cells, one small method each; keeps the page of one window in step with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu

from desktop.actions import ActionId
from desktop.batch_asking import UNFINISHED, BatchAsking
from desktop.batch_words import Sieve
from desktop.batches import FAILED
from desktop.desk import Desk
from desktop.models.batch_matrix import CellRole
from desktop.models.page import Page
from desktop.notifications import Offer
from desktop.views.batches.compare import Compare
from desktop.views.main_window import MainWindow
from engine.protocol import AssetRow, Currency, Job, JobDetails, JobReference, JobState, LedgerFetched, Verdict

SHOW_MS = 60
"""News of a batch come ten times a second; its head is written anew once for several of them."""
REPEATABLE = (JobState.DONE, *FAILED)

_MENU = (
    (ActionId.COMPARE, ActionId.SHOW_RESULT, ActionId.OPEN_RESULT, ActionId.REVEAL_RESULT),
    (ActionId.PICK, ActionId.REJECT, ActionId.UNJUDGE),
    (ActionId.REDO, ActionId.CANCEL_JOBS),
)


class BatchActions(QObject):
    """Acts on the chosen batch for one window."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._batches = desk.batches
        self._window = window
        self._page = window.batches
        self._asking = BatchAsking(desk, window)
        self._compare = Compare(desk.batches.matrix, desk.thumbnails, desk.pictures, desk.references, window)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOW_MS)
        self._connect_page()
        self._connect_desk()
        self._page.matrix.set_edge(desk.preferences.current.cell_px)
        self._show()
        if desk.batches.ledger is not None:
            self._on_ledger(desk.batches.ledger)

    def compare(self) -> None:
        """Look closely at the current cell."""
        if self._page.matrix.current_place() >= 0:
            self._compare.open_at(self._page.matrix.current_place())

    def judge(self, verdict: Verdict) -> None:
        """Pick or reject what is selected, or take that back."""
        self._batches.judge([job.id for job in self._selected() if job.state is JobState.DONE], verdict)

    def redo_selected(self) -> None:
        """Ask once more for what is selected and finished."""
        self._asking.redo([job for job in self._selected() if job.state in REPEATABLE], self._window)

    def redo_state(self, state: JobState) -> None:
        """Ask once more for everything in a state."""
        self._asking.redo(self._batches.matrix.jobs_in((state,)), self._window)

    def cancel_selected(self) -> None:
        """Cancel those of the selection that are not finished."""
        unfinished = [job.id for job in self._selected() if job.state in UNFINISHED]
        if unfinished:
            self._batches.cancel(unfinished)

    def open_folder(self) -> None:
        """Open the folder with the results."""
        batch = self._batches.chosen
        if batch is not None:
            self._desk.hand_over.open([batch.results_folder])

    def open_results(self) -> None:
        """Open the selected pictures in their programs."""
        self._desk.hand_over.open([job.result for job in self._selected() if job.result is not None])

    def reveal_result(self) -> None:
        """Show the current picture in the file manager."""
        results = [job.result for job in self._selected() if job.result is not None]
        if results:
            self._desk.hand_over.reveal(results[0])

    def show_results(self) -> None:
        """Show the selected pictures among those of the library."""
        results = [job.result for job in self._selected() if job.result is not None]
        self._desk.session.with_files(results, self._show_assets)

    def open_menu(self, place: QPoint) -> None:
        """Open the menu of the selected cells."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        possible = self._possible()
        for group in _MENU:
            menu.addActions([self._window.actions_table[one] for one in group if one in possible])
            menu.addSeparator()
        if menu.actions():
            menu.popup(place)

    def sift(self, sieve: Sieve) -> None:
        """Show these cells only."""
        self._batches.matrix.sift(sieve)

    def _possible(self) -> set[ActionId]:
        jobs = self._selected()
        states = {job.state for job in jobs}
        possible = {ActionId.COMPARE} if jobs else set()
        if JobState.DONE in states:
            possible |= {ActionId.SHOW_RESULT, ActionId.OPEN_RESULT, ActionId.REVEAL_RESULT}
            possible |= {ActionId.PICK, ActionId.REJECT}
        if any(job.verdict is not Verdict.NONE for job in jobs):
            possible.add(ActionId.UNJUDGE)
        if states & set(REPEATABLE):
            possible.add(ActionId.REDO)
        if states & set(UNFINISHED):
            possible.add(ActionId.CANCEL_JOBS)
        return possible

    def _selected(self) -> list[Job]:
        return self._page.matrix.selected_jobs()

    def _currency(self) -> Currency | None:
        return self._batches.ledger.currency if self._batches.ledger else None

    def _show_batch(self, batch_id: int) -> None:
        self._desk.session.turn_to(Page.BATCHES)
        self._batches.choose(batch_id)

    def _show_assets(self, rows: tuple[AssetRow, ...]) -> None:
        if rows:
            self._desk.session.show_assets([row.id for row in rows])
        else:
            words = self.tr("These pictures are not in the library yet.")
            self._desk.notifications.trouble(words, self.tr("Wait until their folder is indexed."))

    def _show_origin(self, details: JobDetails) -> None:
        self._window.inspector.origin.show_origin(details, self._currency())

    def _seek(self, job: Job) -> None:
        self.sift(None)
        self._batches.seek(job)
        self._desk.session.turn_to(Page.BATCHES)

    def _show_reference(self, reference: JobReference) -> None:
        if reference.asset_id is None:
            self._desk.hand_over.reveal(reference.path)
        else:
            self._desk.session.show_assets([reference.asset_id])

    def _on_page(self) -> None:
        if self._desk.session.page is Page.BATCHES:
            self._batches.choose_newest()
            self._page.matrix.setFocus()

    def _show(self) -> None:
        batch = self._batches.chosen
        if batch is not None:
            self._page.show_chosen(batch)
            self._page.head.show_batch(batch, self._judged(), self._currency())

    def _on_reset(self) -> None:
        self._page.head.show_sieve(self._batches.matrix.sieve)
        self._on_selection()

    def _judged(self) -> dict[Sieve, int]:
        counts = self._batches.matrix.counts()
        return {verdict: counts.get(verdict, 0) for verdict in Verdict}

    def _show_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _on_ledger(self, ledger: LedgerFetched) -> None:
        self._page.show_currency(ledger.currency)
        self._compare.currency = ledger.currency
        self._show()

    def _on_written(self, words: str, path: Path) -> None:
        offer = Offer(self.tr("Show in folder"), lambda: self._desk.hand_over.reveal(path))
        self._desk.notifications.news(words, offer)

    def _on_selection(self) -> None:
        matrix = self._page.matrix
        current = matrix.currentIndex()
        words = str(current.data(CellRole.WORDS) or "") if current.isValid() else ""
        count = len(matrix.selectedIndexes())
        self._page.show_job(self.tr("%Ln cell(s) selected", "", count) if count > 1 else words)

    def _connect_page(self) -> None:
        page, head, compare = self._page, self._page.head, self._compare
        for action, act in self._deeds().items():
            self._window.actions_table[action].triggered.connect(act)
        page.chosen.connect(self._batches.choose)
        page.empty.pressed.connect(lambda: self._desk.session.turn_to(Page.COMPOSE))
        page.matrix.opened.connect(compare.open_at)
        page.matrix.menu_wanted.connect(self.open_menu)
        page.matrix.looked_at.connect(self._batches.look_at)
        page.matrix.selection_changed.connect(self._on_selection)
        page.matrix.edge_changed.connect(lambda edge: self._desk.preferences.update(cell_px=edge))
        head.pause_pressed.connect(self._batches.pause)
        head.resume_pressed.connect(self._asking.resume)
        head.redo_pressed.connect(self.redo_state)
        head.export_pressed.connect(self._asking.export_picks)
        head.cancel_pressed.connect(self._asking.cancel_all)
        head.disclosure_pressed.connect(self._batches.write_disclosure)
        head.folder_pressed.connect(self.open_folder)
        head.budget_pressed.connect(self._asking.change_budget)
        head.sieve_chosen.connect(self.sift)
        compare.moved.connect(page.matrix.go_to)
        compare.details_wanted.connect(self._batches.fetch_details)
        compare.judged.connect(lambda job_id, verdict: self._batches.judge([job_id], verdict))
        compare.redo_wanted.connect(self._redo_one)

    def _connect_desk(self) -> None:
        batches = self._batches
        self._soon.timeout.connect(self._show)
        batches.chosen_changed.connect(self._show_soon)
        batches.details_known.connect(self._compare.show_details)
        batches.jobs_known.connect(self._compare.show_changed)
        batches.ledger_known.connect(self._on_ledger)
        batches.written.connect(self._on_written)
        batches.show_wanted.connect(self._show_batch)
        batches.place_sought.connect(self._page.matrix.go_to)
        self._desk.inspection.origin_known.connect(self._show_origin)
        self._window.inspector.origin.job_wanted.connect(self._seek)
        self._window.inspector.origin.reference_chosen.connect(self._show_reference)
        batches.listed.connect(self._on_page)
        batches.matrix.modelReset.connect(self._on_reset)
        self._desk.session.page_turned.connect(self._on_page)

    def _redo_one(self, job: Job, prompt: str) -> None:
        if job.state in REPEATABLE:
            self._asking.redo([job], self._compare, prompt)

    def _deeds(self) -> dict[ActionId, Callable[[], object]]:
        return {
            ActionId.COMPARE: self.compare,
            ActionId.PICK: lambda: self.judge(Verdict.PICKED),
            ActionId.REJECT: lambda: self.judge(Verdict.REJECTED),
            ActionId.UNJUDGE: lambda: self.judge(Verdict.NONE),
            ActionId.REDO: self.redo_selected,
            ActionId.CANCEL_JOBS: self.cancel_selected,
            ActionId.SHOW_RESULT: self.show_results,
            ActionId.OPEN_RESULT: self.open_results,
            ActionId.REVEAL_RESULT: self.reveal_result,
        }
