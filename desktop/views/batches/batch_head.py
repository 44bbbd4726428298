"""What stands above a matrix: what the batch is, how it is, what can be done with it, and which cells to show."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QMenu, QSizePolicy, QToolButton, QWidget

from desktop.amounts import amount_words
from desktop.batch_words import (
    Sieve,
    mode_words,
    moment_words,
    sieve_words,
    standing_words,
    state_icon,
    title_of,
    verdict_icon,
    why_words,
)
from desktop.generator_words import generator_word
from desktop.icons import icon
from desktop.views.batches.batch_delegate import progress_of
from desktop.views.flow import FlowLayout
from desktop.views.parts import Role, column, label, line, paragraph, tool
from engine.protocol import Batch, Currency, JobState, Standing, Verdict

SIEVES: tuple[Sieve, ...] = (None, *JobState, Verdict.PICKED, Verdict.REJECTED, Verdict.NONE)
_STANDING_STILL = (Standing.UNAGREED, Standing.PAUSED, Standing.HALTED, Standing.INTERRUPTED)
_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


class BatchHead(QWidget):
    """Shows a batch; emits what the user wants done with it."""

    pause_pressed = Signal()
    resume_pressed = Signal()
    redo_pressed = Signal(object)
    """The JobState whose jobs are to be sent once more."""
    export_pressed = Signal()
    cancel_pressed = Signal()
    disclosure_pressed = Signal()
    folder_pressed = Signal()
    budget_pressed = Signal()
    sieve_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role=Role.HEADING)
        self._facts = label(role=Role.MUTED)
        self._why = paragraph(role=Role.WARNING)
        self._pause = _word_tool("pause", self.tr("Pause"))
        self._resume = _word_tool("resume", self.tr("Resume"))
        self._redo = _word_tool("retry", self.tr("Redo…"))
        self._export = _word_tool("export", self.tr("Export picks…"))
        self._more = tool("more", self.tr("More"))
        self._deeds: dict[JobState, QAction] = {}
        self._cancel = QAction(self.tr("Cancel what is not made yet…"), self)
        self._menu = self._filled_menu()
        self._sieves: dict[Sieve, QToolButton] = {}
        self._sieve_group = QButtonGroup(self)
        self._flow = FlowLayout()
        self._lay_out()
        self._connect()

    def show_batch(self, batch: Batch, judged: Mapping[Sieve, int], currency: Currency | None) -> None:
        """Show how a batch is; `judged` counts the verdicts."""
        counts: dict[Sieve, int] = {**dict(batch.counts), **judged}
        self._title.setText(title_of(batch))
        self._title.setToolTip(batch.text)
        self._facts.setText(" · ".join(self._facts_of(batch, currency)))
        why = why_words(batch)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._pause.setVisible(batch.standing is Standing.RUNNING)
        self._resume.setVisible(batch.standing in _STANDING_STILL)
        refused = counts.get(JobState.REFUSED, 0)
        redo = self.tr("Redo %Ln refused…", "", refused)
        if redo != self._redo.text():
            self._redo.setText(redo)
            self._redo.setAccessibleName(redo)
        self._redo.setVisible(refused > 0)
        self._export.setVisible(counts.get(Verdict.PICKED, 0) > 0)
        for state, deed in self._deeds.items():
            deed.setVisible(counts.get(state, 0) > 0)
        self._cancel.setVisible(any(counts.get(one) for one in (JobState.WAITING, JobState.PLANNED, JobState.SENDING)))
        self._show_sieves(counts, progress_of(batch)[2])

    def show_sieve(self, sieve: Sieve) -> None:
        """Mark which cells are on show."""
        self._sieves[sieve].setChecked(True)

    def _facts_of(self, batch: Batch, currency: Currency | None) -> list[str]:
        done, _, total = progress_of(batch)
        locale = QLocale()
        spent, budget = amount_words(batch.spent, currency), amount_words(batch.budget)
        return [
            standing_words(batch.standing),
            self.tr("{0} of {1}").format(locale.toString(done), locale.toString(total)),
            mode_words(batch.mode),
            generator_word(batch.generator),
            moment_words(batch.created_at),
            self.tr("{0} spent of {1}").format(spent, budget),
        ]

    def _show_sieves(self, counts: Mapping[Sieve, int], total: int) -> None:
        locale = QLocale()
        for sieve, press in self._sieves.items():
            count = total if sieve is None else counts.get(sieve, 0)
            words = f"{sieve_words(sieve)}  {locale.toString(count)}"
            if press.text() != words:
                press.setText(words)
            press.setVisible(count > 0 or press.isChecked())

    def _filled_menu(self) -> QMenu:
        menu = QMenu(self)
        for state, words in (
            (JobState.FAILED, self.tr("Redo the failed…")),
            (JobState.CANCELLED, self.tr("Send the cancelled after all…")),
            (JobState.MAYBE_BILLED, self.tr("Ask again for the maybe billed…")),
        ):
            deed = menu.addAction(words)
            deed.triggered.connect(lambda _=False, state=state: self.redo_pressed.emit(state))
            self._deeds[state] = deed
        menu.addAction(self._cancel)
        menu.addAction(self.tr("Change the budget of this batch…")).triggered.connect(self.budget_pressed)
        menu.addSeparator()
        menu.addAction(self.tr("Open the results folder")).triggered.connect(self.folder_pressed)
        menu.addAction(self.tr("Write how the pictures were made")).triggered.connect(self.disclosure_pressed)
        return menu

    def _lay_out(self) -> None:
        self._more.setMenu(self._menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for words in (self._title, self._facts):
            # Long words are cut, and take no room from the list.
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        first = line(spacing=4)
        first.addWidget(self._title, 1)
        for press in (self._pause, self._resume, self._redo, self._export, self._more):
            first.addWidget(press)
        for sieve in SIEVES:
            press = QToolButton()
            press.setCheckable(True)
            press.setProperty("role", "text")
            press.setAccessibleName(sieve_words(sieve))
            if isinstance(sieve, JobState):
                press.setIcon(icon(state_icon(sieve)))
            elif sieve:
                press.setIcon(icon(verdict_icon(sieve)))
            press.setIconSize(QSize(14, 14))
            press.setToolButtonStyle(_BESIDE)
            press.clicked.connect(lambda _=False, sieve=sieve: self.sieve_chosen.emit(sieve))
            self._sieve_group.addButton(press)
            self._flow.addWidget(press)
            self._sieves[sieve] = press
        self._sieves[None].setChecked(True)
        stack = column(self, 4, (16, 12, 12, 8))
        stack.addLayout(first)
        stack.addWidget(self._facts)
        stack.addWidget(self._why)
        stack.addLayout(self._flow)

    def _connect(self) -> None:
        self._pause.clicked.connect(self.pause_pressed)
        self._resume.clicked.connect(self.resume_pressed)
        self._redo.clicked.connect(lambda: self.redo_pressed.emit(JobState.REFUSED))
        self._export.clicked.connect(self.export_pressed)
        self._cancel.triggered.connect(self.cancel_pressed)


def _word_tool(icon_name: str, words: str) -> QToolButton:
    made = tool(icon_name, words)
    made.setText(words)
    made.setToolTip("")
    made.setProperty("role", "text")
    made.setToolButtonStyle(_BESIDE)
    made.setIconSize(QSize(16, 16))
    return made
