"""The sheet that asks before jobs are sent once more: how many, in which words, for how much, and what is left."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QPlainTextEdit, QRadioButton, QWidget

from desktop.amounts import amount_words
from desktop.generator_words import DRAFT, generator_word
from desktop.views.parts import Role, button, column, label, line, paragraph
from engine.protocol import Batch, Currency, Job, JobState, LedgerFetched

WIDTH_PX = 520
WORDS_PX = 84


@dataclass(frozen=True, slots=True)
class Again:
    """What the user agreed to: words to be said in addition to each prompt, or a prompt in place of it."""

    wording: str = ""
    prompt: str = ""
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class RedoCase:
    """What is asked about: jobs of a batch, the prompt that they share or nothing, micro-USD left today if known."""

    batch: Batch
    jobs: tuple[Job, ...]
    currency: Currency | None = None
    prompt: str = ""
    left_today: int | None = None

    @property
    def price(self) -> int:
        """The most that all of them may cost, micro-USD."""
        return sum(job.price for job in self.jobs)

    @property
    def twice(self) -> int:
        """How many of them may be paid twice."""
        return sum(job.state is JobState.MAYBE_BILLED for job in self.jobs)

    @property
    def left_of_batch(self) -> int:
        """How much of the batch's budget is left, micro-USD."""
        return max(self.batch.budget - self.batch.spent, 0)


class RedoSheet(QDialog):
    """Asks about one case; emits `agreed` with an Again."""

    agreed = Signal(object)

    def __init__(self, case: RedoCase, parent: QWidget) -> None:
        super().__init__(parent)
        self._case = case
        self._left_today = label()
        self._addition = QRadioButton(self.tr("Say in addition:"))
        self._instead = QRadioButton(self.tr("Say in place of the whole prompt:"))
        self._words = QPlainTextEdit()
        self._trust = QCheckBox(self.tr("Do not ask again for this batch"))
        self._send = button(self._send_words(), Role.PRIMARY)
        self._lay_out()
        self._connect()
        self._left_today.setText("…" if case.left_today is None else self._amount(case.left_today))

    def show_ledger(self, ledger: LedgerFetched) -> None:
        """Show what is left of today's budget by now."""
        self._left_today.setText(self._amount(ledger.budget.left_today))

    def _send_words(self) -> str:
        return self.tr("Send %Ln picture(s) again", "", len(self._case.jobs))

    def _amount(self, micro_usd: int) -> str:
        return amount_words(micro_usd, self._case.currency)

    def _lay_out(self) -> None:
        self.setWindowTitle(self.tr("Ask once more"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH_PX)
        self._words.setFixedHeight(WORDS_PX)
        self._words.setTabChangesFocus(True)
        self._words.setAccessibleName(self.tr("Words for the generator"))
        self._words.setPlaceholderText(self.tr("For example: fully dressed, neutral pose, plain background"))
        self._addition.setChecked(True)
        self._trust.setVisible(not self._case.twice)
        stack = column(self, 10, (24, 20, 24, 18))
        stack.addWidget(label(self._question(), Role.HEADING))
        if self._case.twice:
            stack.addWidget(paragraph(self._warning(), Role.WARNING))
        stack.addWidget(paragraph(self._what_is_sent(), Role.MUTED))
        for widget in (self._addition, self._instead, self._words):
            stack.addWidget(widget)
        stack.addLayout(self._prices())
        stack.addWidget(self._trust)
        foot = line()
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._send)
        stack.addSpacing(4)
        stack.addLayout(foot)

    def _prices(self) -> QFormLayout:
        case, form = self._case, QFormLayout()
        form.setHorizontalSpacing(16)
        prices = sorted({job.price for job in case.jobs})
        each = " – ".join(dict.fromkeys(self._amount(price) for price in (prices[0], prices[-1])))
        left = label(self._amount(case.left_of_batch))
        if case.price > case.left_of_batch:
            left.setProperty("role", Role.WARNING.value)
        for name, value in (
            (self.tr("Each, at most"), label(each)),
            (self.tr("In all, at most"), label(self._amount(case.price))),
            (self.tr("Left of the batch's budget"), left),
            (self.tr("Left today"), self._left_today),
        ):
            form.addRow(label(name, Role.MUTED), value)
        return form

    def _connect(self) -> None:
        self._send.clicked.connect(self._on_send)
        self._instead.toggled.connect(self._on_instead)

    def _question(self) -> str:
        return self.tr("Ask once more for %Ln picture(s)?", "", len(self._case.jobs))

    def _warning(self) -> str:
        return self.tr(
            "%Ln of them may have been made and billed already: the answer was lost on its way."
            " Asking again may cost twice.",
            "",
            self._case.twice,
        )

    def _what_is_sent(self) -> str:
        if self._case.batch.generator == DRAFT:
            return self.tr("The same pictures are used; nothing leaves this machine.")
        return self.tr("The same pictures are sent to {0} again, and no others.").format(
            generator_word(self._case.batch.generator)
        )

    def _on_instead(self, instead: bool) -> None:
        if instead and not self._words.toPlainText().strip():
            self._words.setPlainText(self._case.prompt)
        elif not instead and self._words.toPlainText() == self._case.prompt:
            self._words.clear()
        self._words.setFocus()

    def _on_send(self) -> None:
        words = self._words.toPlainText().strip()
        instead = self._instead.isChecked()
        trusted = self._trust.isChecked()
        self.agreed.emit(Again("" if instead else words, words if instead else "", trusted))
        self.accept()
