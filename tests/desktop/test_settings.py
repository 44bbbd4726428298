"""Preferences survive a restart and a broken file."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.settings import HISTORY_LENGTH, Language, Preferences, PreferenceStore, ThemeChoice


def test_preferences_survive_a_restart(tmp_path: Path) -> None:
    PreferenceStore(tmp_path).update(theme=ThemeChoice.DARK, language=Language.CHINESE, thumbnail_px=240)
    again = PreferenceStore(tmp_path).current
    assert (again.theme, again.language, again.thumbnail_px) == (ThemeChoice.DARK, Language.CHINESE, 240)


@pytest.mark.parametrize("written", ["", "not json", "[]", '{"theme": "purple", "thumbnail_px": "wide", "tray": 3}'])
def test_what_makes_no_sense_keeps_its_default(tmp_path: Path, written: str) -> None:
    (tmp_path / "window.json").write_text(written, "utf-8")
    assert PreferenceStore(tmp_path).current == Preferences()


def test_a_repeated_search_moves_to_the_top_of_the_history(tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path)
    for text in ("sword", "红色药水", "sword"):
        store.remember_search(text)
    assert store.current.searches == ("sword", "红色药水")


def test_the_history_does_not_grow_without_end(tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path)
    for number in range(HISTORY_LENGTH + 5):
        store.remember_search(str(number))
    assert len(store.current.searches) == HISTORY_LENGTH
