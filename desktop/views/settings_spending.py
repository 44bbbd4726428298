"""The settings page of money: the caps of a day and of a batch, what was spent, and the currency beside dollars."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHeaderView,
    QTableView,
    QWidget,
)

from desktop.amounts import CENT, CENTS, DOLLARS, amount_words, rate_words
from desktop.engine_client import EngineClient
from desktop.models.ledger_table import LedgerTable
from desktop.settings import PreferenceStore
from desktop.troubles import told
from desktop.views.parts import Role, button, column, label, line, number_box, paragraph
from engine import protocol
from engine.protocol import (
    FileWritten,
    GeneratorsListed,
    LedgerFetched,
    RequestCompleted,
    RequestFailed,
)

MOST_DOLLARS = 9_999_999.99
CAP_PX = 120
LEDGER_FILE = "propmaster-ledger.csv"


class SpendingPage(QWidget):
    """Changes caps at once; shows the ledger as it was when the page came into sight."""

    def __init__(self, client: EngineClient, preferences: PreferenceStore) -> None:
        super().__init__()
        self._client = client
        self._preferences = preferences
        self._setting = self._writing = 0
        self._caps = 0, 0
        """Cents of a day and of a batch, as they hold."""
        self._day = _cap(self.tr("The most that a day may cost, in US dollars"))
        self._batch = _cap(self.tr("The most that a batch may cost, in US dollars"))
        self._today = label()
        self._total = label()
        self._currency = QComboBox()
        self._currency.setAccessibleName(self.tr("Currency"))
        self._ledger = LedgerTable()
        self._table = QTableView()
        self._export = button(self.tr("Export as CSV…"))
        self._outcome = paragraph(role=Role.MUTED)
        self._dress_table()
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Ask what was spent by now."""
        super().showEvent(event)
        if not self._currency.count():
            self._client.send(protocol.ListGenerators)
        self._fetch()

    def _dress_table(self) -> None:
        table = self._table
        table.setModel(self._ledger)
        table.setAccessibleName(self.tr("What each day cost"))
        table.setShowGrid(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(10)
        form.addRow(self.tr("A day may cost"), self._day)
        form.addRow(self.tr("A batch may cost"), self._batch)
        form.addRow(self.tr("Today"), self._today)
        form.addRow(self.tr("Beside US dollars"), self._currency)
        page = column(self, 14)
        page.addLayout(form)
        words = self.tr(
            "No request leaves that could pass a cap: what it may cost at most is set aside first, then replaced by"
            " what the answer says it used."
        )
        page.addWidget(paragraph(words, Role.MUTED))
        page.addWidget(self._table, 1)
        foot = line(spacing=14)
        foot.addWidget(self._total)
        foot.addWidget(self._outcome, 1)
        foot.addWidget(self._export)
        page.addLayout(foot)

    def _connect(self) -> None:
        client = self._client
        self._day.editingFinished.connect(self._set_caps)
        self._batch.editingFinished.connect(self._set_caps)
        self._currency.activated.connect(self._choose_currency)
        self._export.clicked.connect(self._ask_for_file)
        client.ledger_fetched.connect(self._on_ledger)
        client.generators_listed.connect(self._on_listed)
        client.request_completed.connect(self._on_completed)
        client.file_written.connect(self._on_written)
        client.request_failed.connect(self._on_failed)

    def _fetch(self) -> None:
        self._client.send(protocol.FetchLedger, self._preferences.current.currency)

    def _set_caps(self) -> None:
        day, batch = (round(field.value() * CENTS) for field in (self._day, self._batch))
        if (day, batch) != self._caps:
            self._setting = self._client.send(protocol.SetBudget, day, batch)

    def _choose_currency(self, position: int) -> None:
        self._preferences.update(currency=self._currency.itemData(position))
        self._fetch()

    def _ask_for_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export the ledger"), LEDGER_FILE, "CSV (*.csv)")
        if chosen:
            self._writing = self._client.send(protocol.WriteLedger, Path(chosen))

    def _on_ledger(self, event: LedgerFetched) -> None:
        budget, currency = event.budget, event.currency
        caps = budget.day // CENT, budget.batch // CENT
        for field, former, cents in zip((self._day, self._batch), self._caps, caps, strict=True):
            # What is being typed stays.
            if round(field.value() * CENTS) == former:
                field.setValue(cents / CENTS)
        self._caps = caps
        spent, left = (amount_words(amount, currency) for amount in (budget.spent_today, budget.left_today))
        self._today.setText(self.tr("{0} spent, {1} left").format(spent, left))
        self._ledger.show_days(event.days, currency)
        self._total.setText(self.tr("In all {0}").format(amount_words(event.total, currency)))

    def _on_listed(self, event: GeneratorsListed) -> None:
        self._currency.clear()
        for one in event.currencies:
            words = self.tr("none") if one.code == DOLLARS else f"{one.code}  ({rate_words(one)}, {one.as_of})"
            self._currency.addItem(words, one.code)
        self._currency.setCurrentIndex(self._currency.findData(self._preferences.current.currency))

    def _on_completed(self, event: RequestCompleted) -> None:
        if event.request_id == self._setting:
            self._fetch()

    def _on_written(self, event: FileWritten) -> None:
        if event.request_id == self._writing:
            self._outcome.setText(self.tr("Written to {0}").format(event.path))

    def _on_failed(self, event: RequestFailed) -> None:
        if event.request_id in (self._setting, self._writing):
            self._outcome.setText(" ".join(filter(None, told(event.code, event.message, event.hint))))
        if event.request_id == self._setting:
            for field, cents in zip((self._day, self._batch), self._caps, strict=True):
                field.setValue(cents / CENTS)


def _cap(accessible: str) -> QDoubleSpinBox:
    field = number_box(QDoubleSpinBox())
    field.setAccessibleName(accessible)
    field.setRange(0, MOST_DOLLARS)
    field.setPrefix("$")
    field.setFixedWidth(CAP_PX)
    return field
