from __future__ import annotations

from pathlib import Path

from tests.engine.cli.conftest import Propmaster
from tests.helpers.engine_process import leave, start


def test_description_is_written_shown_searched_and_forgotten(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    crown = art / "red_crown.png"
    assert propmaster("describe", crown).out == "Nobody has described it.\n"
    assert propmaster("describe", crown, "--text", "a quixotic 头饰").out == "a quixotic 头饰\n"
    assert propmaster("describe", crown, "--json").document == {
        "text": "a quixotic 头饰", "author": "", "edited": True,
    }  # fmt: skip
    assert "red_crown" in propmaster("search", "quixotic", "--json").document["hits"][0]["path"]
    assert propmaster("describe", crown, "--text", "", "--json").document is None


def test_file_outside_the_library_cannot_be_described(propmaster: Propmaster, art: Path) -> None:
    run = propmaster("describe", art / "red_crown.png", "--text", "a crown")
    assert run.status == 1
    assert "is not in the library" in run.err


def test_open_window_keeps_what_the_command_line_says(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    propmaster("index", art)
    process = start(tmp_path / "home")
    assert propmaster("describe", art / "blue_sword.png", "--text", "a sabre").out == "a sabre\n"
    assert leave(process) == 0
