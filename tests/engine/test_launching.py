"""Processes of Propmaster's own start from an installed package and from a frozen program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.launching import Child

PROGRAM = "/opt/propmaster/propmaster"


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", PROGRAM)


@pytest.mark.parametrize("child", Child)
def test_python_runs_each_child_as_its_module(child: Child) -> None:
    command = child.command("--home", "/data")
    assert command == [sys.executable, *child.module, "--home", "/data"]
    found = subprocess.run([sys.executable, "-c", f"import {child.module[-1]}"], check=False)
    assert found.returncode == 0


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("child", Child)
def test_a_frozen_program_runs_itself_by_the_flag(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert child.command("--home", "/data") == [PROGRAM, child.flag, "--home", "/data"]


@pytest.mark.usefixtures("frozen")
def test_on_windows_children_get_the_program_with_standard_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", "/app/propmasterw.exe")
    assert Child.DECODER.command() == [str(Path("/app/propmaster.exe")), Child.DECODER.flag]
