"""The sheet before anything is sent: nothing is sent without it, and it shows what, for how much, and what is amiss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QListView, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.engine_client import EngineClient
from desktop.models.planned_jobs import PlannedRole
from desktop.views.compose.consent_sheet import ConsentSheet
from desktop.views.compose.outgoing_view import LargePicture, OutgoingView
from desktop.views.settings_pages import SettingsPage
from engine import protocol
from engine.protocol import JOBS_PAGE, Caution, CompositionPlanned, PlannedJob
from tests.desktop.fake_compositions import BUDGET, PLAN, PRICE, REFERENCE
from tests.desktop.fake_engine import FakeEngine

PAID = replace(
    PLAN, generator="gemini", model="nano", title="Nano", total=1000, price_each=1_000, price=1_000_000, local=False
)
PLAN_ID = 77

Opened = Callable[..., ConsentSheet]


def job(number: int) -> PlannedJob:
    return PlannedJob((0, number), 0, f"Dress the person in image 1, number {number}.", (REFERENCE,), 1_000)


def outgoing(folder: Path, name: str) -> protocol.OutgoingPicture:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor("#3060c0"))
    path = folder / f"{name}.png"
    assert image.save(str(path))
    return protocol.OutgoingPicture(REFERENCE.path, path, "image/png", 640, 480, path.stat().st_size, 1)


@pytest.fixture
def client(qtbot: QtBot, fake: FakeEngine, tmp_path: Path) -> Iterator[EngineClient]:
    made = EngineClient(tmp_path)
    with qtbot.waitSignal(made.connected):
        made.open()
    yield made
    fake.close()
    made.close()


@pytest.fixture
def opened(client: EngineClient) -> Iterator[Opened]:
    """Return what opens a sheet over a plan, PAID with some changes."""
    sheets: list[ConsentSheet] = []

    def open_sheet(**changes: object) -> ConsentSheet:
        plan = replace(PAID, **changes)  # type: ignore[arg-type]
        first = tuple(map(job, range(min(plan.total, JOBS_PAGE))))
        sheet = ConsentSheet(client, CompositionPlanned(PLAN_ID, plan, first), None)  # type: ignore[arg-type]
        sheets.append(sheet)
        sheet.show()
        return sheet

    yield open_sheet
    for sheet in filter(isValid, sheets):
        sheet.close()


def words(sheet: ConsentSheet) -> str:
    return "\n".join(one.text() for one in sheet.findChildren(QLabel) if one.isVisibleTo(sheet))


def send_button(sheet: ConsentSheet) -> QPushButton:
    return next(one for one in sheet.findChildren(QPushButton) if one.property("role") == "primary")


def link(sheet: ConsentSheet) -> QPushButton:
    return next(one for one in sheet.findChildren(QPushButton) if one.property("role") == "link")


def test_price_is_told_with_its_date_source_and_what_is_left(opened: Opened) -> None:
    shown = words(opened(price=400_000, price_each=PRICE))
    for told in ("$0.40 · ¥2.83", "$0.0336 · ¥0.24 each", PLAN.as_of, PLAN.source, "$10.00"):
        assert told in shown


def test_nothing_is_sent_before_it_is_agreed_to(qtbot: QtBot, opened: Opened, fake: FakeEngine) -> None:
    sheet = opened()
    assert fake.asked_for(protocol.RunPlan) == []
    with qtbot.waitSignal(sheet.agreed) as agreed:
        send_button(sheet).click()
    (run,) = fake.asked_for(protocol.RunPlan)
    assert (run.plan_id, run.budget) == (PLAN_ID, BUDGET.batch)
    assert agreed.args is not None
    assert isinstance(agreed.args[0], protocol.BatchStarted)


def test_closing_it_sends_nothing(opened: Opened, fake: FakeEngine) -> None:
    sheet = opened()
    sheet.reject()
    assert fake.asked_for(protocol.RunPlan) == []


def test_jobs_of_a_long_plan_are_fetched_as_they_are_looked_at(qtbot: QtBot, opened: Opened, fake: FakeEngine) -> None:
    fake.answers[protocol.FetchPlannedJobs] = lambda c: protocol.PlannedJobsFetched(
        c.request_id, c.plan_id, c.offset, tuple(map(job, range(c.offset, c.offset + c.count)))
    )
    sheet = opened()
    jobs = sheet.findChildren(QListView)[0]
    assert jobs.model().rowCount() == 1000
    jobs.scrollToBottom()
    last = jobs.model().index(999, 0)
    qtbot.waitUntil(lambda: last.data(PlannedRole.JOB) is not None)
    jobs.setCurrentIndex(last)
    assert "number 999" in sheet.findChild(QPlainTextEdit).toPlainText()
    assert "1  Person  prop-0000.png" in sheet.findChild(QPlainTextEdit).toPlainText()
    assert {one.offset for one in fake.asked_for(protocol.FetchPlannedJobs)} == {800}


def test_the_very_files_are_shown_and_can_be_seen_large(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    sheet = opened(outgoing=(outgoing(tmp_path, "sent"),))
    view = sheet.findChild(OutgoingView)
    index = view.model().index(0, 0)
    assert "640 × 480 · PNG" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    view.clicked.emit(index)
    large = sheet.findChild(LargePicture)
    qtbot.waitUntil(lambda: large.grab().toImage().pixelColor(450, 300) == QColor("#3060c0"))


def test_a_plan_of_words_says_that_no_picture_is_sent(opened: Opened) -> None:
    assert "No picture is sent" in words(opened())


def test_a_draft_says_that_nothing_leaves_and_costs_nothing(opened: Opened, tmp_path: Path) -> None:
    sheet = opened(local=True, price=0, price_each=0, total=1, outgoing=(outgoing(tmp_path, "sent"),))
    assert "Nothing leaves this computer" in words(sheet)
    assert "Free." in words(sheet)
    assert send_button(sheet).isEnabled()


def test_missing_key_is_in_the_way_until_there_is_one(
    qtbot: QtBot, opened: Opened, client: EngineClient, fake: FakeEngine
) -> None:
    sheet = opened(cautions=(Caution.NO_KEY,))
    assert not send_button(sheet).isEnabled()
    assert send_button(sheet).toolTip() == "There is no key for Gemini."
    with qtbot.waitSignal(sheet.settings_wanted) as wanted:
        link(sheet).click()
    assert wanted.args == [SettingsPage.GENERATORS]
    for key in (None, protocol.KeptKey(protocol.KeyPlace.KEYRING, "the keyring")):
        gemini = protocol.Generator("gemini", (), needs_key=True, key=key)
        fake.answers[protocol.ListGenerators] = lambda c, one=gemini: protocol.GeneratorsListed(
            c.request_id, (one,), ()
        )
        with qtbot.waitSignal(client.generators_listed):
            client.send(protocol.ListGenerators)
        assert send_button(sheet).isEnabled() is (key is not None)


def test_cap_of_the_batch_can_be_raised_for_it_alone(qtbot: QtBot, opened: Opened, fake: FakeEngine) -> None:
    sheet = opened(price=8_000_000, price_each=8_000, cautions=(Caution.OVER_BATCH,))
    assert not send_button(sheet).isEnabled()
    assert "$8.00, more than this batch may" in words(sheet)
    sheet.findChild(QDoubleSpinBox).setValue(8.5)
    with qtbot.waitSignal(sheet.agreed):
        send_button(sheet).click()
    assert fake.asked_for(protocol.RunPlan)[0].budget == 8_500_000
    assert fake.asked_for(protocol.SetBudget) == []


def test_more_than_is_left_today_is_told_until_the_cap_is_raised_and_may_be_begun(
    qtbot: QtBot, opened: Opened, client: EngineClient
) -> None:
    sheet = opened(cautions=(Caution.OVER_DAY,), budget=replace(BUDGET, left_today=2_000))
    assert "more than is left today" in words(sheet)
    assert send_button(sheet).isEnabled()
    with qtbot.waitSignal(client.ledger_fetched):
        client.send(protocol.FetchLedger)
    assert "more than is left today" not in words(sheet)


def test_a_day_without_room_for_one_picture_is_in_the_way(qtbot: QtBot, opened: Opened, client: EngineClient) -> None:
    sheet = opened(budget=replace(BUDGET, left_today=999))
    assert not send_button(sheet).isEnabled()
    with qtbot.waitSignal(sheet.settings_wanted) as wanted:
        link(sheet).click()
    assert wanted.args == [SettingsPage.SPENDING]
    with qtbot.waitSignal(client.ledger_fetched):
        client.send(protocol.FetchLedger)
    assert send_button(sheet).isEnabled()


def test_a_model_to_be_retired_names_its_successor(opened: Opened) -> None:
    assert "nano will be retired; nano-2 follows it." in words(opened(cautions=(Caution.RETIRING,), successor="nano-2"))


@pytest.mark.parametrize(("code", "may_try_again"), [("plan_unknown", False), ("budget_exceeded", True)])
def test_refusal_of_the_engine_is_told_in_the_sheet(
    qtbot: QtBot, opened: Opened, client: EngineClient, fake: FakeEngine, code: str, may_try_again: bool
) -> None:
    fake.answers[protocol.RunPlan] = lambda c: protocol.RequestFailed(c.request_id, code, "It cannot run.", "Mend it.")
    sheet = opened()
    with qtbot.waitSignal(client.request_failed):
        send_button(sheet).click()
    assert "It cannot run. Mend it." in words(sheet)
    assert send_button(sheet).isEnabled() is may_try_again
