"""What holds for every test of the window: real widgets, drawn off screen, and no Qt warning goes unseen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from desktop.theme import Theme
from desktop.thumbnails import ThumbnailLoader


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
