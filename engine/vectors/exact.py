"""The exact index in memory: every vector of one encoder as float16, searched without approximation.

Filled and kept in step by the writer, searched by any thread; it owns no files. Invariant: a search sees all of an
`add` or nothing of it, and row `i` of the codes always belongs to `_ids[i]`.
"""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from engine.vectors.gate import Gate
from engine.vectors.neighbours import Ids, Neighbours, Scores

_ROWS_AT_A_TIME = 16_384


class ExactIndex:
    """Exact inner products over float16 rows keyed by int64 ids; one writer and many readers at a time."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._codes = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        self._ids: Ids = np.empty(0, np.int64)
        self._order: npt.NDArray[np.intp] | None = None
        self._gate = Gate()

    def __len__(self) -> int:
        return int(self._ids.size)

    def __contains__(self, asset: int) -> bool:
        with self._gate.reading():
            return bool((self._ids == asset).any())

    @property
    def ids(self) -> Ids:
        """A copy of the ids, in no particular order."""
        with self._gate.reading():
            return self._ids.copy()

    @property
    def nbytes(self) -> int:
        """Bytes held for vectors and ids."""
        return len(self) * (int(self._codes.code_size) + self._ids.itemsize)

    def add(self, ids: Ids, vectors: npt.NDArray[np.float16]) -> None:
        """Store finite float16 `[n, dimension]` under ids int64; known ids are replaced, the last of equals wins."""
        if vectors.shape != (ids.size, self.dimension):
            raise ValueError(f"expected vectors of shape {(ids.size, self.dimension)}, got {vectors.shape}")
        ids, last = _last_of_each(ids)
        codes = np.ascontiguousarray(vectors[last], dtype=np.float16)
        with self._gate.writing():
            rows, known = self._find_rows(ids)
            self._rows_view()[rows[known]] = codes[known]
            self._append(ids[~known], codes[~known])

    def remove(self, ids: Ids) -> None:
        """Forget the ids; unknown ones are ignored."""
        with self._gate.writing():
            gone = np.isin(self._ids, ids)
            if gone.any():
                self._codes.remove_ids(_selector(gone))
                self._ids = self._ids[~gone]
                self._order = None

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Ids | None = None) -> Neighbours:
        """Return the k best for a query float32 `[dimension]`, among `allowed` if given; k may be the whole library."""
        queries = np.ascontiguousarray(query, dtype=np.float32).reshape(1, self.dimension)
        with self._gate.reading():
            if allowed is None:
                return self._search_rows(queries, min(k, len(self)), len(self), None)
            chosen = np.isin(self._ids, allowed)
            candidates = int(chosen.sum())
            return self._search_rows(queries, min(k, candidates), candidates, _selector(chosen))

    def scores(self, query: npt.NDArray[np.float32], ids: Ids) -> Scores:
        """Return the inner product of the query with each id float32 `[n]`, NaN where the id is absent."""
        result = np.full(ids.size, np.nan, np.float32)
        with self._gate.reading():
            rows, known = self._find_rows(ids)
            places = np.flatnonzero(known)
            for start in range(0, places.size, _ROWS_AT_A_TIME):
                page = places[start : start + _ROWS_AT_A_TIME]
                result[page] = self._rows_view()[rows[page]].astype(np.float32) @ query
        return result

    def sample(self, n: int, seed: int) -> npt.NDArray[np.float32]:
        """Return at most n members as float32 `[m, dimension]`; the same members for the same seed and content."""
        with self._gate.reading():
            ordered = self._ordered_rows()
            picks = np.random.default_rng(seed).choice(ordered.size, min(n, ordered.size), replace=False)
            return self._rows_view()[ordered[picks]].astype(np.float32)

    def _search_rows(self, queries: npt.NDArray[np.float32], k: int, candidates: int, selector: Any) -> Neighbours:
        if k <= 0:
            return Neighbours.none()
        # The setting is per calling thread. A team of threads gains nothing for one query, and waits at its barrier
        # for a core that the model thread is using.
        faiss.omp_set_num_threads(1)
        # faiss's stubs know the C++ signatures, not the Python ones.
        parameters = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        fetched = min(k + 1, candidates)
        while True:
            scores, rows = self._codes.search(queries, fetched, params=parameters)
            # Rows that tie with the k-th are all fetched, so that ids decide among them and not their place in memory.
            if fetched == candidates or scores[0, -1] < scores[0, k - 1]:
                break
            fetched = min(2 * fetched, candidates)
        found = rows[0] >= 0
        return Neighbours.best(self._ids[rows[0][found]], scores[0][found], k)

    def _find_rows(self, ids: Ids) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        if not self._ids.size:
            return np.zeros(ids.size, np.intp), np.zeros(ids.size, np.bool_)
        order = self._ordered_rows()
        places = np.searchsorted(self._ids, ids, sorter=order)
        rows = order[np.minimum(places, order.size - 1)]
        return rows, self._ids[rows] == ids

    def _ordered_rows(self) -> npt.NDArray[np.intp]:
        # Two readers may both compute it; they compute the same.
        order = self._order
        if order is None:
            order = self._order = np.argsort(self._ids, kind="stable")
        return order

    def _append(self, ids: Ids, codes: npt.NDArray[np.float16]) -> None:
        if not ids.size:
            return
        self._codes.add_sa_codes(codes.view(np.uint8))
        self._ids = np.concatenate((self._ids, ids))
        self._order = None

    def _rows_view(self) -> npt.NDArray[np.float16]:
        """Return the codes as float16 `[rows, dimension]` without a copy; valid only while the gate is held."""
        if not self._ids.size:
            return np.empty((0, self.dimension), np.float16)
        codes = faiss.rev_swig_ptr(self._codes.codes.data(), self._ids.size * int(self._codes.code_size))
        view: npt.NDArray[np.float16] = codes.view(np.float16).reshape(self._ids.size, self.dimension)
        return view


def _last_of_each(ids: Ids) -> tuple[Ids, npt.NDArray[np.intp]]:
    unique, first_from_end = np.unique(ids[::-1], return_index=True)
    return unique.astype(np.int64), ids.size - 1 - first_from_end


def _selector(rows: npt.NDArray[np.bool_]) -> Any:
    return faiss.IDSelectorBitmap(np.packbits(rows, bitorder="little"))  # type: ignore[call-arg, arg-type]
