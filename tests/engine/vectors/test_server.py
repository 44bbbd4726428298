"""The store against a Milvus server: a process of its own, reached by address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.errors import VectorStoreFailed
from engine.vectors.healing import Cause
from engine.vectors.location import Server
from engine.vectors.store import VectorStore, delete_collection
from tests.engine.vectors.truth import DIMENSION, MemoryTruth, unit_vectors
from tests.helpers.milvus_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("server")) as address:
        yield Server(address, "root:Milvus")


def test_collection_on_a_server_follows_the_truth(server: Server) -> None:
    truth = MemoryTruth(200)
    store = VectorStore.open(server, "an encoder", DIMENSION, truth)
    assert (store.reconciliation.reason, store.reconciliation.upserted) == (Cause.SERVER, 200)
    vector = unit_vectors(1, seed=8)
    store.upsert(np.array([7_000]), np.array([3]), vector)
    store.delete(truth.ids[:10])
    store.flush()
    assert store.search(vector[0].astype(np.float32), 1).ids.tolist() == [7_000]
    store.close()

    again = VectorStore.open(server, "an encoder", DIMENSION, truth)
    assert (again.reconciliation.upserted, again.reconciliation.deleted) == (10, 1)
    again.close()


def test_encoders_share_a_server_without_mixing(server: Server) -> None:
    one = VectorStore.open(server, "ViT-B/32", DIMENSION, MemoryTruth(20, seed=1))
    other = VectorStore.open(server, "ViT-B-32", DIMENSION, MemoryTruth(30, seed=2))
    assert one.rebuild().upserted == 20
    assert len(other.search(unit_vectors(1)[0].astype(np.float32), 100)) == 30
    one.close()
    other.close()


def test_deleted_collection_is_gone_from_the_server_and_others_stay(server: Server) -> None:
    for name in ("left", "kept"):
        VectorStore.open(server, name, DIMENSION, MemoryTruth(20)).close()
    delete_collection(server, "left", DIMENSION)
    for name, missing in (("left", 20), ("kept", 0)):
        again = VectorStore.open(server, name, DIMENSION, MemoryTruth(20))
        assert again.reconciliation.upserted == missing
        again.close()


def test_other_dimension_on_a_server_is_an_error_and_not_a_loss(server: Server) -> None:
    VectorStore.open(server, "shaped", DIMENSION, MemoryTruth(5)).close()
    with pytest.raises(VectorStoreFailed, match="another shape"):
        VectorStore.open(server, "shaped", DIMENSION + 1, MemoryTruth(5))


def test_unreachable_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.vectors.milvus._CONNECT_SECONDS", 0.5)
    with pytest.raises(VectorStoreFailed, match="connecting to"):
        VectorStore.open(Server("http://127.0.0.1:9"), "an encoder", DIMENSION, MemoryTruth(5))
