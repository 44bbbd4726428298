"""The page that tells the version asks for a newer one only when told to, and says what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.views.settings_about import AboutPage
from engine import __version__, protocol
from tests.desktop.fake_engine import FakeEngine


@pytest.fixture
def client(qtbot: QtBot, fake: FakeEngine, tmp_path: Path) -> Iterator[EngineClient]:
    client = EngineClient(tmp_path)
    with qtbot.waitSignal(client.connected):
        client.open()
    yield client
    fake.close()
    client.close()


@pytest.fixture
def page(qtbot: QtBot, client: EngineClient) -> AboutPage:
    page = AboutPage(client)
    qtbot.addWidget(page)
    page.show()
    return page


def words(page: AboutPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def press(qtbot: QtBot, page: AboutPage, name: str) -> None:
    found = next(one for one in page.findChildren(QPushButton) if one.text() == name)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def shown(page: AboutPage) -> list[str]:
    return [one.text() for one in page.findChildren(QPushButton) if one.isVisible()]


def test_version_is_told_and_nothing_asked(page: AboutPage, fake: FakeEngine) -> None:
    assert f"Propmaster {__version__}" in words(page)
    assert not [one for one in fake.asked if isinstance(one, protocol.CheckUpdates)]


def test_newest_version_is_said_to_be_so(qtbot: QtBot, page: AboutPage, client: EngineClient) -> None:
    with qtbot.waitSignal(client.updates_checked):
        press(qtbot, page, "Check for updates")
    assert "This is the newest version." in words(page)
    assert shown(page) == ["Check for updates"]


def test_newer_version_comes_with_notes_and_its_download(
    qtbot: QtBot, page: AboutPage, client: EngineClient, fake: FakeEngine
) -> None:
    fake.answers[protocol.CheckUpdates] = lambda c: protocol.UpdatesChecked(
        c.request_id, "9.1", True, "Finds more.", "https://example.org/a", "ab" * 32, ("generators.toml",)
    )
    with qtbot.waitSignal(client.updates_checked):
        press(qtbot, page, "Check for updates")
    for told in ("Version 9.1 is out.", "Finds more.", "ab" * 32, "tables of models and prices are newer"):
        assert told in words(page)
    assert "Open the download in the browser" in shown(page)


def test_failure_says_what_to_do_and_lets_ask_again(
    qtbot: QtBot, page: AboutPage, client: EngineClient, fake: FakeEngine
) -> None:
    fake.answers[protocol.CheckUpdates] = lambda c: protocol.RequestFailed(
        c.request_id, "update_unreachable", "it does not answer", "check the proxy."
    )
    with qtbot.waitSignal(client.request_failed):
        press(qtbot, page, "Check for updates")
    assert "It does not answer. Check the proxy." in words(page)
    assert page.findChildren(QPushButton)[0].isEnabled()


def test_failures_of_others_are_not_shown(
    qtbot: QtBot, page: AboutPage, client: EngineClient, fake: FakeEngine
) -> None:
    fake.answers[protocol.FetchStatus] = lambda c: protocol.RequestFailed(c.request_id, "bug", "Something else.", "")
    with qtbot.waitSignal(client.request_failed):
        client.send(protocol.FetchStatus)
    assert "Something else." not in words(page)
