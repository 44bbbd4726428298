"""The settings of money: caps are changed at once, the ledger is shown by day and exported, in the chosen currency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QFileDialog, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.settings import PreferenceStore
from desktop.views.settings_spending import SpendingPage
from engine import protocol
from engine.protocol import Currency, LedgerDay
from tests.desktop.fake_compositions import BUDGET, YUAN
from tests.desktop.fake_engine import FakeEngine

DOLLAR = Currency("USD", "$", 1.0, "1970-01-01", "prices are in US dollars")
DAYS = (LedgerDay("2026-11-25", 1_250, 42_000_000, 67_200), LedgerDay("2026-11-24", 1, 33_600, 0))


@pytest.fixture
def page(qtbot: QtBot, fake: FakeEngine, tmp_path: Path) -> Iterator[SpendingPage]:
    currencies = {one.code: one for one in (DOLLAR, YUAN)}
    spent = replace(BUDGET, spent_today=2_500_000, left_today=7_500_000)
    fake.answers[protocol.ListGenerators] = lambda c: protocol.GeneratorsListed(c.request_id, (), (DOLLAR, YUAN))
    fake.answers[protocol.FetchLedger] = lambda c: protocol.LedgerFetched(
        c.request_id, DAYS, 42_033_600, spent, currencies[c.currency]
    )
    client = EngineClient(tmp_path)
    client.open()
    made = SpendingPage(client, PreferenceStore(tmp_path))
    made.show()
    qtbot.waitUntil(lambda: made.findChild(QTableView).model().rowCount() == 2 and currency(made).count() == 2)
    yield made
    made.close()
    fake.close()
    client.close()


def cap(page: SpendingPage, name: str) -> QDoubleSpinBox:
    return next(one for one in page.findChildren(QDoubleSpinBox) if name in one.accessibleName())


def currency(page: SpendingPage) -> QComboBox:
    found: QComboBox = page.findChild(QComboBox)
    return found


def words(page: SpendingPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel))


def cells(page: SpendingPage) -> list[list[str]]:
    model = page.findChild(QTableView).model()
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def test_what_is_spent_and_left_is_told_by_day_and_in_all(page: SpendingPage) -> None:
    assert "$2.50 · ¥17.71 spent, $7.50 · ¥53.12 left" in words(page)
    assert "In all $42.03" in words(page)
    assert cells(page) == [
        ["2026-11-25", QLocale().toString(1_250), "$42.00 · ¥297.47", "$0.0672 · ¥0.48"],
        ["2026-11-24", "1", "$0.0336 · ¥0.24", ""],
    ]
    headings = page.findChild(QTableView).model()
    assert headings.headerData(3, Qt.Orientation.Horizontal) == "of it maybe billed"


def test_caps_are_changed_once_they_are_edited(qtbot: QtBot, page: SpendingPage, fake: FakeEngine) -> None:
    cap(page, "day").editingFinished.emit()
    cap(page, "day").setValue(12.5)
    cap(page, "day").editingFinished.emit()
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.FetchLedger)) == 2)
    (asked,) = fake.asked_for(protocol.SetBudget)
    assert (asked.day_cents, asked.batch_cents, asked.batch_id) == (1_250, 500, None)


def test_wheel_scrolls_the_page_and_changes_no_cap_that_nobody_edits(page: SpendingPage) -> None:
    box = cap(page, "batch")
    down = QWheelEvent(
        QPointF(5, 5), box.mapToGlobal(QPointF(5, 5)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    assert not box.hasFocus()
    QApplication.sendEvent(box, down)
    assert box.value() == 5


def test_refused_cap_is_told_and_taken_back(qtbot: QtBot, page: SpendingPage, fake: FakeEngine) -> None:
    fake.answers[protocol.SetBudget] = lambda c: protocol.RequestFailed(c.request_id, "invalid_setting", "No.", "Less.")
    cap(page, "batch").setValue(7)
    cap(page, "batch").editingFinished.emit()
    qtbot.waitUntil(lambda: cap(page, "batch").value() == 5)
    assert "No. Less." in words(page)


def test_news_of_the_ledger_leave_what_is_being_typed(qtbot: QtBot, page: SpendingPage, fake: FakeEngine) -> None:
    ledger = fake.answers[protocol.FetchLedger](protocol.FetchLedger(1, "USD"))
    assert isinstance(ledger, protocol.LedgerFetched)
    cap(page, "day").setValue(12.5)
    fake.tell(replace(ledger, total=0, budget=replace(ledger.budget, batch=7_000_000)))
    qtbot.waitUntil(lambda: cap(page, "batch").value() == 7)
    assert cap(page, "day").value() == 12.5


def test_currency_is_remembered_and_dollars_can_stand_alone(qtbot: QtBot, page: SpendingPage, tmp_path: Path) -> None:
    assert currency(page).currentData() == "CNY"
    currency(page).setCurrentIndex(0)
    currency(page).activated.emit(0)
    qtbot.waitUntil(lambda: cells(page)[1][2] == "$0.0336")
    assert PreferenceStore(tmp_path).current.currency == "USD"


def test_ledger_is_exported_where_the_user_says(
    qtbot: QtBot, page: SpendingPage, fake: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "ledger.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: f"Written to {target}" in words(page))
    assert [one.path for one in fake.asked_for(protocol.WriteLedger)] == [target]
