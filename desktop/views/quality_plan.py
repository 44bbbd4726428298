"""What a plan of the quality model says: how many pictures, which, at what price, in what time."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QWidget

from desktop.amounts import amount_words
from desktop.generator_words import generator_word
from desktop.views.parts import Role, column, paragraph
from engine.protocol import QualityPlan, QualityReason, QualityShare, ServiceTerms

SHARES_SHOWN = 5
MINUTE_S = 60
HOUR_S = 3600


class PlanView(QWidget):
    """Shows one plan, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._told = paragraph()
        self._shares = paragraph(role=Role.MUTED)
        stack = column(self)
        stack.addWidget(self._told)
        stack.addWidget(self._shares)

    def show_plan(self, plan: QualityPlan | None) -> None:
        """Show a plan in words."""
        self.setVisible(plan is not None)
        if plan is not None:
            self._told.setText(" ".join(filter(None, (*self._counts(plan), self._cost(plan)))))
            self._shares.setText("\n".join(self._lines(plan)))
            self._shares.setVisible(bool(plan.shares))

    def _counts(self, plan: QualityPlan) -> list[str]:
        counts = [self.tr("%Ln picture(s) seen,", "", plan.seen), self.tr("%Ln waiting.", "", plan.waiting)]
        if plan.kept_back:
            counts.append(self.tr("%Ln stay(s) here, marked “never send”.", "", plan.kept_back))
        return counts

    def _cost(self, plan: QualityPlan) -> str:
        if plan.terms is not None:
            return self._price(plan, plan.terms)
        return "" if plan.seconds is None or not plan.images else self._time(plan.seconds)

    def _price(self, plan: QualityPlan, terms: ServiceTerms) -> str:
        words = self.tr("This buys %Ln of them: {0} at most, {1} each, to {2} (prices of {3}).", "", plan.images)
        each = amount_words(terms.per_image)
        return words.format(amount_words(plan.price), each, generator_word(terms.service), short_date(terms.as_of))

    def _time(self, seconds: float) -> str:
        if seconds < MINUTE_S:
            return self.tr("That takes less than a minute on this machine.")
        if seconds < HOUR_S:
            return self.tr("That takes about %Ln minute(s) on this machine.", "", round(seconds / MINUTE_S))
        return self.tr("That takes about %Ln hour(s) on this machine.", "", round(seconds / HOUR_S))

    def _lines(self, plan: QualityPlan) -> list[str]:
        lines = [self._line(share) for share in plan.shares[:SHARES_SHOWN]]
        left = len(plan.shares) - SHARES_SHOWN
        return [*lines, self.tr("and %Ln more folder(s)", "", left)] if left > 0 else lines

    def _line(self, share: QualityShare) -> str:
        reason = {
            QualityReason.CHOSEN_FOLDER: self.tr("to begin with"),
            QualityReason.USED: self.tr("in use"),
            QualityReason.NEWEST: self.tr("newest"),
        }[share.reason]
        return f"{QLocale().toString(share.images)}  {share.folder}  ·  {reason}"


def short_date(iso: str) -> str:
    """Return a date as the language of the window writes it."""
    return QLocale().toString(QDate.fromString(iso, Qt.DateFormat.ISODate), QLocale.FormatType.ShortFormat)
