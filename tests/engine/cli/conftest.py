from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from tests.helpers.drawing import draw


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document that was printed."""
        return json.loads(self.out)


Propmaster = Callable[..., Run]


@pytest.fixture
def propmaster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Propmaster:
    """Run the command line in this process, on a data directory of the test's own."""
    monkeypatch.setenv("PROPMASTER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr("sys.argv", ["propmaster", *map(str, arguments)])
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Run(status, out, err)

    return run


@pytest.fixture
def art(tmp_path: Path) -> Path:
    """A folder with three pictures."""
    for seed, name in enumerate(("red_crown.png", "blue_sword.png", "deep/宝箱.png")):
        draw(tmp_path / "art" / name, seed)
    return tmp_path / "art"
