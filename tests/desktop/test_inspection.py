"""All that is known of the selected asset is asked for, and only that of the selected one is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.inspection import Inspection
from engine import protocol
from tests.desktop.fake_compositions import JOBS
from tests.desktop.fake_engine import FakeEngine, make_rows

SOURCE, RESULT = make_rows(2)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    with FakeEngine(tmp_path, (SOURCE, RESULT)) as engine:
        engine.answers[protocol.FindAssets] = lambda c: protocol.AssetsFetched(c.request_id, (RESULT,))
        engine.answers[protocol.WhereUsed] = lambda c: protocol.LineageFetched(
            c.request_id, c.asset_id, *((len(JOBS), JOBS) if c.asset_id == SOURCE.id else (0, ()))
        )
        yield engine


@pytest.fixture
def inspection(qtbot: QtBot, engine: FakeEngine, tmp_path: Path) -> Iterator[Inspection]:
    client = EngineClient(tmp_path)
    client.open()
    qtbot.waitUntil(lambda: bool(engine.asked_for(protocol.Hello)))
    yield Inspection(client)
    client.close()


def test_pictures_made_with_an_asset_are_looked_up_by_their_files(
    qtbot: QtBot, engine: FakeEngine, inspection: Inspection
) -> None:
    with qtbot.waitSignal(inspection.uses_known) as told:
        inspection.follow(SOURCE.id)
    assert told.args == [(RESULT,)]
    (asked,) = engine.asked_for(protocol.FindAssets)
    assert asked.paths == tuple(job.result for job in JOBS if job.result)


def test_an_asset_that_nothing_was_made_with_asks_for_no_files(
    qtbot: QtBot, engine: FakeEngine, inspection: Inspection
) -> None:
    with qtbot.waitSignals([inspection.near_known, inspection.details_known]):
        inspection.follow(RESULT.id)
    qtbot.waitUntil(lambda: bool(engine.asked_for(protocol.WhereUsed)))
    assert not engine.asked_for(protocol.FindAssets)


def test_the_job_that_an_asset_is_the_result_of_is_looked_up(
    qtbot: QtBot, engine: FakeEngine, inspection: Inspection
) -> None:
    engine.answers[protocol.MadeFrom] = lambda c: protocol.LineageFetched(c.request_id, c.asset_id, 1, (JOBS[3],))
    with qtbot.waitSignal(inspection.origin_known) as told:
        inspection.follow(RESULT.id)
    assert told.args[0].job == JOBS[3]
    assert [command.asset_id for command in engine.asked_for(protocol.MadeFrom)] == [RESULT.id]


def test_when_any_asset_may_have_changed_the_selected_one_is_asked_for_again(
    qtbot: QtBot, engine: FakeEngine, inspection: Inspection
) -> None:
    with qtbot.waitSignal(inspection.details_known):
        inspection.follow(RESULT.id)
    with qtbot.waitSignal(inspection.details_known):
        engine.tell(protocol.AssetsChanged())
