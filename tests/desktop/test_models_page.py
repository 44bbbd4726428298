"""The page of models: what is said of each, and how its files come here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QProgressBar, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Propmaster
from desktop.settings import Language
from desktop.views.model_card import ModelCard
from desktop.views.settings_models import ModelsPage
from engine import protocol
from engine.protocol import (
    Model,
    ModelArrived,
    ModelFile,
    ModelPlace,
    ModelProgressed,
    ModelsListed,
    ModelStopped,
    Transfer,
    TransferStep,
)
from tests.desktop.fake_engine import FakeEngine

ABSENT = Model(
    name="mobileclip2-s2",
    title="MobileCLIP2-S2",
    dimension=512,
    languages=("en",),
    licence="research only",
    disk_bytes=398_000_000,
    note="Made for telephones.",
    spec="",
    in_use=False,
    indexed=0,
    row="mobileclip2-s2",
    place=ModelPlace.ABSENT,
    commercial=False,
    memory_bytes=1_000_000_000,
    speed="fast",
    figures="Finds 39 %.",
    note_zh="为手机设计。",
    hub="https://hub.example",
    files=(ModelFile("timm/MobileCLIP2", "weights.safetensors"), ModelFile("timm/MobileCLIP2", "tokenizer.json")),
)
HERE = replace(
    ABSENT, name="clip", title="CLIP", row="clip", spec="clip", place=ModelPlace.HERE, commercial=True, note_zh=""
)
MANY = replace(HERE, title="Many", row="many", name="many", place=ModelPlace.SHARED, languages=("en", "zh") * 5)
UNDER_WAY = replace(ABSENT, transfer=Transfer(TransferStep.DOWNLOADING, 100_000_000, 400_000_000))


def words_of(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def press(widget: QWidget, text: str) -> None:
    next(one for one in widget.findChildren(QPushButton) if one.text() == text).click()


def card_of(page: ModelsPage, title: str) -> ModelCard:
    cards = page.findChildren(ModelCard)
    return next(one for one in reversed(cards) if one.model.title == title)


@pytest.fixture
def page(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> Iterator[ModelsPage]:
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (ABSENT, HERE, MANY))
    shown = ModelsPage(running.desk.client)
    shown.show()
    qtbot.waitUntil(lambda: bool(shown.findChildren(ModelCard)))
    yield shown
    shown.close()
    shown.deleteLater()


def question(qtbot: QtBot, page: ModelsPage) -> QMessageBox:
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    (box,) = page.findChildren(QMessageBox)
    return box


def test_card_says_what_the_choice_depends_on(page: ModelsPage) -> None:
    words = words_of(card_of(page, "MobileCLIP2-S2"))
    for said in ("research only", "does not allow commercial use", "fast on a processor", "of memory"):
        assert said in words
    for said in ("Finds 39 %", "not on this computer", "Made for telephones"):
        assert said in words
    assert not card_of(page, "MobileCLIP2-S2").findChild(QRadioButton).isEnabled()
    assert "10 languages, Chinese among them" in words_of(card_of(page, "Many"))
    assert "on the studio's share" in words_of(card_of(page, "Many"))
    assert card_of(page, "Many").findChild(QRadioButton).isEnabled()


def test_paid_service_is_shown_but_cannot_see_every_picture(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    cloud = replace(HERE, title="Cloud", row="cloud", name="cloud", spec="cloud", place=ModelPlace.CLOUD, files=())
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (HERE, cloud))
    fake.tell(ModelArrived("other"))
    qtbot.waitUntil(lambda: "a paid service" in words_of(page))
    card = card_of(page, "Cloud")
    assert not card.findChild(QRadioButton).isEnabled()
    assert [one.text() for one in card.findChildren(QPushButton)] == []


def test_table_s_own_chinese_is_shown_to_chinese(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (ABSENT,))
    running.desk.preferences.update(language=Language.CHINESE)
    page = ModelsPage(running.desk.client)
    page.show()
    qtbot.waitUntil(lambda: "为手机设计" in words_of(page))
    assert "此许可不允许商业使用" in words_of(page)
    page.close()
    page.deleteLater()
    running.desk.preferences.update(language=Language.ENGLISH)


def test_nothing_is_downloaded_before_licence_size_and_source_are_agreed_to(
    qtbot: QtBot, page: ModelsPage, fake: FakeEngine
) -> None:
    press(card_of(page, "MobileCLIP2-S2"), "Download…")
    box = question(qtbot, page)
    for said in ("research only", "commercial use", "MB", "https://hub.example/timm/MobileCLIP2"):
        assert said in box.informativeText()
    assert not fake.asked_for(protocol.DownloadModel)
    press(box, "Download")
    qtbot.waitUntil(lambda: [one.model for one in fake.asked_for(protocol.DownloadModel)] == ["mobileclip2-s2"])


def test_cancelled_question_downloads_nothing(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    press(card_of(page, "MobileCLIP2-S2"), "Download…")
    box = question(qtbot, page)
    with qtbot.waitSignal(box.finished):
        box.button(QMessageBox.StandardButton.Cancel).click()
    assert not fake.asked_for(protocol.DownloadModel)


def test_progress_is_shown_and_can_be_stopped(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (UNDER_WAY,))
    fake.tell(ModelArrived("other"))
    qtbot.waitUntil(lambda: "downloading: " in words_of(page))
    fake.tell(ModelProgressed("mobileclip2-s2", Transfer(TransferStep.DOWNLOADING, 200_000_000, 400_000_000)))
    card = card_of(page, "MobileCLIP2-S2")
    bar = card.findChildren(QProgressBar)[0]
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() // 2)
    fake.tell(ModelProgressed("mobileclip2-s2", Transfer(TransferStep.CHECKING, 400_000_000, 400_000_000)))
    qtbot.waitUntil(lambda: "checking" in words_of(card))
    press(card, "Stop")
    qtbot.waitUntil(lambda: [one.model for one in fake.asked_for(protocol.StopTransfer)] == ["mobileclip2-s2"])


def test_failure_is_told_on_its_card_and_goes_on_later(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    part = replace(ABSENT, arrived_bytes=123_000_000)
    fake.answers[protocol.ListModels] = lambda c: ModelsListed(c.request_id, (part, HERE))
    fake.tell(ModelStopped("mobileclip2-s2", "hub_unreachable", "hub.example does not answer", "import the files"))
    qtbot.waitUntil(lambda: "does not answer" in words_of(page))
    card = card_of(page, "MobileCLIP2-S2")
    assert "does not answer" in words_of(card)
    assert "have arrived" in words_of(card)
    press(card, "Go on downloading…")
    press(question(qtbot, page), "Download")
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.DownloadModel)))
    qtbot.waitUntil(lambda: "does not answer" not in words_of(page))


def test_import_says_what_to_copy_and_takes_a_folder(
    qtbot: QtBot, page: ModelsPage, fake: FakeEngine, tmp_path: Path
) -> None:
    press(card_of(page, "MobileCLIP2-S2"), "Import…")
    box = question(qtbot, page)
    for said in (
        "https://hub.example/timm/MobileCLIP2",
        "weights.safetensors",
        "tokenizer.json",
        "“mobileclip2-s2”",
        "commercial use",
    ):
        assert said in box.informativeText()
    press(box, "Choose a folder…")
    qtbot.waitUntil(lambda: bool(page.findChildren(QFileDialog)))
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    qtbot.waitUntil(lambda: [one.path for one in fake.asked_for(protocol.ImportModel)] == [tmp_path])


def test_files_are_deleted_only_after_the_user_says_so(qtbot: QtBot, page: ModelsPage, fake: FakeEngine) -> None:
    press(card_of(page, "CLIP"), "Delete its files…")
    box = question(qtbot, page)
    assert not fake.asked_for(protocol.RemoveModel)
    press(box, "Delete files")
    qtbot.waitUntil(lambda: [one.model for one in fake.asked_for(protocol.RemoveModel)] == ["clip"])
