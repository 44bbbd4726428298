"""The settings of the quality model: what is chosen holds at once, what costs money is asked for first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.views.settings_quality import QualityPage
from engine import protocol
from engine.protocol import (
    KeptKey,
    KeyPlace,
    Model,
    QualityActivity,
    QualityChanged,
    QualityPlan,
    QualityReason,
    QualityShare,
    ServiceTerms,
    Setting,
)
from tests.desktop.fake_engine import FakeEngine

FAST = Model("starter-4", "Starter", 384, ("en",), "", 0, "", "starter-4", True, 100, searched=True)
BETTER = replace(FAST, name="big", title="Big", spec="/models/big", in_use=False, searched=False, indexed=20)
SHARES = (
    QualityShare(Path("/art/hero"), QualityReason.CHOSEN_FOLDER, 30),
    QualityShare(Path("/art/old"), QualityReason.USED, 20),
)
PLAN = QualityPlan("big", 20, 100, 0, 50, SHARES, seconds=300.0, chosen=True)
TERMS = ServiceTerms("openai", 1_600, "2026-11-20", "https://example.org")
PAID = replace(PLAN, terms=TERMS, price=80_000, day_left=9_000_000, kept_back=3, seconds=None)

Open = Callable[[QualityPlan, QualityActivity], QualityPage]


@pytest.fixture
def opened(qtbot: QtBot, fake: FakeEngine, tmp_path: Path) -> Iterator[Open]:
    """Open the page on what an engine says of a plan."""
    clients: list[EngineClient] = []
    pages: list[QualityPage] = []

    def open_page(plan: QualityPlan, activity: QualityActivity = QualityActivity.IDLE) -> QualityPage:
        settings = (Setting("quality_encoder", "/models/big", "", ""), Setting("quality_folders", "/art/hero", "", ""))
        fake.answers[protocol.ListModels] = lambda c: protocol.ModelsListed(c.request_id, (FAST, BETTER))
        fake.answers[protocol.FetchSettings] = lambda c: protocol.SettingsFetched(c.request_id, settings)
        fake.answers[protocol.PlanQuality] = lambda c: protocol.QualityPlanned(c.request_id, plan, activity)
        clients.append(EngineClient(tmp_path))
        clients[0].open()
        pages.append(QualityPage(clients[0]))
        pages[0].show()
        qtbot.waitUntil(lambda: "100" in words(pages[0]))
        return pages[0]

    yield open_page
    for page in pages:
        page.close()
    fake.close()
    for client in clients:
        client.close()


def words(page: QualityPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if not one.isHidden())


def press(page: QualityPage, text: str) -> None:
    next(one for one in page.findChildren(QPushButton) if text in one.text() and one.isVisible()).click()


def box(page: QualityPage) -> QMessageBox:
    return page.findChildren(QMessageBox)[-1]


def open_sheet(page: QualityPage, qtbot: QtBot) -> QMessageBox:
    """Press the button and return the sheet, which comes once no plan is under way any more."""
    before = len(page.findChildren(QMessageBox))
    press(page, "Send and pay…")
    qtbot.waitUntil(lambda: len(page.findChildren(QMessageBox)) > before)
    return box(page)


def test_plan_says_what_is_seen_how_long_the_rest_takes_and_which_pictures(opened: Open) -> None:
    page = opened(PLAN, QualityActivity.IDLE)
    said = words(page)
    for part in ("20 picture", "100 waiting", "5 minute", "30  /art/hero", "20  /art/old", "in use"):
        assert part in said
    assert page.findChild(QDoubleSpinBox).isHidden()


def test_main_model_is_not_offered_and_a_choice_holds_at_once(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PLAN, QualityActivity.IDLE)
    models = page.findChild(QComboBox)
    assert [models.itemText(at) for at in range(models.count())] == ["None", "Big"]
    assert models.currentData() == "/models/big"
    models.setCurrentIndex(0)
    models.activated.emit(0)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.ChangeSettings)))
    assert fake.asked_for(protocol.ChangeSettings)[0].changes == (("quality_encoder", ""),)


def test_quality_model_that_became_the_main_one_keeps_its_title(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PLAN, QualityActivity.IDLE)
    models = page.findChild(QComboBox)
    main = replace(BETTER, in_use=True)
    fake.answers[protocol.ListModels] = lambda c: protocol.ModelsListed(c.request_id, (FAST, main))
    with qtbot.waitSignal(page._client.models_listed):
        page._ask()
    assert (models.currentText(), models.currentData()) == ("Big", "/models/big")


def test_plan_of_the_model_before_does_not_stand_under_the_next(opened: Open) -> None:
    page = opened(PAID, QualityActivity.IDLE)
    models = page.findChild(QComboBox)
    models.setCurrentIndex(0)
    models.activated.emit(0)
    assert not [one for one in page.findChildren(QLabel) if one.isVisible() and "OpenAI" in one.text()]
    assert page.findChild(QDoubleSpinBox).isHidden()
    assert not [one for one in page.findChildren(QPushButton) if one.isVisible() and "Send" in one.text()]


def test_run_on_this_machine_is_paused_and_gone_on_with(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PLAN, QualityActivity.RUNS)
    press(page, "Pause")
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.HoldQuality)) == 1)
    fake.answers[protocol.PlanQuality] = lambda c: protocol.QualityPlanned(c.request_id, PLAN, QualityActivity.HELD)
    fake.tell(QualityChanged(QualityActivity.HELD))
    qtbot.waitUntil(lambda: "Paused" in words(page))
    press(page, "Go on")
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.HoldQuality)) == 2)
    assert [command.held for command in fake.asked_for(protocol.HoldQuality)] == [True, False]


def test_nothing_is_bought_before_the_sheet_is_agreed_to(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PAID, QualityActivity.IDLE)
    assert "OpenAI" in words(page)
    page.findChild(QDoubleSpinBox).setValue(2.5)
    sheet = open_sheet(page, qtbot)
    told = sheet.text() + sheet.informativeText()
    for part in (
        "50 picture",
        "OpenAI",
        "$0.08",
        "$0.0016",
        "$9.00",
        "$2.50",
        "never send",
        "words of your searches",
    ):
        assert part in told
    sheet.button(QMessageBox.StandardButton.Cancel).click()
    sheet = open_sheet(page, qtbot)
    agree = next(one for one in sheet.buttons() if sheet.buttonRole(one) is QMessageBox.ButtonRole.AcceptRole)
    assert not fake.asked_for(protocol.BuyQuality)
    agree.click()
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.BuyQuality)))
    assert [command.budget for command in fake.asked_for(protocol.BuyQuality)] == [2_500_000]


def test_sheet_waits_for_the_plan_of_a_budget_that_was_just_typed(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PAID, QualityActivity.IDLE)
    fewer = replace(PAID, images=7, price=11_200)
    fake.answers[protocol.PlanQuality] = lambda c: protocol.QualityPlanned(c.request_id, fewer, QualityActivity.IDLE)
    page.findChild(QDoubleSpinBox).setValue(0.02)
    page.findChild(QDoubleSpinBox).editingFinished.emit()
    press(page, "Send and pay…")
    assert not page.findChildren(QMessageBox)
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    assert "7 picture" in box(page).text()
    assert "$0.0112" in box(page).text()


def test_what_could_not_be_planned_is_not_sent(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PAID, QualityActivity.IDLE)
    send = next(one for one in page.findChildren(QPushButton) if one.text() == "Send and pay…")
    fake.answers[protocol.PlanQuality] = lambda c: protocol.RequestFailed(c.request_id, "encoder_unavailable", "Gone.")
    page.findChild(QDoubleSpinBox).editingFinished.emit()
    send.click()
    qtbot.waitUntil(lambda: not send.isVisible())
    fake.answers[protocol.PlanQuality] = lambda c: protocol.QualityPlanned(c.request_id, PAID, QualityActivity.IDLE)
    fake.tell(QualityChanged(QualityActivity.IDLE))
    qtbot.waitUntil(send.isVisible)
    assert not page.findChildren(QMessageBox)
    assert "50 picture" in open_sheet(page, qtbot).text()


def test_why_a_run_stopped_is_told(opened: Open, fake: FakeEngine, qtbot: QtBot) -> None:
    page = opened(PAID, QualityActivity.STOPPED)
    fake.tell(QualityChanged(QualityActivity.STOPPED, "service_failed", "The service is down.", "Try later."))
    qtbot.waitUntil(lambda: "The service is down. Try later." in words(page))
    fake.tell(QualityChanged(QualityActivity.RUNS))
    qtbot.waitUntil(lambda: "is down" not in words(page))


def test_everything_seen_leaves_nothing_to_start(opened: Open) -> None:
    page = opened(replace(PLAN, seen=100, waiting=0, images=0, shares=(), kept_back=100), QualityActivity.IDLE)
    assert "everything" in words(page)
    assert not [one for one in page.findChildren(QPushButton) if one.isVisible() and one.text() in ("Pause", "Go on")]


def test_key_of_the_service_is_kept_and_tried_where_the_model_is_chosen(
    opened: Open, fake: FakeEngine, qtbot: QtBot
) -> None:
    kept: dict[str, KeptKey] = {}

    def keep(command: protocol.KeepKey) -> protocol.Event:
        kept[command.service] = KeptKey(KeyPlace.FILE, "/home/keys.toml", "in the clear")
        return protocol.KeyKept(command.request_id, command.service, kept[command.service])

    def forget(command: protocol.ForgetKey) -> protocol.Event:
        del kept[command.service]
        return protocol.RequestCompleted(command.request_id)

    fake.answers |= {protocol.KeepKey: keep, protocol.ForgetKey: forget}
    fake.answers[protocol.FindKey] = lambda c: protocol.KeyFound(c.request_id, c.service, kept.get(c.service))
    page = opened(PAID, QualityActivity.IDLE)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.FindKey)))
    entry = next(one for one in page.findChildren(QLineEdit) if one.accessibleName() == "Key")
    entry.setText("a-key")
    press(page, "Keep key")
    qtbot.waitUntil(lambda: "/home/keys.toml" in words(page))
    assert [(one.service, one.key) for one in fake.asked_for(protocol.KeepKey)] == [("openai", "a-key")]
    press(page, "Test connection")
    qtbot.waitUntil(lambda: "The connection works." in words(page))
    press(page, "Forget key")
    qtbot.waitUntil(lambda: "/home/keys.toml" not in words(page))
    fake.answers[protocol.TryConnection] = lambda c: protocol.ConnectionTried(
        c.request_id, c.service, False, "It does not accept the key.", "Copy it again.", "bad_key"
    )
    press(page, "Test connection")
    qtbot.waitUntil(lambda: "It does not accept the key. Copy it again." in words(page))


def test_no_keyring_is_asked_for_a_model_on_this_computer(opened: Open, fake: FakeEngine) -> None:
    page = opened(PLAN, QualityActivity.IDLE)
    assert not [one for one in page.findChildren(QLineEdit) if one.accessibleName() == "Key" and one.isVisible()]
    assert fake.asked_for(protocol.FindKey) == []
