"""Where the nearest vectors come from: the exact index in memory, or Milvus with the catalogue beside it.

Both answer the same questions with plain inner products `query · vector`, best first.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.embeddings import Embeddings
from engine.vectors.neighbours import Neighbours
from engine.vectors.store import VectorStore

Ids = NDArray[np.int64]
Vector = NDArray[np.float32]


class NeighbourSource(Protocol):
    """Finds and scores contents by vector; thread-safe."""

    def search(self, query: Vector, k: int, allowed: Ids | None = None) -> Neighbours:
        """Return the k best contents, of the allowed ones if given."""

    def scores(self, query: Vector, ids: Ids) -> NDArray[np.float32]:
        """Return the score of each content; NaN for one without a vector."""

    def sample(self, n: int, seed: int) -> NDArray[np.float32]:
        """Return at most n vectors `[m, dimension]`, the same for the same seed and library."""

    def __len__(self) -> int:
        """Return how many contents can be found."""


class MilvusSource:
    """Answers from Milvus; what Milvus does slowly (vectors by id, samples) comes from the catalogue."""

    def __init__(self, store: VectorStore, embeddings: Embeddings) -> None:
        self._store = store
        self._embeddings = embeddings

    def search(self, query: Vector, k: int, allowed: Ids | None = None) -> Neighbours:
        """See `NeighbourSource`."""
        return self._store.search(query, k, allowed)

    def scores(self, query: Vector, ids: Ids) -> NDArray[np.float32]:
        """See `NeighbourSource`."""
        known = np.isin(ids, self._embeddings.known(ids))
        found = np.full(len(ids), np.nan, np.float32)
        if known.any():
            found[known] = self._embeddings.vectors(ids[known]).astype(np.float32) @ query
        return found

    def sample(self, n: int, seed: int) -> NDArray[np.float32]:
        """See `NeighbourSource`."""
        ids = np.concatenate([page for page, _ in self._embeddings.versions()] or [np.empty(0, np.int64)])
        chosen = np.sort(np.random.default_rng(seed).permutation(ids)[:n])
        return self._embeddings.vectors(chosen).astype(np.float32)

    def __len__(self) -> int:
        return self._embeddings.count()
