"""Data of a newer Propmaster are refused in words, and stay as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Propmaster
from desktop.engine_process import EngineProcess
from desktop.notifications import Notice
from engine.catalogue.catalogue import FILE_NAME
from engine.protocol import engine_command

NEWER = 99_999
STARTING_MS = 60_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA user_version = {NEWER}")
        database.execute("CREATE TABLE of_next_year (id)")
    return tmp_path


@pytest.fixture
def app(qapp: QApplication, home: Path) -> Iterator[Propmaster]:
    program, *arguments = engine_command(home)
    running = Propmaster(qapp, home, EngineProcess(program, arguments))
    yield running
    running.close()


def test_window_says_so_once_and_leaves_the_data_alone(qtbot: QtBot, app: Propmaster, home: Path) -> None:
    before = (home / FILE_NAME).read_bytes()
    told: list[Notice] = []
    app.desk.notifications.told.connect(told.append)
    with qtbot.waitSignals([app.desk.process.refused] * 2, timeout=STARTING_MS):
        app.start()
    assert len(told) == 1
    assert "newer Propmaster" in told[0].text
    assert "--home" in told[0].hint
    assert (home / FILE_NAME).read_bytes() == before
