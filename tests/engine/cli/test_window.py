"""Whether and where the command line opens the window."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.cli import app as program
from engine.cli.window import has_screen
from tests.engine.cli.conftest import Propmaster


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
def test_a_screen_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert has_screen()


def test_without_command_and_screen_help_is_shown(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "has_screen", lambda: False)
    run = propmaster()
    assert run.status == 2
    assert "Commands" in run.out


def test_without_command_the_window_opens_on_the_data_directory(
    propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(program, "has_screen", lambda: True)
    monkeypatch.setattr(program, "open_window", lambda home: opened.append(home) or 0)
    assert propmaster().status == 0
    assert len(opened) == 1
