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
    opened: list[tuple[Path, Path | None]] = []
    monkeypatch.setattr(program, "has_screen", lambda: True)
    monkeypatch.setattr(program, "open_window", lambda *asked: opened.append(asked) or 0)
    assert propmaster().status == 0
    assert [similar for _home, similar in opened] == [None]


def test_a_picture_opens_the_window_on_its_likes(
    propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "crown.png").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    opened: list[tuple[Path, Path | None]] = []
    monkeypatch.setattr(program, "has_screen", lambda: True)
    monkeypatch.setattr(program, "open_window", lambda *asked: opened.append(asked) or 0)
    assert propmaster("--similar", "crown.png").status == 0
    assert [similar for _home, similar in opened] == [tmp_path / "crown.png"]


@pytest.mark.parametrize("arguments", [("--similar", "absent.png"), ("--similar", ".", "status")])
def test_a_picture_that_no_window_can_show_is_wrong_usage(propmaster: Propmaster, arguments: tuple[str, ...]) -> None:
    assert propmaster(*arguments).status == 2


def test_a_picture_given_to_a_command_names_the_command_for_it(propmaster: Propmaster, tmp_path: Path) -> None:
    (tmp_path / "crown.png").write_bytes(b"")
    run = propmaster("--similar", str(tmp_path / "crown.png"), "status")
    assert run.status == 2
    assert "propmaster similar FILE" in run.err
