"""The command line beside an open window: the engine that holds the library does the work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.cli.conftest import Propmaster
from tests.helpers.drawing import draw
from tests.helpers.engine_process import leave, start


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[None]:
    process = start(tmp_path / "home")
    yield
    assert leave(process) == 0


@pytest.mark.usefixtures("engine")
def test_running_engine_adds_indexes_retries_and_removes(propmaster: Propmaster, art: Path) -> None:
    (art / "broken.png").write_bytes(b"no picture")
    report = propmaster("index", art, "--json")
    assert (report.status, report.document["paused"]) == (0, False)
    assert propmaster("search", "crown", "--json").document["hits"][0]["path"] == str(art / "red_crown.png")
    draw(art / "green_shield.png", 7)
    assert propmaster("index", "--json").status == 0
    found = propmaster("status", "--json").document
    assert (found["assets"], found["pending"], found["failed"]) == (5, 0, 1)
    draw(art / "broken.png", 8)
    assert propmaster("errors", "--retry", "--json").document == []
    assert propmaster("folders", "remove", art).status == 0
    assert propmaster("folders", "--json").document == []
    assert propmaster("folders", "add", art, "--json").document == {"path": str(art), "polling": False}
    assert [folder["path"] for folder in propmaster("folders", "--json").document] == [str(art)]


@pytest.mark.usefixtures("engine")
def test_mistakes_are_told_by_the_running_engine(propmaster: Propmaster, tmp_path: Path) -> None:
    run = propmaster("index", tmp_path / "nowhere")
    assert run.status == 1
    assert propmaster("index", tmp_path / "nowhere", "--json").document["error"] == "folder_not_found"
    assert "there is no folder" in run.err
    assert propmaster("models", "drop", "starter-4", "--yes", "--json").document["error"] == "encoder_in_use"
