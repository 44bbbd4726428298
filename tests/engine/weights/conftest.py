"""A hub on this machine, a row that it has the weights of, and an empty shelf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.embedding.models import ModelRow
from engine.embedding.shelf import Shelf
from tests.helpers.hub_server import HubServer, hub_running
from tests.helpers.models import REPOSITORY, SMALL_ARCHITECTURE, WEIGHTS, random_checkpoint, small_row, table_with


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_checkpoint(SMALL_ARCHITECTURE, tmp_path_factory.mktemp("weights") / WEIGHTS)


@pytest.fixture(scope="session")
def content(checkpoint: Path) -> bytes:
    return checkpoint.read_bytes()


@pytest.fixture
def row(tmp_path: Path) -> Iterator[ModelRow]:
    with table_with(tmp_path, small_row()) as row:
        yield row


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "home" / "models")


@pytest.fixture
def server(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with hub_running(HubServer({f"{REPOSITORY}/{WEIGHTS}": content})) as server:
        yield server
