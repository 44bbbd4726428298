"""Weights brought by the engine: what its clients are told, and how it ends."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import protocol
from engine.embedding.models import ModelRow
from engine.embedding.shelf import Place, Shelf
from engine.errors import ModelBusy, WeightsNotOffered
from engine.serving.engine import Engine
from engine.serving.handlers import HANDLERS
from engine.serving.lists import Lists
from engine.serving.transfers import Transfers
from engine.settings import Settings
from tests.helpers.hub_server import HubServer, hub_running
from tests.helpers.models import REPOSITORY, SMALL_ARCHITECTURE, WEIGHTS, random_checkpoint, small_row, table_with

PATIENCE_S = 60


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_checkpoint(SMALL_ARCHITECTURE, tmp_path_factory.mktemp("weights") / WEIGHTS)


@pytest.fixture
def row(tmp_path: Path) -> Iterator[ModelRow]:
    with table_with(tmp_path, small_row()) as row:
        yield row


@pytest.fixture
def hub(checkpoint: Path) -> Iterator[HubServer]:
    with hub_running(HubServer({f"{REPOSITORY}/{WEIGHTS}": checkpoint.read_bytes()})) as hub:
        yield hub


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


class Told(queue.Queue[protocol.News]):
    """News in the order in which they came."""

    def until_the_end(self) -> list[protocol.News]:
        news = [self.get(timeout=PATIENCE_S)]
        while isinstance(news[-1], protocol.ModelProgressed):
            news.append(self.get(timeout=PATIENCE_S))
        return news


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def transfers(shelf: Shelf, told: Told) -> Iterator[Transfers]:
    transfers = Transfers(shelf, told.put)
    yield transfers
    transfers.close()


def test_download_is_told_step_by_step_and_arrives(
    row: ModelRow, hub: HubServer, transfers: Transfers, told: Told, shelf: Shelf
) -> None:
    transfers.download(row, Settings(hub_endpoint=hub.address))
    *progress, end = told.until_the_end()
    assert end == protocol.ModelArrived(row.name)
    steps = [one.transfer.step for one in progress if isinstance(one, protocol.ModelProgressed)]
    assert steps[-1] is protocol.TransferStep.CHECKING
    assert shelf.place(row) is Place.HERE
    assert transfers.of(row.name) is None


def test_failure_is_told_with_its_words(row: ModelRow, hub: HubServer, transfers: Transfers, told: Told) -> None:
    hub.status[""] = 503
    transfers.download(row, Settings(hub_endpoint=hub.address))
    end = told.until_the_end()[-1]
    assert isinstance(end, protocol.ModelStopped)
    assert (end.model, end.code) == (row.name, "hub_failed")
    assert end.hint


def test_bug_on_the_way_is_told_and_leaves_room_for_another(
    row: ModelRow, hub: HubServer, transfers: Transfers, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("engine.weights.downloading.download", fail)
        transfers.download(row, Settings(hub_endpoint=hub.address))
        (end,) = told.until_the_end()
    assert isinstance(end, protocol.ModelStopped)
    assert end.code == "bug"
    transfers.download(row, Settings(hub_endpoint=hub.address))
    assert isinstance(told.until_the_end()[-1], protocol.ModelArrived)


def test_stopped_transfer_is_told_without_a_reason(row: ModelRow, hub: HubServer, shelf: Shelf, told: Told) -> None:
    def stop(news: protocol.News) -> None:
        told.put(news)
        transfers.stop(row.name)

    transfers = Transfers(shelf, stop)
    transfers.download(row, Settings(hub_endpoint=hub.address))
    assert told.until_the_end()[-1] == protocol.ModelStopped(row.name)
    transfers.close()
    assert shelf.place(row) is Place.ABSENT


def test_one_transfer_at_a_time(row: ModelRow, hub: HubServer, checkpoint: Path, shelf: Shelf, told: Told) -> None:
    refused: list[ModelBusy] = []

    def begin_another(news: protocol.News) -> None:
        told.put(news)
        if isinstance(news, protocol.ModelProgressed) and not refused:
            assert transfers.of(row.name) == news.transfer
            with pytest.raises(ModelBusy) as caught:
                transfers.import_from(row, checkpoint)
            refused.append(caught.value)

    transfers = Transfers(shelf, begin_another)
    transfers.download(row, Settings(hub_endpoint=hub.address))
    assert told.until_the_end()[-1] == protocol.ModelArrived(row.name)
    transfers.close()
    assert refused


def test_import_arrives(row: ModelRow, checkpoint: Path, transfers: Transfers, told: Told, shelf: Shelf) -> None:
    transfers.import_from(row, checkpoint)
    assert told.until_the_end()[-1] == protocol.ModelArrived(row.name)
    assert shelf.place(row) is Place.HERE


def test_progress_is_told_at_most_ten_times_a_second(
    row: ModelRow, hub: HubServer, transfers: Transfers, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.serving.transfers.INTERVAL_S", 3600.0)
    transfers.download(row, Settings(hub_endpoint=hub.address))
    news = told.until_the_end()
    # One at the first byte, one at the change of step.
    assert len([one for one in news if isinstance(one, protocol.ModelProgressed)]) <= 2


@pytest.fixture
def engine(tmp_path: Path, hub: HubServer, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("PROPMASTER_HUB_ENDPOINT", hub.address)
    with contextlib.closing(Engine(tmp_path / "home")) as engine:
        engine.add_listener(told.put)
        yield engine


def ask(engine: Engine, command: protocol.Command) -> protocol.Answer:
    return HANDLERS[type(command)](engine, Lists(engine.library), command)


def model_of(engine: Engine, row: ModelRow) -> protocol.Model:
    answer = ask(engine, protocol.ListModels(1))
    assert isinstance(answer, protocol.ModelsListed)
    return next(one for one in answer.models if one.row == row.name)


def test_client_has_a_model_downloaded_listed_and_removed(
    row: ModelRow, hub: HubServer, engine: Engine, told: Told
) -> None:
    before = model_of(engine, row)
    assert (before.place, before.spec, before.hub) == (protocol.ModelPlace.ABSENT, "", hub.address)
    assert before.files == (protocol.ModelFile(REPOSITORY, WEIGHTS),)
    assert ask(engine, protocol.DownloadModel(2, row.name)) == protocol.RequestCompleted(2)
    assert told.until_the_end()[-1] == protocol.ModelArrived(row.name)
    here = model_of(engine, row)
    assert (here.place, here.spec) == (protocol.ModelPlace.HERE, row.name)
    assert ask(engine, protocol.RemoveModel(3, row.name)) == protocol.RequestCompleted(3)
    assert model_of(engine, row).place is protocol.ModelPlace.ABSENT


def test_client_has_a_model_imported(row: ModelRow, engine: Engine, told: Told, checkpoint: Path) -> None:
    ask(engine, protocol.ImportModel(1, row.name, checkpoint.parent))
    assert told.until_the_end()[-1] == protocol.ModelArrived(row.name)
    assert model_of(engine, row).name.startswith("vit-s-32-alt-")


def test_client_sees_what_is_under_way_and_stops_it(row: ModelRow, hub: HubServer, engine: Engine, told: Told) -> None:
    hub.cut_at = [1 << 22, *[0] * 100]
    ask(engine, protocol.DownloadModel(1, row.name))
    assert isinstance(told.get(timeout=PATIENCE_S), protocol.ModelProgressed)
    assert model_of(engine, row).transfer is not None
    ask(engine, protocol.StopTransfer(2, row.name))
    assert told.until_the_end()[-1] == protocol.ModelStopped(row.name)
    stopped = model_of(engine, row)
    assert stopped.transfer is None
    assert stopped.arrived_bytes > 0


def test_unknown_model_is_refused(engine: Engine) -> None:
    with pytest.raises(WeightsNotOffered):
        ask(engine, protocol.DownloadModel(1, "no-such"))
