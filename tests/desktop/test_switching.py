"""A change of encoder as the window shows it: how far the new index is, when it answers, what may be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Propmaster
from desktop.models.search import Search
from desktop.settings import Language
from desktop.views.settings_models import ModelsPage
from engine import protocol
from engine.protocol import Activity, EncoderSwitched, IndexingProgressed, IndexingState, Model, ModelsListed
from tests.desktop.fake_engine import FakeEngine

OLD = Model("starter-2", "starter-2", 384, ("en",), "", 0, "", "", False, 500, searched=True)
NEW = Model("starter-4", "Starter", 384, ("en",), "", 0, "", "starter-4", True, 215, built=0.43)
OWN = Model("own-12345678", "own-12345678", 16, (), "", 0, "", "/models/own", False, 120)
BUILDING = IndexingState(
    Activity.INDEXING, done=15, total=300, rate=1, seconds_left=290, building="starter-4", built=0.439
)


def words_of(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def page(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> Iterator[ModelsPage]:
    """Return the page of models while one index is built beside the searched one and an old one is kept."""
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (NEW, OLD, OWN))
    shown = ModelsPage(running.desk.client)
    shown.show()
    qtbot.waitUntil(lambda: "pictures indexed" in words_of(shown))
    yield shown
    shown.close()
    shown.deleteLater()


def test_status_bar_says_how_far_the_new_index_is(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    fake.tell(IndexingProgressed(BUILDING))
    qtbot.waitUntil(lambda: "Building the index of starter-4: 43 % · 5 minutes left" in words_of(running.window.status))
    assert "of 300" not in words_of(running.window.status)
    fake.tell(IndexingProgressed(replace(BUILDING, activity=Activity.PAUSED)))
    qtbot.waitUntil(lambda: "starter-4: 43 % · paused" in words_of(running.window.status))


def test_status_bar_says_it_in_chinese(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    running.desk.preferences.update(language=Language.CHINESE)
    fake.tell(IndexingProgressed(BUILDING))
    qtbot.waitUntil(lambda: "正在为 starter-4 建立索引：43 %" in words_of(running.window.status))
    running.desk.preferences.update(language=Language.ENGLISH)


def test_switch_runs_the_search_on_show_again(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.desk.session.go(Search("prop-00"))
    asked = len(fake.asked_for(protocol.Search))
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        fake.tell(EncoderSwitched("starter-4"))
    assert "starter-4" in told.args[0].text
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.Search)) > asked)
    assert fake.asked_for(protocol.Search)[-1].query == Search("prop-00").query()


def test_search_under_way_at_the_switch_is_run_again(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    answer, held = fake.answers[protocol.Search], []

    def hold(command: protocol.Search) -> protocol.Event | None:
        held.append(answer(command))
        return None

    fake.answers[protocol.Search] = hold
    running.desk.session.go(Search("prop-00"))
    qtbot.waitUntil(lambda: bool(held))
    fake.tell(EncoderSwitched("starter-4"))
    qtbot.wait(running.desk.session._refresh.interval() + 100)
    fake.answers[protocol.Search] = answer
    asked = len(fake.asked_for(protocol.Search))
    fake.tell(held[0])
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.Search)) > asked)


def test_lost_encoder_is_told_once(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    status = fake.answers[protocol.FetchStatus]

    def lost(command: protocol.FetchStatus) -> protocol.Event:
        answer = status(command)
        assert isinstance(answer, protocol.StatusFetched)
        return replace(answer, status=replace(answer.status, lost_encoder="starter-2"))

    fake.answers[protocol.FetchStatus] = lost
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        running.desk.client.send(protocol.FetchStatus)
    assert "starter-2" in told.args[0].text
    assert told.args[0].hint
    with qtbot.assertNotEmitted(running.desk.notifications.told), qtbot.waitSignal(running.desk.client.status_fetched):
        running.desk.client.send(protocol.FetchStatus)


def test_page_shows_what_is_searched_and_what_is_built(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    assert "215 pictures indexed being built: 43 %" in words_of(page)
    assert "500 pictures indexed answers searches" in words_of(page)
    assert [one.text() for one in page.findChildren(QRadioButton) if one.isChecked()] == ["Starter"]
    fake.tell(IndexingProgressed(replace(BUILDING, built=0.8)))
    qtbot.waitUntil(lambda: "being built: 80 %" in words_of(page))


def test_index_is_deleted_only_after_the_user_says_so(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    (delete,) = (one for one in page.findChildren(QPushButton) if "Delete" in one.text())
    delete.click()
    box = page.findChild(QMessageBox)
    assert OWN.name in box.text()
    box.reject()
    assert fake.asked_for(protocol.DropVectors) == []
    delete.click()
    box = next(one for one in page.findChildren(QMessageBox) if one.isVisible())
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (NEW, OLD))
    next(one for one in box.buttons() if one.text() == "Delete index").click()
    qtbot.waitUntil(lambda: [one.encoder for one in fake.asked_for(protocol.DropVectors)] == [OWN.name])
    qtbot.waitUntil(lambda: OWN.name not in words_of(page))


def test_choosing_a_model_writes_what_the_settings_call_it(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    next(one for one in page.findChildren(QRadioButton) if one.text() == OWN.title).click()
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.ChangeSettings)))
    assert fake.asked_for(protocol.ChangeSettings)[0].changes == (("encoder", "/models/own"),)
    qtbot.waitUntil(lambda: [one.text() for one in page.findChildren(QRadioButton) if one.isChecked()] == ["Starter"])
