"""Files are handed over as they are; what cannot be handed over is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.hand_over import HandOver
from desktop.notifications import Notice, Notifications, Tone
from desktop.pictures import PictureLoader, Wish
from engine import protocol
from tests.desktop.fake_engine import FakeEngine


@pytest.fixture
def told() -> list[Notice]:
    return []


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    with FakeEngine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def hand_over(qtbot: QtBot, engine: FakeEngine, told: list[Notice], tmp_path: Path) -> Iterator[HandOver]:
    notifications = Notifications()
    notifications.told.connect(told.append)
    client = EngineClient(tmp_path / "home")
    client.open()
    qtbot.waitUntil(lambda: bool(engine.asked_for(protocol.Hello)))
    made = HandOver(PictureLoader(client), notifications)
    yield made
    made.close()
    client.close()


def picture(path: Path, size: tuple[int, int] = (40, 30)) -> Path:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("#c03020"))
    assert image.save(str(path))
    return path


def test_a_copied_image_is_on_the_clipboard_with_its_file(
    qtbot: QtBot, hand_over: HandOver, told: list[Notice], tmp_path: Path
) -> None:
    file = picture(tmp_path / "prop.png")
    hand_over.copy_image(Wish(1, file, tmp_path / "none.webp"))
    qtbot.waitUntil(lambda: bool(told))
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage()
    assert mime.urls() == [QUrl.fromLocalFile(str(file))]
    assert QGuiApplication.clipboard().image().size().toTuple() == (40, 30)


def test_what_this_process_does_not_decode_is_copied_as_the_engine_drew_it(
    qtbot: QtBot, engine: FakeEngine, hand_over: HandOver, told: list[Notice], tmp_path: Path
) -> None:
    (tmp_path / "prop.psd").write_bytes(b"8BPS")
    drawn = picture(tmp_path / "drawn.png", (60, 50))
    engine.answers[protocol.DrawPicture] = lambda c: protocol.PictureDrawn(c.request_id, c.asset_id, drawn)
    hand_over.copy_image(Wish(7, tmp_path / "prop.psd", tmp_path / "none.webp"))
    qtbot.waitUntil(lambda: bool(told))
    assert QGuiApplication.clipboard().image().size().toTuple() == (60, 50)
    assert [command.asset_id for command in engine.asked_for(protocol.DrawPicture)] == [7]


def test_the_thumbnail_is_copied_of_what_the_engine_cannot_draw(
    qtbot: QtBot, hand_over: HandOver, told: list[Notice], tmp_path: Path
) -> None:
    (tmp_path / "prop.psd").write_bytes(b"8BPS")
    thumbnail = picture(tmp_path / "thumbnail.webp", (20, 10))
    hand_over.copy_image(Wish(1, tmp_path / "prop.psd", thumbnail))
    qtbot.waitUntil(lambda: bool(told))
    assert QGuiApplication.clipboard().image().size().toTuple() == (20, 10)


def test_a_picture_that_is_gone_is_said(qtbot: QtBot, hand_over: HandOver, told: list[Notice], tmp_path: Path) -> None:
    hand_over.copy_image(Wish(1, tmp_path / "gone.png", tmp_path / "gone.webp"))
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].tone is Tone.TROUBLE
    assert "gone.png" in told[0].text


def test_a_program_that_does_not_start_is_said(hand_over: HandOver, told: list[Notice], tmp_path: Path) -> None:
    hand_over.open_with(tmp_path / "no such program", [tmp_path / "a.png"])
    assert "no such program" in told[0].text


def test_files_are_handed_to_the_chosen_program(qtbot: QtBot, hand_over: HandOver, tmp_path: Path) -> None:
    file, program = tmp_path / "a b.png", tmp_path / "program.py"
    program.write_text(f"#!{sys.executable}\nimport sys, pathlib\npathlib.Path(sys.argv[1]).write_text('opened')\n")
    program.chmod(0o755)
    hand_over.open_with(program, [file])
    qtbot.waitUntil(lambda: file.exists() and file.read_text() == "opened")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the file manager itself is asked")
def test_the_folder_of_a_file_is_opened(hand_over: HandOver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) is None)
    hand_over.reveal(tmp_path / "a.png")
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]
