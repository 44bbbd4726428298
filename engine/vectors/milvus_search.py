"""Searches one open Milvus collection: its index, candidates from it, and exact scores for them.

Used by `milvus` alone, from any thread. Invariant: every score that leaves it is the inner product with the stored
vector, so that hits of Milvus and of the exact index can be compared.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pymilvus.exceptions import MilvusException

from engine.vectors.faults import translated
from engine.vectors.neighbours import Ids, Neighbours

if TYPE_CHECKING:
    from pymilvus import MilvusClient
    from pymilvus.milvus_client import IndexParams

MOST_HITS = 16_384
"""The most hits a Milvus server gives for one search."""

_RANKED_WHOLE = 2_000
# Milvus Lite spends its time elsewhere: against 64, 512 costs nothing and finds nearly all of the top ten even where
# every row is about equally far.
_LEAST_EF = 512
_MOST_EF = 32_768
_CALL_SECONDS = 120.0
_LONG_CALL_SECONDS = 3_600.0


class CollectionSearch:
    """Searches of a collection whose index is of the first kind that Milvus accepts."""

    def __init__(self, client: MilvusClient, name: str, kinds: tuple[str, ...]) -> None:
        self._milvus = client
        self._name = name
        self._kinds = kinds
        self._prepared = False
        self._preparing = Lock()

    def has_index(self) -> bool:
        """Whether an index was made, here or in an earlier session."""
        with translated("looking for the search index"):
            return bool(self._milvus.list_indexes(self._name))

    def prepare(self) -> None:
        """Build the index if there is none yet, and load it. Raises VectorStoreFailed."""
        with self._preparing:
            if self._prepared:
                return
            if not self.has_index():
                self._create_index()
            with translated("loading the search index"):
                self._milvus.load_collection(self._name, timeout=_LONG_CALL_SECONDS)
            self._prepared = True

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Ids | None, rows: int) -> Neighbours:
        """Return the best k, at most `MOST_HITS`, of a collection with about this many rows."""
        k = min(k, MOST_HITS)
        if k <= 0 or (allowed is not None and not allowed.size):
            return Neighbours.none()
        if allowed is not None and allowed.size <= _RANKED_WHOLE:
            return self._rank(query, allowed, k)
        self.prepare()
        hits = self._find_candidates(query, k, allowed, rows)
        falls_short = allowed is not None and len(hits) < min(k, allowed.size)
        if allowed is not None and falls_short and allowed.size <= MOST_HITS:
            return self._rank(query, allowed, k)
        return hits

    def _create_index(self) -> None:
        *preferred, last = self._kinds
        for kind in preferred:
            try:
                self._milvus.create_index(self._name, self._parameters(kind), timeout=_LONG_CALL_SECONDS)
            except MilvusException:
                # A server older than this kind of index refuses it.
                continue
            return
        with translated("building the search index"):
            self._milvus.create_index(self._name, self._parameters(last), timeout=_LONG_CALL_SECONDS)

    def _parameters(self, kind: str) -> IndexParams:
        parameters = self._milvus.prepare_index_params()
        parameters.add_index("vec", index_type=kind, metric_type="COSINE", params={"M": 16, "efConstruction": 200})
        return parameters

    def _find_candidates(self, query: npt.NDArray[np.float32], k: int, allowed: Ids | None, rows: int) -> Neighbours:
        wanted = min(k + k // 8 + 16, MOST_HITS)
        # The graph walk of Milvus Lite counts forbidden rows as visited, so its reach grows with what the filter hides.
        hidden = 1.0 if allowed is None else max(1.0, rows / allowed.size)
        reach = int(min(max(_LEAST_EF, 2 * wanted * hidden), _MOST_EF))
        with translated("searching"):
            hits = self._milvus.search(
                self._name,
                data=[query.astype(np.float32)],
                anns_field="vec",
                limit=wanted,
                filter="" if allowed is None else f"id in {allowed.tolist()}",
                output_fields=["vec"],
                search_params={"metric_type": "COSINE", "params": {"ef": max(reach, wanted)}},
                timeout=_CALL_SECONDS,
            )[0]
        return _scored(query, [hit["id"] for hit in hits], [hit["entity"]["vec"] for hit in hits], k)

    def _rank(self, query: npt.NDArray[np.float32], allowed: Ids, k: int) -> Neighbours:
        """Score every allowed row: for few of them surer than the index, and faster."""
        best = Neighbours.none()
        for start in range(0, allowed.size, _RANKED_WHOLE):
            ids = allowed[start : start + _RANKED_WHOLE].tolist()
            with translated("reading vectors"):
                rows = self._milvus.get(self._name, ids=ids, output_fields=["id", "vec"], timeout=_CALL_SECONDS)
            page = _scored(query, [row["id"] for row in rows], [row["vec"] for row in rows], k)
            best = Neighbours.best(np.concatenate((best.ids, page.ids)), np.concatenate((best.scores, page.scores)), k)
        return best


def _scored(query: npt.NDArray[np.float32], ids: list[int], vectors: list[Any], k: int) -> Neighbours:
    if not ids:
        return Neighbours.none()
    scores = np.asarray(vectors, np.float32) @ query.astype(np.float32)
    return Neighbours.best(np.asarray(ids, np.int64), scores, k)
