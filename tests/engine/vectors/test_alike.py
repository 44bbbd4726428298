"""Near pairs are those of an exhaustive comparison, in small libraries and in large ones."""

from __future__ import annotations

import numpy as np
import pytest

from engine.vectors import alike
from engine.vectors.alike import near_pairs


def with_copies(count: int, copies: int, noise: float) -> np.ndarray:
    chance = np.random.default_rng(0)
    vectors = chance.standard_normal((count, 64)).astype(np.float32)
    vectors[-copies:] = vectors[:copies] + noise * chance.standard_normal((copies, 64)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_pairs_are_those_of_an_exhaustive_comparison() -> None:
    vectors = with_copies(300, 40, 0.2)
    scores = vectors @ vectors.T
    expected = np.argwhere(np.triu(scores >= 0.8, 1))
    assert len(expected) >= 40
    assert near_pairs(vectors, 0.8).tolist() == expected.tolist()


def test_cells_find_nearly_all_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_EXACT_UP_TO", 100)
    vectors = with_copies(4_000, 500, 0.1)
    found = {tuple(pair) for pair in near_pairs(vectors, 0.9).tolist()}
    copies = {(row, 3_500 + row) for row in range(500)}
    assert found <= copies
    assert len(found) >= 490


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_vectors_make_no_pair(count: int) -> None:
    assert near_pairs(np.ones((count, 8), np.float32), 0.5).shape == (0, 2)
