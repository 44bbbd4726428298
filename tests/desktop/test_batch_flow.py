"""A batch of drafts through the real engine: cells fill, a pick is exported, a result leads to its references."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.engine_process import EngineProcess
from desktop.engine_state import EngineState
from desktop.models.page import Page
from engine import protocol
from engine.protocol import Brief, Element, Ground, JobState, Mode, Role, Standing, Verdict

SAMPLE = Path(__file__).parents[2] / "resources" / "sample_library"
PERSONS = ("characters/silver_elf.png", "characters/girl_adventurer.png")
GARMENTS = ("armour/great_helm.png",)
LOADING_MS = 60_000


@pytest.fixture(autouse=True)
def no_left_over_threads() -> None:
    """The threads belong to the module's application; `app` looks after them when it closes."""


@pytest.fixture(scope="module")
def app(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Propmaster]:
    """Return the application with an engine of its own."""
    home = tmp_path_factory.mktemp("home")
    running = Propmaster(qapp, home, EngineProcess(sys.executable, ["-m", "engine.worker", "--home", str(home)]))
    running.start()
    yield running
    pid = running.desk.process.pid
    running.close()
    assert not psutil.pid_exists(pid)
    assert "engine reader" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def ended(qtbot: QtBot, app: Propmaster, tmp_path_factory: pytest.TempPathFactory) -> Propmaster:
    """Return the application once a batch of two persons in a helmet has ended, its page on show."""
    batches = app.desk.batches
    if batches.chosen is None:
        _index(qtbot, app, tmp_path_factory.mktemp("art"))
        rows = {row.path.name: row for at in range(3) if (row := app.desk.session.assets.find_row(at)) is not None}
        groups = (_group(Role.PERSON, PERSONS, rows), _group(Role.GARMENT, GARMENTS, rows))
        brief = Brief(Mode.DRESS, "", groups, model="draft", count=2)
        with qtbot.waitSignal(app.desk.client.composition_planned, timeout=LOADING_MS) as planned:
            app.desk.client.send(protocol.PlanComposition, brief)
        app.desk.client.send(protocol.RunPlan, planned.args[0].request_id)
        app.desk.session.turn_to(Page.BATCHES)
        qtbot.waitUntil(lambda: batches.chosen is not None, timeout=LOADING_MS)
    qtbot.waitUntil(lambda: _standing(app) is Standing.ENDED, timeout=LOADING_MS)
    qtbot.waitUntil(lambda: len(batches.matrix.jobs_in((JobState.DONE,))) == 4, timeout=LOADING_MS)
    return app


def _index(qtbot: QtBot, app: Propmaster, art: Path) -> None:
    for picture in (*PERSONS, *GARMENTS):
        shutil.copy(SAMPLE / picture, art)
    qtbot.waitUntil(lambda: app.desk.health.state is EngineState.READY, timeout=LOADING_MS)
    app.desk.client.send(protocol.AddFolder, art)
    qtbot.waitUntil(lambda: app.desk.session.assets.rowCount() == 3, timeout=LOADING_MS)
    qtbot.waitUntil(lambda: len(_read_files(app)) == 3, timeout=LOADING_MS)


def _read_files(app: Propmaster) -> dict[Path | None, int]:
    """Return the assets on the first page that have been read, by file."""
    assets = app.desk.session.assets
    rows = [assets.find_row(at) for at in range(assets.rowCount())]
    return {row.path: row.id for row in rows if row is not None and row.thumbnail}


def _group(role: Role, pictures: tuple[str, ...], rows: dict[str, protocol.AssetRow]) -> protocol.Group:
    return tuple((Element(role, asset_id=rows[Path(picture).name].id),) for picture in pictures)


def _standing(app: Propmaster) -> Standing | None:
    return app.desk.batches.chosen.standing if app.desk.batches.chosen else None


def test_every_cell_of_a_batch_gets_its_picture(qtbot: QtBot, ended: Propmaster) -> None:
    matrix = ended.desk.batches.matrix
    assert (matrix.rowCount(), matrix.columnCount()) == (2, 2)
    jobs = matrix.jobs_in((JobState.DONE,))
    assert all(job.result is not None and job.result.is_file() for job in jobs)
    thumbnails = ended.desk.thumbnails
    qtbot.waitUntil(lambda: all(thumbnails.find(job.thumbnail, 128) for job in jobs), timeout=LOADING_MS)


def test_a_pick_is_exported(qtbot: QtBot, ended: Propmaster, tmp_path: Path) -> None:
    ended.window.batches.matrix.go_to(0)
    with qtbot.waitSignal(ended.desk.batches.jobs_known, timeout=LOADING_MS):
        ended.window.actions_table[ActionId.PICK].trigger()
    job = ended.desk.batches.matrix.job_at(0)
    assert job is not None
    assert job.verdict is Verdict.PICKED
    with qtbot.waitSignal(ended.desk.batches.written, timeout=LOADING_MS) as told:
        ended.desk.batches.export_picks(tmp_path / "picks", Ground.KEPT)
    assert [path.parent for path in (tmp_path / "picks").iterdir()] == [told.args[1].parent]


def test_a_result_leads_back_to_its_references_and_its_cell(qtbot: QtBot, ended: Propmaster) -> None:
    job = ended.desk.batches.matrix.job_at(2)
    assert job is not None
    qtbot.waitUntil(lambda: job.result in _read_files(ended), timeout=LOADING_MS)
    with qtbot.waitSignal(ended.desk.inspection.origin_known, timeout=LOADING_MS) as told:
        ended.desk.inspection.follow(_read_files(ended)[job.result])
    details = told.args[0]
    assert [reference.role for reference in details.references] == [Role.PERSON, Role.GARMENT]
    ended.window.inspector.origin.job_wanted.emit(details.job)
    qtbot.waitUntil(lambda: ended.window.batches.matrix.current_place() == 2, timeout=LOADING_MS)


def test_a_finished_cell_is_made_once_more_and_keeps_its_first_attempt(qtbot: QtBot, ended: Propmaster) -> None:
    first = ended.desk.batches.matrix.job_at(3)
    assert first is not None
    ended.desk.batches.redo([first.id], wording="in the rain")

    def is_made_again() -> bool:
        job = ended.desk.batches.matrix.job_at(3)
        return job is not None and job.id != first.id and job.state is JobState.DONE

    qtbot.waitUntil(is_made_again, timeout=LOADING_MS)
    job = ended.desk.batches.matrix.job_at(3)
    assert job is not None
    with qtbot.waitSignal(ended.desk.batches.details_known, timeout=LOADING_MS) as told:
        ended.desk.batches.fetch_details(job.id)
    assert "in the rain" in told.args[0].prompt
    assert [one.id for one in told.args[0].earlier] == [first.id]
