"""`propmaster models get`, `import` and `remove`, from a row that was added to a search with it."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.embedding.models import ModelRow
from tests.engine.cli.conftest import Propmaster
from tests.helpers.hub_server import HubServer, hub_running
from tests.helpers.models import (
    REPOSITORY,
    SMALL,
    SMALL_ARCHITECTURE,
    WEIGHTS,
    random_checkpoint,
    small_row,
    table_with,
)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_checkpoint(SMALL_ARCHITECTURE, tmp_path_factory.mktemp("weights") / WEIGHTS)


@pytest.fixture
def row(tmp_path: Path) -> Iterator[ModelRow]:
    with table_with(tmp_path, small_row()) as row:
        yield row


@pytest.fixture
def hub(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with hub_running(HubServer({f"{REPOSITORY}/{WEIGHTS}": checkpoint.read_bytes()})) as hub:
        monkeypatch.setenv("PROPMASTER_HUB_ENDPOINT", hub.address)
        yield hub


@pytest.mark.usefixtures("row", "hub")
def test_added_row_is_downloaded_chosen_and_searched(
    propmaster: Propmaster, art: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"models get {SMALL}" in propmaster("models").out
    got = propmaster("models", "get", SMALL, "--yes", "--json")
    assert Path(got.document["folder"]).is_dir()
    monkeypatch.setenv("PROPMASTER_ENCODER", SMALL)
    propmaster("index", art)
    (used,) = (model for model in propmaster("models", "--json").document if model["in_use"])
    assert (used["row"], used["place"], used["vectors"]) == (SMALL, "here", 3)
    assert propmaster("search", "a sword", "--json").document["total"] == 3
    refused = propmaster("models", "remove", SMALL, "--json")
    assert refused.document["error"] == "encoder_in_use"


def test_licence_and_size_are_said_before_a_byte_is_asked_for(
    propmaster: Propmaster, hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    with table_with(tmp_path, small_row(licence='"Research only"', commercial="false")):
        run = propmaster("models", "get", SMALL)
    assert run.status == 1
    for words in ("Research only", "does not allow commercial use", "70.0 MB", REPOSITORY):
        assert words in run.err
    assert not hub.requests


def test_licence_is_said_where_weights_are_imported(propmaster: Propmaster, checkpoint: Path, tmp_path: Path) -> None:
    with table_with(tmp_path, small_row(licence='"Research only"', commercial="false")):
        run = propmaster("models", "import", SMALL, checkpoint)
    assert run.status == 0
    for words in ("Research only", "does not allow commercial use"):
        assert words in run.err


@pytest.mark.usefixtures("row")
def test_imported_model_is_listed_and_removed(propmaster: Propmaster, checkpoint: Path) -> None:
    assert propmaster("models", "import", SMALL, checkpoint.parent).status == 0
    assert "on this computer" in propmaster("models").out
    assert propmaster("models", "remove", SMALL, "--json").document == {"removed": SMALL}
    assert propmaster("models", "remove", SMALL, "--json").document["error"] == "weights_missing"


@pytest.mark.usefixtures("row")
def test_imported_model_is_evaluated_by_its_name(propmaster: Propmaster, checkpoint: Path, art: Path) -> None:
    propmaster("models", "import", SMALL, checkpoint)
    (measured,) = propmaster("evaluate", art, "--encoder", SMALL, "--json").document
    assert measured["encoder"].startswith("vit-s-32-alt-")


@pytest.mark.usefixtures("row")
def test_model_of_a_share_needs_no_step_on_the_workstation(
    propmaster: Propmaster, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share" / SMALL).mkdir(parents=True)
    (tmp_path / "share" / SMALL / WEIGHTS).symlink_to(checkpoint)
    monkeypatch.setenv("PROPMASTER_MODELS_SHARE", str(tmp_path / "share"))
    (small,) = (model for model in propmaster("models", "--json").document if model["row"] == SMALL)
    assert (small["place"], small["spec"]) == ("shared", SMALL)


@pytest.mark.usefixtures("row")
def test_interrupted_download_ends_with_its_words_and_goes_on(
    propmaster: Propmaster, hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.weights.staging import Staging

    write, written = Staging.write, threading.Event()

    def interrupted(self: Staging, path: Path, chunk: bytes) -> None:
        write(self, path, chunk)
        if not written.is_set():
            written.set()
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Staging, "write", interrupted)
    run = propmaster("models", "get", SMALL, "--yes")
    assert run.status == 130
    assert "Stopped" in run.err
    assert propmaster("models", "get", SMALL, "--yes").status == 0
    assert "range" in hub.downloads[-1].headers
    assert (tmp_path / "home" / "models" / SMALL / WEIGHTS).is_file()


def test_unknown_model_names_the_known_ones(propmaster: Propmaster) -> None:
    run = propmaster("models", "get", "no-such", "--yes", "--json")
    assert run.document["error"] == "weights_not_offered"
    assert "clip-vit-b-32" in run.document["hint"]
