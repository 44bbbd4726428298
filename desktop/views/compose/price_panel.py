"""What a plan costs at most, since when and by whose word, what is left of today, and the cap of the batch."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QWidget

from desktop.amounts import CENT, MICRO, amount_words, rate_words
from desktop.views.parts import Role, column, label, line, number_box, paragraph
from engine.protocol import Budget, CompositionPlan

MOST_DOLLARS = 9_999_999.99
CAP_PX = 120


class PricePanel(QWidget):
    """Shows amounts in dollars and in the plan's currency; the cap can be changed for this batch alone."""

    cap_changed = Signal()

    def __init__(self, plan: CompositionPlan) -> None:
        super().__init__()
        self._plan = plan
        self._left = label()
        self._cap = number_box(QDoubleSpinBox())
        self._cap.setRange(0, MOST_DOLLARS)
        self._cap.setPrefix("$")
        self._cap.setFixedWidth(CAP_PX)
        self._cap.setAccessibleName(self.tr("The most that this batch may cost, in US dollars"))
        self._cap.setValue(plan.budget.batch / MICRO)
        self._cap.valueChanged.connect(self.cap_changed)
        stack = column(self, 6)
        if plan.price:
            stack.addLayout(self._form())
            stack.addWidget(paragraph(self._source_words(), Role.MUTED))
            self.show_budget(plan.budget)
        else:
            stack.addWidget(label(self.tr("Free."), Role.HEADING))

    @property
    def cap(self) -> int:
        """What the batch may cost, in micro-USD."""
        return round(self._cap.value() * 100) * CENT

    def show_budget(self, budget: Budget) -> None:
        """Tell what is left of today's budget."""
        words = self.tr("{0} of {1}")
        currency = self._plan.currency
        self._left.setText(words.format(amount_words(budget.left_today, currency), amount_words(budget.day)))

    def _form(self) -> QFormLayout:
        plan = self._plan
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(5)
        each = self.tr("{0} each at most").format(amount_words(plan.price_each, plan.currency))
        total = line(spacing=10)
        total.addWidget(label(amount_words(plan.price, plan.currency), Role.HEADING))
        total.addWidget(label(each, Role.MUTED))
        total.addStretch(1)
        form.addRow(label(self.tr("In all, at most"), Role.MUTED), total)
        form.addRow(label(self.tr("Left today"), Role.MUTED), self._left)
        form.addRow(label(self.tr("This batch may cost"), Role.MUTED), self._cap)
        return form

    def _source_words(self) -> str:
        plan = self._plan
        words = self.tr("Prices of {0} ({1}).").format(plan.as_of, plan.source)
        if plan.currency.code == "USD":
            return words
        rate = self.tr("{0} of {1} ({2}).")
        return f"{words} {rate.format(rate_words(plan.currency), plan.currency.as_of, plan.currency.source)}"
