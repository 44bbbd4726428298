"""What holds for every test of the window: real widgets, drawn off screen, and no Qt warning goes unseen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Propmaster
from desktop.engine_process import EngineProcess
from desktop.theme import Theme
from desktop.thumbnails import ThumbnailLoader
from tests.desktop.fake_engine import FakeEngine, make_rows


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Be the application that the window runs in."""
    return QApplication


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[Theme]:
    """Dress the application as `desktop.app` does."""
    theme = Theme(qapp)
    yield theme
    theme.deleteLater()


@pytest.fixture(autouse=True)
def no_qt_warnings(qtlog: Any) -> Iterator[None]:
    """Fail a test that Qt warned of something also where it did so as a fixture ended, which pytest-qt lets pass."""
    yield
    assert not [record.message for record in qtlog.records if not record.ignored]


@pytest.fixture
def thumbnails(tmp_path: Path) -> Iterator[ThumbnailLoader]:
    """Return a loader over an empty cache."""
    loader = ThumbnailLoader(tmp_path / "thumbnails")
    yield loader
    loader.close()


def put_thumbnail(directory: Path, key: str, size: tuple[int, int] = (300, 200), colour: str = "#c03020") -> None:
    """Write a thumbnail as the engine does: one WebP by its key."""
    image = QImage(*size, QImage.Format.Format_ARGB32)
    image.fill(QColor(colour))
    path = directory / "thumbnails" / key[:2] / f"{key}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    assert image.save(str(path))


LISTENS = "import sys; print('listening', flush=True); sys.stdin.read()"
"""Stands in for the engine's process where `FakeEngine` answers."""


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeEngine]:
    """Return an engine with 500 assets, scripted by the test."""
    with FakeEngine(tmp_path, make_rows(500)) as engine:
        yield engine


@pytest.fixture
def running(qtbot: QtBot, qapp: QApplication, fake: FakeEngine, tmp_path: Path) -> Iterator[Propmaster]:
    """Return the whole application, its window shown and full of the fake engine's assets."""
    app = Propmaster(qapp, tmp_path, EngineProcess(sys.executable, ["-c", LISTENS]))
    app.start()
    qtbot.waitUntil(lambda: app.desk.session.assets.rowCount() == len(fake.rows))
    yield app
    fake.close()
    app.close()
