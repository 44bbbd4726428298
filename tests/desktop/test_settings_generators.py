"""The settings of what makes pictures: keys go in and never come out, addresses hold at once, connections are tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.settings import PreferenceStore
from desktop.views.generator_card import GeneratorCard
from desktop.views.settings_dialog import SettingsDialog
from desktop.views.settings_pages import SettingsPage
from engine import protocol
from engine.protocol import Generator, KeptKey, KeyPlace, Setting
from tests.desktop.fake_compositions import MODEL, YUAN
from tests.desktop.fake_engine import FakeEngine

KEY = "AIzaSyNotAKeyButLooksLikeOne0123456789"
NANO = replace(MODEL, name="nano", title="Nano", prices=(("1K", 33_600), ("2K", 50_400)), successor="nano-2")
GONE = replace(NANO, name="old", title="Old", retired="2026-10-02")
SETTINGS = (
    Setting("gemini_base_url", "", "", "address", ""),
    Setting("proxy", "http://proxy:1", "", "proxy", "PROPMASTER_PROXY"),
    Setting("requests_at_once", "4", "4", "at once", ""),
    Setting("requests_per_minute", "0", "0", "a minute", ""),
    Setting("comfyui_workflow", "", "", "workflow", ""),
)


@pytest.fixture
def kept() -> dict[str, KeptKey]:
    """The keys that the engine has."""
    return {}


@pytest.fixture
def dialog(qtbot: QtBot, fake: FakeEngine, kept: dict[str, KeptKey], tmp_path: Path) -> Iterator[SettingsDialog]:
    def listed(command: protocol.ListGenerators) -> protocol.Event:
        gemini = Generator("gemini", (NANO, GONE), needs_key=True, key=kept.get("gemini"))
        others = (Generator("comfyui", (MODEL,), needs_key=False), Generator("draft", (MODEL,), needs_key=False))
        return protocol.GeneratorsListed(command.request_id, (gemini, *others), (YUAN,))

    def keep(command: protocol.KeepKey) -> protocol.Event:
        kept[command.service] = KeptKey(KeyPlace.FILE, "/home/keys.toml", "in the clear")
        return protocol.KeyKept(command.request_id, command.service, kept[command.service])

    def forget(command: protocol.ForgetKey) -> protocol.Event:
        del kept[command.service]
        return protocol.RequestCompleted(command.request_id)

    fake.answers |= {protocol.ListGenerators: listed, protocol.KeepKey: keep, protocol.ForgetKey: forget}
    fake.answers[protocol.FetchSettings] = lambda c: protocol.SettingsFetched(c.request_id, SETTINGS)
    client = EngineClient(tmp_path)
    client.open()
    made = SettingsDialog(client, PreferenceStore(tmp_path), None, SettingsPage.GENERATORS)  # type: ignore[arg-type]
    made.show()
    qtbot.waitUntil(lambda: len(made.findChildren(GeneratorCard)) == 3)
    yield made
    made.close()
    fake.close()
    client.close()


def card(dialog: SettingsDialog, name: str) -> GeneratorCard:
    return next(one for one in reversed(dialog.findChildren(GeneratorCard)) if one.generator.name == name)


def press(widget: QWidget, text: str) -> None:
    next(one for one in widget.findChildren(QPushButton) if text in one.text()).click()


def words(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if not one.isHidden())


def field(dialog: SettingsDialog, name: str) -> QLineEdit:
    return next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == name)


def enter_key(dialog: SettingsDialog) -> QLineEdit:
    entry = field(dialog, "Key")
    entry.setText(KEY)
    press(card(dialog, "gemini"), "Keep key")
    return entry


def test_key_is_kept_and_never_shown_or_written_again(
    qtbot: QtBot, dialog: SettingsDialog, fake: FakeEngine, tmp_path: Path
) -> None:
    entry = field(dialog, "Key")
    assert entry.echoMode() is QLineEdit.EchoMode.Password
    enter_key(dialog)
    assert entry.text() == ""
    qtbot.waitUntil(lambda: "/home/keys.toml" in words(card(dialog, "gemini")))
    assert "unencrypted" in words(card(dialog, "gemini"))
    assert [one.key for one in fake.asked_for(protocol.KeepKey)] == [KEY]
    assert all(KEY not in one.text() for one in dialog.findChildren(QLineEdit))
    assert KEY not in words(dialog)
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_kept_key_can_be_forgotten(qtbot: QtBot, dialog: SettingsDialog) -> None:
    enter_key(dialog)
    qtbot.waitUntil(lambda: "/home/keys.toml" in words(card(dialog, "gemini")))
    press(card(dialog, "gemini"), "Forget key")
    qtbot.waitUntil(lambda: "needs a key" in words(card(dialog, "gemini")))


def test_what_is_no_key_is_told_beside_it(qtbot: QtBot, dialog: SettingsDialog, fake: FakeEngine) -> None:
    fake.answers[protocol.KeepKey] = lambda c: protocol.RequestFailed(c.request_id, "key_unusable", "No key.", "Copy.")
    enter_key(dialog)
    qtbot.waitUntil(lambda: "No key. Copy." in words(card(dialog, "gemini")))


def test_key_of_the_environment_is_told_and_cannot_be_replaced(
    qtbot: QtBot, dialog: SettingsDialog, kept: dict[str, KeptKey], fake: FakeEngine
) -> None:
    kept["gemini"] = KeptKey(KeyPlace.ENVIRONMENT, "GEMINI_API_KEY")
    fake.answers[protocol.KeepKey] = lambda c: protocol.KeyKept(c.request_id, c.service, kept["gemini"])
    enter_key(dialog)
    qtbot.waitUntil(lambda: "environment variable GEMINI_API_KEY" in words(card(dialog, "gemini")))
    texts = [one.text() for one in card(dialog, "gemini").findChildren(QPushButton)]
    assert not {"Keep key", "Forget key"} & set(texts)


def test_connection_is_tried_and_its_outcome_told(qtbot: QtBot, dialog: SettingsDialog, fake: FakeEngine) -> None:
    press(card(dialog, "draft"), "Test connection")
    qtbot.waitUntil(lambda: "Ready." in words(card(dialog, "draft")))
    fake.answers[protocol.TryConnection] = lambda c: protocol.ConnectionTried(
        c.request_id, c.service, False, "Gemini does not accept the key.", "Copy it again.", "bad_key"
    )
    press(card(dialog, "gemini"), "Test connection")
    qtbot.waitUntil(lambda: "does not accept the key. Copy it again." in words(card(dialog, "gemini")))


def test_models_are_told_with_price_date_source_and_successor(dialog: SettingsDialog) -> None:
    gemini = card(dialog, "gemini")
    press(gemini, "Models and prices")
    shown = words(gemini)
    assert "1K  $0.0336 · ¥0.24" in shown
    assert f"{NANO.as_of} ({NANO.source})" in shown
    assert "Will be retired; nano-2 follows it." in shown
    assert "Retired on 2026-10-02; nano-2 follows it." in shown


def test_addresses_and_limits_are_written_once_edited(qtbot: QtBot, dialog: SettingsDialog, fake: FakeEngine) -> None:
    qtbot.waitUntil(lambda: not field(dialog, "Proxy of paid services").isEnabled())
    assert field(dialog, "Proxy of paid services").toolTip() == "PROPMASTER_PROXY"
    address = card(dialog, "gemini").findChildren(QLineEdit)[1]
    address.setText("https://gemini.example")
    address.editingFinished.emit()
    at_once = next(one for one in dialog.findChildren(QSpinBox) if one.accessibleName() == "Requests at once")
    at_once.setValue(8)
    at_once.editingFinished.emit()
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.ChangeSettings)) == 2)
    changes = [one.changes for one in fake.asked_for(protocol.ChangeSettings)]
    assert changes == [(("gemini_base_url", "https://gemini.example"),), (("requests_at_once", "8"),)]


def test_generators_are_asked_for_when_they_are_looked_at(qtbot: QtBot, fake: FakeEngine, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    with qtbot.waitSignal(client.connected):
        client.open()
    made = SettingsDialog(client, PreferenceStore(tmp_path), None)  # type: ignore[arg-type]
    made.show()
    with qtbot.waitSignal(client.status_fetched):
        client.send(protocol.FetchStatus)
    assert fake.asked_for(protocol.ListGenerators) == []
    with qtbot.waitSignal(client.generators_listed):
        made.show_page(SettingsPage.GENERATORS)
    made.close()
    fake.close()
    client.close()
