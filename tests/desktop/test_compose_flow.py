"""The way from a description to a picture with a real engine: parts, candidates, swap, plan, consent, result."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.engine_process import EngineProcess
from desktop.engine_state import EngineState
from desktop.models.page import Page
from desktop.views.compose.consent_sheet import ConsentSheet
from desktop.views.compose.thumbnail_list import ThumbnailList
from engine.protocol import BatchChanged, Role, Standing

SAMPLE = Path(__file__).parents[2] / "resources" / "sample_library"
PICTURES = ("characters/archer_ref.png", "characters/knight_blue.png", "armour/golden_crown.svg", "animals/horse.png")
LOADING_MS = 60_000


@pytest.fixture
def app(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Propmaster]:
    """Return the application with an engine that has read a few sample pictures."""
    art, home = tmp_path / "art", tmp_path / "home"
    art.mkdir()
    for picture in PICTURES:
        shutil.copy(SAMPLE / picture, art)
    running = Propmaster(qapp, home, EngineProcess(sys.executable, ["-m", "engine.worker", "--home", str(home)]))
    running.start()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(art))])
    qtbot.waitUntil(lambda: running.desk.places.folders is not None, timeout=LOADING_MS)
    running.window.carried.emit(mime)
    qtbot.waitUntil(lambda: running.desk.session.assets.rowCount() == len(PICTURES), timeout=LOADING_MS)
    qtbot.waitUntil(lambda: running.desk.health.state is EngineState.READY, timeout=LOADING_MS)
    yield running
    running.close()


@pytest.mark.parametrize("description", ["archer with a golden crown", "戴着金色皇冠的弓箭手"])
def test_a_description_becomes_a_picture(qtbot: QtBot, app: Propmaster, tmp_path: Path, description: str) -> None:
    page, composing, planning = app.window.compose, app.desk.composing, app.desk.planning
    ended: list[BatchChanged] = []
    app.desk.client.batch_changed.connect(
        lambda event: ended.append(event) if event.batch.standing is Standing.ENDED else None
    )
    app.window.actions_table[ActionId.COMPOSE].trigger()
    composing.ask_for(model="draft", folder=tmp_path / "made")
    # QTest aborts on a key that no keyboard has.
    QApplication.clipboard().setText(description)
    page.text.paste()
    page.text.textEdited.emit(page.text.text())
    qtbot.keyClick(page.text, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: len(page.cards) == 2 and all(slot.asked and not slot.waits for slot in composing.sheet.slots),
        timeout=LOADING_MS,
    )
    person, crown = page.cards
    assert [slot.role for slot in composing.sheet.slots] == [Role.PERSON, Role.ACCESSORY]
    names = {row.path.name: at for at, row in enumerate(person.pictures.model().rows()) if row is not None}
    assert len(names) == len(PICTURES)
    for card, name in ((person, "knight_blue.png"), (crown, "golden_crown.svg")):
        pick_only(qtbot, card.pictures, name)
    qtbot.waitUntil(lambda: planning.planned is not None and not planning.waits, timeout=LOADING_MS)
    assert page.foot.price.text() == "1 picture · free · nothing leaves this computer"
    assert [one.path.name for one in planning.planned.jobs[0].references] == ["knight_blue.png", "golden_crown.svg"]
    page.foot.review.click()
    app.window.findChild(ConsentSheet)._send.click()
    qtbot.waitUntil(lambda: bool(ended), timeout=LOADING_MS)
    assert app.desk.session.page is Page.BATCHES
    (made,) = (tmp_path / "made").rglob("*.png")
    assert made.stat().st_size > 1_000


def pick_only(qtbot: QtBot, pictures: ThumbnailList, name: str) -> None:
    """Press pictures until only this one is chosen."""
    for at, row in enumerate(pictures.model().rows()):
        index = pictures.model().index(at)
        if pictures.selectionModel().isSelected(index) != (row.path.name == name):
            pictures.scrollTo(index)
            qtbot.mouseClick(pictures.viewport(), Qt.MouseButton.LeftButton, pos=pictures.visualRect(index).center())
