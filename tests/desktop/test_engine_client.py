"""The client tells every event, asks again what an engine left unanswered, and ends its reader."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient, signal_name
from engine import protocol
from engine.protocol import Event, JobState
from tests.desktop.fake_compositions import BATCH
from tests.desktop.fake_engine import FakeEngine, make_rows


def test_every_event_has_a_signal(tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    for event in get_args(Event):
        assert event is protocol.EngineReady or isinstance(getattr(client, signal_name(event.__name__)), SignalInstance)


def test_an_answer_is_told_on_the_signal_of_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    with FakeEngine(tmp_path, make_rows(3)):
        client.open()
        with qtbot.waitSignal(client.search_completed) as told:
            request_id = client.send(protocol.Search, protocol.AssetQuery())
        assert (told.args[0].request_id, told.args[0].total) == (request_id, 3)
    client.close()


def test_what_was_asked_before_the_engine_was_there_is_answered(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    client.send(protocol.ListFolders)
    with FakeEngine(tmp_path, make_rows(3)), qtbot.waitSignal(client.folders_listed):
        client.open()
    client.close()


def test_a_missing_engine_is_told_as_lost(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    with qtbot.waitSignal(client.lost):
        client.open()
    client.close()


def test_the_next_engine_is_asked_what_the_last_left_unanswered(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    with FakeEngine(tmp_path, make_rows(3)) as engine:
        engine.answers[protocol.Search] = lambda _: None
        with qtbot.waitSignal(client.connected):
            client.open()
        client.send(protocol.Search, protocol.AssetQuery())
        qtbot.waitUntil(lambda: bool(engine.asked_for(protocol.Search)))
        with qtbot.waitSignal(client.lost):
            engine.hang_up()
        del engine.answers[protocol.Search]
        with qtbot.waitSignal(client.request_completed):
            client.open()
    client.close()


def test_a_request_that_takes_two_engines_down_is_given_up(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    with FakeEngine(tmp_path, make_rows(3)) as engine:
        engine.answers[protocol.Search] = lambda _: engine.hang_up()
        client.send(protocol.Search, protocol.AssetQuery())
        for _ in range(2):
            with qtbot.waitSignal(client.lost):
                client.open()
        with qtbot.waitSignal(client.request_failed) as told:
            client.open()
        assert told.args[0].code == "engine_gone"
    client.close()


def test_batch_and_its_jobs_are_told(qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(tmp_path)
    with FakeEngine(tmp_path) as engine:
        client.open()
        with qtbot.waitSignal(client.jobs_fetched) as told:
            client.send(protocol.FetchJobs, BATCH.id, (JobState.DONE, JobState.REFUSED))
        assert [job.state for job in told.args[0].jobs] == [JobState.DONE, JobState.REFUSED]
        with qtbot.waitSignal(client.batch_changed) as changed:
            engine.tell(protocol.BatchChanged(BATCH))
        assert changed.args[0].batch == BATCH
    client.close()
