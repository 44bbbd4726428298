"""Duplicates: nothing goes without asking, and only to the trash; what is decided is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop import trash as trash_module
from desktop.engine_client import EngineClient
from desktop.thumbnails import ThumbnailLoader
from desktop.trash import TrashBin
from desktop.views.duplicate_group import GroupCard
from desktop.views.duplicates import DuplicatesDialog
from engine import protocol
from engine.protocol import AssetRow, BestReason, Decision, DuplicateGroup, Likeness
from tests.desktop.fake_engine import FakeEngine


@pytest.fixture
def copies(tmp_path: Path, fake: FakeEngine) -> tuple[AssetRow, ...]:
    rows = []
    for at, row in enumerate(fake.rows[:3]):
        path = tmp_path / f"copy-{at}.png"
        path.write_bytes(b"picture")
        rows.append(replace(row, path=path))
    group = DuplicateGroup(Likeness.NEAR, tuple(rows), rows[1].id, BestReason.MORE_PIXELS)
    fake.answers[protocol.FindDuplicates] = lambda c: protocol.DuplicatesFound(c.request_id, (group,))
    return tuple(rows)


@pytest.fixture
def dialog(
    qtbot: QtBot, fake: FakeEngine, copies: tuple[AssetRow, ...], thumbnails: ThumbnailLoader, tmp_path: Path
) -> Iterator[DuplicatesDialog]:
    assert copies
    client, bin_ = EngineClient(tmp_path), TrashBin()
    client.open()
    made = DuplicatesDialog(client, thumbnails, bin_, None)  # type: ignore[arg-type]
    made.show()
    qtbot.waitUntil(lambda: made.findChild(GroupCard) is not None)
    yield made
    made.close()
    fake.close()
    client.close()
    bin_.close()


@pytest.fixture
def trashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Take the place of the system's trash."""
    gone: list[Path] = []

    def take(path: Path) -> None:
        if path.name == "copy-2.png":
            raise PermissionError(13, "Permission denied")
        path.unlink()
        gone.append(path)

    monkeypatch.setattr(trash_module, "send2trash", take)
    return gone


def press(dialog: DuplicatesDialog, text: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if text in one.text()).click()


def test_nothing_goes_before_the_user_says_so(
    dialog: DuplicatesDialog, copies: tuple[AssetRow, ...], trashed: list[Path]
) -> None:
    press(dialog, "Move 2 to trash")
    box = dialog.findChild(QMessageBox)
    assert str(copies[0].path) in box.informativeText()
    assert str(copies[1].path) not in box.informativeText()
    box.reject()
    assert trashed == []


def test_what_goes_is_in_the_trash_and_what_stays_says_why(
    qtbot: QtBot, dialog: DuplicatesDialog, copies: tuple[AssetRow, ...], trashed: list[Path]
) -> None:
    press(dialog, "Move 2 to trash")
    box = dialog.findChild(QMessageBox)
    with qtbot.waitSignal(dialog._trash.cleared) as told:
        next(one for one in box.buttons() if one.text() == "Move to trash").click()
    assert trashed == [copies[0].path]
    assert told.args[0].kept == ((copies[2].path, "Permission denied"),)
    assert dialog.findChild(GroupCard) is not None


def test_keeping_all_is_remembered(qtbot: QtBot, dialog: DuplicatesDialog, fake: FakeEngine) -> None:
    press(dialog, "Keep all")
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.DecideDuplicates)))
    command = fake.asked_for(protocol.DecideDuplicates)[0]
    assert (command.asset_ids, command.decision) == ((1, 2, 3), Decision.KEPT)
    qtbot.waitUntil(lambda: dialog.findChild(GroupCard) is None)
