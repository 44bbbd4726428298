"""The models of a generator with their prices, and whose word those are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.amounts import amount_words
from desktop.views.parts import Role, button, column, label, paragraph
from engine.protocol import Currency, GeneratorModel


class ModelTable(QWidget):
    """Folded until it is asked for."""

    def __init__(self, models: Sequence[GeneratorModel], currency: Currency | None) -> None:
        super().__init__()
        self._currency = currency
        self._unfold = button("", Role.LINK)
        self._table = QWidget()
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for model in models:
            self._add(grid, model)
        stack = column(self, 4)
        stack.addWidget(self._unfold, alignment=Qt.AlignmentFlag.AlignLeft)
        stack.addWidget(self._table)
        self._unfold.clicked.connect(lambda: self._fold(not self._table.isHidden()))
        self._fold(True)

    def _fold(self, folded: bool) -> None:
        self._table.setHidden(folded)
        self._unfold.setText(self.tr("Models and prices") + (" ▸" if folded else " ▾"))

    def _add(self, grid: QGridLayout, model: GeneratorModel) -> None:
        row = grid.rowCount()
        name = label(model.title, Role.MUTED if model.retired else None)
        name.setToolTip(model.name)
        grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        facts = column(spacing=1)
        facts.addWidget(label(self._prices(model)))
        facts.addWidget(paragraph(self.tr("{0} ({1})").format(model.as_of, model.source), Role.MUTED))
        if model.retired:
            words = self.tr("Retired on {0}; {1} follows it.") if model.successor else self.tr("Retired on {0}.")
            facts.addWidget(paragraph(words.format(model.retired, model.successor), Role.WARNING))
        elif model.successor:
            facts.addWidget(
                paragraph(self.tr("Will be retired; {0} follows it.").format(model.successor), Role.WARNING)
            )
        grid.addLayout(facts, row, 1)

    def _prices(self, model: GeneratorModel) -> str:
        if not any(price for _, price in model.prices):
            return self.tr("free")
        return "    ".join(f"{size}  {amount_words(price, self._currency)}" for size, price in model.prices)
