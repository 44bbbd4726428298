"""A truth held in memory, and small vectors to fill it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

DIMENSION = 16


def unit_vectors(rows: int, dimension: int = DIMENSION, seed: int = 0) -> npt.NDArray[np.float16]:
    """Return float16 `[rows, dimension]`, rows of about unit length."""
    values = np.random.default_rng(seed).standard_normal((rows, dimension), dtype=np.float32)
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float16)


class MemoryTruth:
    """Vectors by id; counts how often it was asked for vectors."""

    def __init__(self, rows: int, seed: int = 0) -> None:
        vectors = unit_vectors(rows, seed=seed)
        self.rows = {id_ + 1: (1, vectors[id_]) for id_ in range(rows)}
        self.handed_out = 0

    def count(self) -> int:
        return len(self.rows)

    def versions(self) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        ids = self.ids[::-1]
        for start in range(0, ids.size, 70):
            page = ids[start : start + 70]
            yield page, np.array([self.rows[id_][0] for id_ in page.tolist()], np.int64)

    def vectors(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float16]:
        self.handed_out += ids.size
        return np.array([self.rows[id_][1] for id_ in ids.tolist()], np.float16).reshape(-1, DIMENSION)

    @property
    def ids(self) -> npt.NDArray[np.int64]:
        return np.array(sorted(self.rows), np.int64)
