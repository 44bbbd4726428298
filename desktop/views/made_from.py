"""Where a composed picture is from: references, prompt, model, day and price. Part of the inspector."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.amounts import amount_words
from desktop.batch_words import moment_words
from desktop.thumbnails import ThumbnailLoader
from desktop.views.parts import Role, button, column, label, paragraph
from desktop.views.picture_strip import PictureStrip
from engine.protocol import Currency, JobDetails


class MadeFrom(QWidget):
    """Shows the job that a picture is the result of; not there for pictures that nobody composed."""

    reference_chosen = Signal(object)
    job_wanted = Signal(object)
    """The job whose batch is to be shown."""

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._details: JobDetails | None = None
        self._references = PictureStrip(self.tr("Made from"), thumbnails)
        self._facts = paragraph()
        self._prompt_title = label(self.tr("Prompt"), Role.SECTION)
        self._prompt = paragraph()
        self._show = button(self.tr("Show in its batch"), Role.LINK)
        stack = column(self, 8)
        for widget in (self._references, self._prompt_title, self._prompt, self._facts, self._show):
            stack.addWidget(widget)
        self._references.chosen.connect(self.reference_chosen)
        self._show.clicked.connect(self._on_show)
        self.hide()

    def show_origin(self, details: JobDetails | None, currency: Currency | None = None) -> None:
        """Show where a picture is from; nothing for None."""
        self._details = details
        self.setVisible(details is not None)
        if details is None:
            return
        for reference in details.references:
            if reference.thumbnail:
                self._thumbnails.stand_in(reference.thumbnail, reference.path)
        self._references.show_pictures(details.references)
        self._prompt.setText(details.prompt)
        facts = (
            " · ".join(filter(None, (details.model, details.size, details.ratio))),
            moment_words(details.finished_at),
            amount_words(details.booked, currency),
        )
        self._facts.setText("\n".join(filter(None, facts)))

    def _on_show(self) -> None:
        if self._details is not None:
            self.job_wanted.emit(self._details.job)
