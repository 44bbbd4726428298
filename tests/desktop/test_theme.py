"""A theme is put on when it is chosen, and not again while it is worn."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from desktop.settings import ThemeChoice
from desktop.theme import DARK, LIGHT, Theme


def test_a_theme_is_put_on_once(qapp: QApplication, dressed: Theme) -> None:
    dressed.choose(ThemeChoice.LIGHT)
    assert LIGHT.ground in qapp.styleSheet()
    qapp.setStyleSheet("")
    dressed.choose(ThemeChoice.LIGHT)
    assert not qapp.styleSheet()
    dressed.choose(ThemeChoice.DARK)
    assert DARK.ground in qapp.styleSheet()
    dressed.choose(ThemeChoice.SYSTEM)
