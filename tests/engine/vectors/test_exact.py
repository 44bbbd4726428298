"""The exact index against plain numpy."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
import pytest

from engine.vectors.exact import ExactIndex
from engine.vectors.neighbours import Ids, Neighbours
from tests.engine.vectors.truth import DIMENSION, unit_vectors


@pytest.fixture
def index() -> ExactIndex:
    index = ExactIndex(DIMENSION)
    index.add(np.arange(500, dtype=np.int64) * 3, unit_vectors(500))
    return index


def plain_search(ids: Ids, vectors: npt.NDArray[np.float16], query: npt.NDArray[np.float32], k: int) -> Neighbours:
    return Neighbours.best(ids, vectors.astype(np.float32) @ query, k)


def query(seed: int = 9) -> npt.NDArray[np.float32]:
    return unit_vectors(1, seed=seed)[0].astype(np.float32) * 7


@pytest.mark.parametrize("k", [1, 20, 499, 500, 9_999])
def test_hits_equal_plain_numpy_for_every_k(index: ExactIndex, k: int) -> None:
    hits = index.search(query(), k)
    expected = plain_search(np.arange(500, dtype=np.int64) * 3, unit_vectors(500), query(), k)
    assert hits.ids.tolist() == expected.ids.tolist()
    np.testing.assert_allclose(hits.scores, expected.scores, atol=1e-5)


@pytest.mark.parametrize("chosen", [0, 1, 10, 450, 500])
def test_only_allowed_ids_are_found(index: ExactIndex, chosen: int) -> None:
    allowed = np.random.default_rng(chosen).permutation(500)[:chosen].astype(np.int64) * 3
    hits = index.search(query(), 30, np.concatenate((allowed, [1, 10**15])))
    expected = plain_search(allowed, unit_vectors(500)[allowed // 3], query(), 30)
    assert hits.ids.tolist() == expected.ids.tolist()


def test_paging_goes_through_the_whole_library_without_gap_or_repeat(index: ExactIndex) -> None:
    pages = [index.search(query(), end).ids[end - 50 : end] for end in range(50, 501, 50)]
    assert np.concatenate(pages).tolist() == index.search(query(), 500).ids.tolist()


def test_equal_scores_are_ordered_by_id_wherever_they_lie() -> None:
    index = ExactIndex(DIMENSION)
    ids = np.random.default_rng(1).permutation(1_000).astype(np.int64)
    index.add(ids, np.repeat(unit_vectors(1), 1_000, axis=0))
    index.add(np.array([5_000]), unit_vectors(1, seed=3))
    hits = index.search(unit_vectors(1)[0].astype(np.float32), 7)
    assert hits.ids.tolist() == list(range(7))


def test_known_id_is_replaced_and_the_last_of_a_batch_wins(index: ExactIndex) -> None:
    new = unit_vectors(3, seed=5)
    index.add(np.array([30, 1_000_000, 30]), new)
    assert len(index) == 501
    assert index.search(new[2].astype(np.float32), 1).ids.tolist() == [30]
    assert index.scores(new[1].astype(np.float32), np.array([1_000_000]))[0] == pytest.approx(1, abs=1e-3)


def test_removed_id_is_gone_and_the_rest_keep_their_vectors(index: ExactIndex) -> None:
    index.remove(np.array([0, 3, 750, 77]))
    kept = np.array([number for number in range(0, 1500, 3) if number not in {0, 3, 750}], np.int64)
    assert sorted(index.ids.tolist()) == kept.tolist()
    assert 3 not in index
    assert 6 in index
    expected = plain_search(kept, unit_vectors(500)[kept // 3], query(), 100)
    assert index.search(query(), 100).ids.tolist() == expected.ids.tolist()


def test_scores_come_in_the_order_asked_for_and_nan_where_absent(index: ExactIndex) -> None:
    asked = np.array([33, 1, 0, 33, 10**15])
    scores = index.scores(query(), asked)
    assert np.isnan(scores).tolist() == [False, True, False, False, True]
    assert scores[0] == scores[3] == pytest.approx(float(unit_vectors(500)[11].astype(np.float32) @ query()), abs=1e-5)


def test_sample_does_not_depend_on_the_order_of_adding(index: ExactIndex) -> None:
    other = ExactIndex(DIMENSION)
    order = np.random.default_rng(2).permutation(500)
    other.add(order.astype(np.int64) * 3, unit_vectors(500)[order])
    sample = index.sample(100, seed=4)
    assert sample.shape == (100, DIMENSION)
    assert sample.dtype == np.float32
    np.testing.assert_array_equal(sample, other.sample(100, seed=4))
    assert index.sample(9_999, seed=4).shape == (500, DIMENSION)


def test_empty_index_answers_everything_with_nothing() -> None:
    index = ExactIndex(DIMENSION)
    index.add(np.empty(0, np.int64), np.empty((0, DIMENSION), np.float16))
    index.remove(np.array([1]))
    assert len(index.search(query(), 10)) == 0
    assert index.sample(3, seed=0).shape == (0, DIMENSION)
    assert np.isnan(index.scores(query(), np.array([1]))).all()
    assert index.nbytes == 0


def test_vectors_of_another_shape_are_refused(index: ExactIndex) -> None:
    with pytest.raises(ValueError, match="shape"):
        index.add(np.array([1, 2]), unit_vectors(3))


def test_memory_is_two_bytes_a_value_and_the_id(index: ExactIndex) -> None:
    assert index.nbytes == 500 * (2 * DIMENSION + 8)


def test_searches_beside_a_writer_see_whole_batches_only() -> None:
    """Each batch replaces all rows by one vector, or removes half of them; no search may see two states."""
    index = ExactIndex(DIMENSION)
    ids = np.arange(2_000, dtype=np.int64)
    states = [np.repeat(unit_vectors(1, seed=seed), ids.size, axis=0) for seed in range(4)]
    index.add(ids, states[0])
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            hits = index.search(query(), 2_000)
            if len(hits) not in {1_000, 2_000} or np.unique(hits.scores).size != 1:
                wrong.append(f"{len(hits)} hits, {np.unique(hits.scores).size} scores")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(120):
        index.add(ids, states[turn % 4])
        index.remove(ids[::2])
        index.add(ids, states[turn % 4])
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
