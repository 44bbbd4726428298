"""Preferences survive a restart and a broken file."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.settings import Language, Preferences, PreferenceStore, ThemeChoice


def test_preferences_survive_a_restart(tmp_path: Path) -> None:
    PreferenceStore(tmp_path).update(theme=ThemeChoice.DARK, language=Language.CHINESE, thumbnail_px=240, tray=(3, 7))
    again = PreferenceStore(tmp_path).current
    assert (again.theme, again.language, again.thumbnail_px, again.tray) == (
        ThemeChoice.DARK,
        Language.CHINESE,
        240,
        (3, 7),
    )


@pytest.mark.parametrize("written", ["", "not json", "[]", '{"theme": "purple", "thumbnail_px": "wide", "tray": 3}'])
def test_what_makes_no_sense_keeps_its_default(tmp_path: Path, written: str) -> None:
    (tmp_path / "window.json").write_text(written, "utf-8")
    assert PreferenceStore(tmp_path).current == Preferences()
