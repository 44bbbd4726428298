"""Pairs of vectors that are nearly equal, found among all vectors of a library."""

from __future__ import annotations

from collections.abc import Callable

import faiss
import numpy as np
import numpy.typing as npt

_NEIGHBOURS = 16
_EXACT_UP_TO = 20_000
_CELLS_PROBED = 8
_TRAINED_PER_CELL = 40
_ROWS_AT_A_TIME = 8_192


def near_pairs(
    vectors: npt.NDArray[np.float32], least: float, stopped: Callable[[], bool] = lambda: False
) -> npt.NDArray[np.int64]:
    """Return pairs of rows int64 `[m, 2]`, lower row first, whose inner product is at least `least`.

    `vectors` is float32 `[n, dimension]` of unit length. Each row is paired with its 16 nearest at most. Above 20,000
    rows only the nearest cells of an inverted file are looked at: near pairs are rarely further apart than that.
    `stopped` is asked every 8,192 rows; what was found until then is returned.
    """
    count = len(vectors)
    if count < 2:
        return np.empty((0, 2), np.int64)
    vectors = np.ascontiguousarray(vectors)
    # A team of threads would take the cores from the model thread.
    faiss.omp_set_num_threads(1)
    index = _index_of(vectors)
    found = [np.empty((0, 2), np.int64)]
    for start in range(0, count, _ROWS_AT_A_TIME):
        if stopped():
            break
        scores, others = index.search(vectors[start : start + _ROWS_AT_A_TIME], min(_NEIGHBOURS + 1, count))
        rows, places = np.nonzero(scores >= least)
        pairs = np.stack([rows + start, others[rows, places]], axis=1)
        found.append(pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs[:, 1] >= 0)])
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0).astype(np.int64)


def _index_of(vectors: npt.NDArray[np.float32]) -> faiss.Index:
    count, dimension = vectors.shape
    flat = faiss.IndexFlatIP(dimension)
    if count <= _EXACT_UP_TO:
        flat.add(vectors)
        return flat
    cells = int(4 * np.sqrt(count))
    index = faiss.IndexIVFFlat(flat, dimension, cells, faiss.METRIC_INNER_PRODUCT)
    picks = np.random.default_rng(0).choice(count, min(count, cells * _TRAINED_PER_CELL), replace=False)
    index.train(vectors[picks])
    index.add(vectors)
    index.nprobe = _CELLS_PROBED
    return index
