"""Asks the user before anything is done with a batch that costs, ends something or writes files.

One for each window; what the user agreed to is asked of the engine by `desktop.batches`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from desktop.amounts import CENTS, MICRO, amount_words
from desktop.desk import Desk
from desktop.views.batches.export_sheet import ExportSheet
from desktop.views.batches.redo_sheet import Again, RedoCase, RedoSheet
from engine.protocol import Batch, Currency, Job, JobState, Verdict

UNFINISHED = (JobState.PLANNED, JobState.WAITING, JobState.SENDING)
EXPORTS = "picks"
"""Beside the results, not among them: these are watched, and every pick would be there twice."""


class BatchAsking(QObject):
    """Asks about the chosen batch."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._batches = desk.batches
        self._window = window

    def redo(self, jobs: Sequence[Job], parent: QWidget, prompt: str = "") -> None:
        """Ask once more for jobs; the user agrees first, unless this batch is trusted and nothing may cost twice."""
        batch = self._batches.chosen
        if batch is None or not jobs:
            return
        ledger = self._batches.ledger
        left = ledger.budget.left_today if ledger else None
        case = RedoCase(batch, tuple(jobs), self._currency(), prompt, left)
        if self._desk.consents.cover(batch.id) and not case.twice and case.price <= case.left_of_batch:
            self._redo(jobs, Again())
            return
        sheet = RedoSheet(case, parent)
        sheet.agreed.connect(lambda again: self._redo(jobs, again))
        self._batches.ledger_known.connect(sheet.show_ledger)
        self._batches.fetch_ledger()
        sheet.open()

    def cancel_all(self) -> None:
        """Cancel everything that is not finished, once the user agrees."""
        batch = self._batches.chosen
        if batch is None:
            return
        counts = dict(batch.counts)
        words = self.tr("Cancel %Ln picture(s) not made yet?", "", sum(counts.get(state, 0) for state in UNFINISHED))
        hint = self.tr("What is being made at this moment may be billed all the same. Finished pictures stay.")
        self._ask(words, hint, {self.tr("Cancel them"): self._batches.cancel})

    def resume(self) -> None:
        """Go on; what nobody agreed to is asked about first."""
        batch = self._batches.chosen
        if batch is None:
            return
        counts = dict(batch.counts)
        planned = counts.get(JobState.PLANNED, 0)
        if not planned:
            self._batches.resume(consent=False)
            return
        words = self.tr("Send %Ln picture(s) that nobody agreed to so far?", "", planned)
        answers: dict[str, Callable[[], object]] = {
            self.tr("Send all"): lambda: self._batches.resume(consent=True),
        }
        if counts.get(JobState.WAITING):
            answers[self.tr("Only what was agreed to")] = lambda: self._batches.resume(consent=False)
        self._ask(words, self._price_of_planned(batch), answers)

    def export_picks(self) -> None:
        """Copy the picks into a folder."""
        batch = self._batches.chosen
        if batch is not None:
            picks = self._batches.matrix.counts().get(Verdict.PICKED, 0)
            sheet = ExportSheet(
                picks, batch.results_folder.with_name(f"{batch.results_folder.name}-{EXPORTS}"), self._window
            )
            sheet.agreed.connect(self._batches.export_picks)
            sheet.open()

    def change_budget(self) -> None:
        """Let the user cap the batch."""
        batch = self._batches.chosen
        if batch is None:
            return
        dialog = QInputDialog(self._window)
        dialog.setInputMode(QInputDialog.InputMode.DoubleInput)
        dialog.setWindowTitle(self.tr("Budget of this batch"))
        spent = amount_words(batch.spent, self._currency())
        dialog.setLabelText(self.tr("The most that it may cost, in US dollars ({0} spent so far)").format(spent))
        dialog.setDoubleRange(0, 100_000)
        dialog.setDoubleDecimals(2)
        dialog.setDoubleValue(batch.budget / MICRO)
        dialog.doubleValueSelected.connect(lambda dollars: self._batches.raise_budget(round(dollars * CENTS)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _currency(self) -> Currency | None:
        return self._batches.ledger.currency if self._batches.ledger else None

    def _price_of_planned(self, batch: Batch) -> str:
        prices = [job.price for job in self._batches.matrix.jobs_in((JobState.PLANNED,))]
        currency = self._currency()
        if len(prices) < dict(batch.counts)[JobState.PLANNED]:
            # Not all have come, and a consent must not tell less than it may cost.
            left = max(batch.budget - batch.spent, 0)
            words = self.tr("All of them cost at most {0}: what is left of the batch's budget.")
            return words.format(amount_words(left, currency))
        words = self.tr("Each costs at most {0}, all of them {1}.")
        return words.format(amount_words(max(prices), currency), amount_words(sum(prices), currency))

    def _ask(self, words: str, hint: str, answers: dict[str, Callable[[], object]]) -> None:
        box = QMessageBox(self._window)
        box.setText(words)
        box.setInformativeText(hint)
        for answer, act in answers.items():
            box.addButton(answer, QMessageBox.ButtonRole.AcceptRole).clicked.connect(lambda _=False, act=act: act())
        box.addButton(self.tr("Back"), QMessageBox.ButtonRole.RejectRole)
        box.finished.connect(box.deleteLater)
        box.open()

    def _redo(self, jobs: Sequence[Job], again: Again) -> None:
        if again.trusted and self._batches.chosen is not None:
            self._desk.consents.give(self._batches.chosen.id)
        self._batches.redo([job.id for job in jobs], again.wording, again.prompt)
