"""The command line beside an open window: the engine that holds the library does the work."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.cli.conftest import Propmaster
from tests.helpers.drawing import draw
from tests.helpers.engine_process import leave, start
from tests.helpers.gemini_server import GeminiServer, gemini_server
from tests.helpers.gemini_wire import Fault
from tests.helpers.tiny_encoder import write_tiny_encoder


@pytest.fixture
def gemini(monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
    with gemini_server() as server:
        monkeypatch.setenv("PROPMASTER_GEMINI_BASE_URL", server.address)
        monkeypatch.setenv("GEMINI_API_KEY", server.key)
        monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
        yield server


@pytest.fixture
def engine(gemini: GeminiServer, tmp_path: Path) -> Iterator[None]:
    assert gemini.records == []
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


def plan_of(art: Path, scenes: int) -> Path:
    """Return a file that asks for the three pictures in so many scenes."""
    places = ", ".join(f'"place {number}"' for number in range(scenes))
    path = art.parent / "plan.toml"
    path.write_text(
        f'mode = "scene"\n[[group]]\nrole = "prop"\nfolder = "{art.name}"\n'
        f'[[group]]\nrole = "scene"\ntexts = [{places}]\n',
        "utf-8",
    )
    return path


@pytest.mark.usefixtures("engine")
def test_running_engine_makes_what_is_composed(propmaster: Propmaster, art: Path, gemini: GeminiServer) -> None:
    run = propmaster("compose", "a crown", "--ref", f"accessory={art / 'red_crown.png'}", "--words-only", "--json")
    assert (run.status, run.document["error"]) == (1, "consent_missing")
    gemini.faults.append(Fault.IMAGE_SAFETY)
    plan = propmaster("compose", "batch", plan_of(art, 1), "--to", art.parent / "made", "--yes", "--json")
    assert plan.status == 1
    assert plan.document["counts"] == {"done": 2, "refused": 1}
    batch = str(plan.document["batch"])
    again = propmaster("jobs", "redo", batch, "--refused", "--wording", "Friendly.", "--yes", "--json")
    assert (again.status, again.document["counts"]) == (0, {"done": 3})
    assert gemini.records[-1].asked.prompt.endswith("Friendly.")
    assert all(Path(job["picture"]).parent == art.parent / "made" for job in again.document["jobs"])
    assert len(propmaster("jobs", "pick", batch, "--json").document["jobs"]) == 3
    verdicts = [job["verdict"] for job in propmaster("jobs", "list", batch, "--json").document["jobs"]]
    assert verdicts == ["picked"] * 3
    assert len(propmaster("jobs", "export", batch, art.parent / "picks", "--json").document["files"]) == 3
    assert propmaster("jobs", "redo", batch, "--failed", "--yes", "--json").document["error"] == "job_unknown"


@pytest.mark.usefixtures("engine")
def test_ctrl_c_pauses_what_the_running_engine_makes_and_resume_goes_on(
    propmaster: Propmaster, art: Path, gemini: GeminiServer
) -> None:
    def press_ctrl_c() -> None:
        while not gemini.records:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    gemini.latency_s = 0.5
    pressing = threading.Thread(target=press_ctrl_c)
    pressing.start()
    run = propmaster("compose", "batch", plan_of(art, 4), "--yes", "--json")
    pressing.join()
    assert run.status == 130
    assert run.document["halt"]["reason"] == "paused"
    assert 0 < run.document["counts"]["done"] < 12
    gemini.latency_s = 0
    batch = str(run.document["batch"])
    assert "12 done" in propmaster("jobs", "resume", batch).out
    assert len(gemini.records) == 12


@pytest.mark.usefixtures("engine")
def test_running_engine_keeps_the_caps_that_are_set_and_cancels(
    propmaster: Propmaster, art: Path, gemini: GeminiServer
) -> None:
    propmaster("budget", "set", "--day", "0.05")
    run = propmaster("compose", "batch", plan_of(art, 1), "--yes", "--json")
    assert (run.status, run.document["halt"]["reason"]) == (1, "budget_exceeded")
    batch = str(run.document["batch"])
    waiting = run.document["counts"]["waiting"]
    assert propmaster("jobs", "cancel", batch, "--json").document == {"batch": int(batch), "cancelled": waiting}
    assert len(gemini.records) == 3 - waiting
    assert propmaster("compose", "batch", plan_of(art, 1), "--yes", "--budget", "0.01", "--json").document["error"] == (
        "budget_exceeded"
    )


def test_open_window_has_its_quality_encoder_shown_pictures(
    propmaster: Propmaster, art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = str(write_tiny_encoder(tmp_path / "clip"))
    assert propmaster("index", art).status == 0
    monkeypatch.setenv("PROPMASTER_QUALITY_ENCODER", encoder)
    process = start(tmp_path / "home")
    try:
        assert propmaster("models", "fill", "starter-4", "--json").document["error"] == "encoder_in_use"
        some = propmaster("models", "fill", encoder, "--images", "1", "--json")
        assert (some.status, some.document["error"]) == (1, "library_busy")
        assert propmaster("models", "fill", encoder, "--json").status == 0
    finally:
        assert leave(process) == 0
