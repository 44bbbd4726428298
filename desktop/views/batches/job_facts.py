"""What is known of a job: how it is, prompt, model, price, what the model said, and its earlier attempts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QScrollArea, QToolButton, QWidget

from desktop.amounts import amount_words
from desktop.batch_words import job_words, moment_words, state_words
from desktop.views.flow import FlowLayout
from desktop.views.parts import Role, column, label, paragraph
from engine.protocol import Currency, Job, JobDetails

WIDTH_PX = 300


class JobFacts(QScrollArea):
    """Shows one job's details; emits which attempt is to be seen, 0 for the latest."""

    attempt_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._caption = paragraph(role=Role.HEADING)
        self._state = paragraph()
        self._prompt = paragraph()
        self._said = paragraph()
        self._said_title = label(self.tr("What the model said"), Role.SECTION)
        self._attempts_title = label(self.tr("Attempts"), Role.SECTION)
        self._attempts = FlowLayout()
        self._facts = QFormLayout()
        self._lay_out()

    def show_cell(self, caption: str, job: Job | None) -> None:
        """Show what the matrix knows, until the details come."""
        self._caption.setText(caption)
        self._state.setText(job_words(job) if job else "")

    def show_details(self, details: JobDetails, currency: Currency | None) -> None:
        """Show everything."""
        self._state.setText(job_words(details.job))
        self._prompt.setText(details.prompt)
        self._said.setText(details.model_text)
        for widget in (self._said, self._said_title):
            widget.setVisible(bool(details.model_text))
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, value in self._facts_of(details, currency):
            if value:
                self._facts.addRow(label(name, Role.MUTED), paragraph(value))

    def show_attempts(self, attempts: Sequence[Job], shown: int) -> None:
        """Offer the attempts of a cell, the latest first; one of them is shown."""
        self._attempts.clear()
        for at, job in enumerate(attempts):
            press = QToolButton()
            press.setProperty("role", "text")
            press.setCheckable(True)
            press.setChecked(at == shown)
            press.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            press.setText(f"{len(attempts) - at} · {state_words(job.state)}")
            press.clicked.connect(lambda _=False, at=at: self.attempt_chosen.emit(at))
            self._attempts.addWidget(press)
        self._attempts_title.setVisible(len(attempts) > 1)
        if len(attempts) <= 1:
            self._attempts.clear()

    def _facts_of(self, details: JobDetails, currency: Currency | None) -> list[tuple[str, str]]:
        shape = " · ".join(filter(None, (details.size, details.ratio)))
        tries = str(details.job.attempts) if details.job.attempts > 1 else ""
        return [
            (self.tr("Model"), details.model),
            (self.tr("Size, ratio"), shape),
            (self.tr("Finished"), moment_words(details.finished_at)),
            (self.tr("Sent"), moment_words(details.sent_at) if not details.finished_at else ""),
            (self.tr("Booked"), amount_words(details.booked, currency)),
            (self.tr("Requests"), tries),
            (self.tr("Request id"), details.request_id),
            (self.tr("File"), details.job.result.name if details.job.result else ""),
        ]

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFixedWidth(WIDTH_PX)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(5)
        page = QWidget()
        stack = column(page, 8, (16, 16, 16, 16))
        stack.addWidget(self._caption)
        stack.addWidget(self._state)
        stack.addSpacing(6)
        stack.addWidget(label(self.tr("Prompt"), Role.SECTION))
        stack.addWidget(self._prompt)
        stack.addWidget(self._said_title)
        stack.addWidget(self._said)
        stack.addSpacing(6)
        stack.addLayout(self._facts)
        stack.addWidget(self._attempts_title)
        stack.addLayout(self._attempts)
        stack.addStretch(1)
        self.setWidget(page)
