"""Which vectors a database may be given: Milvus would take anything, and answer nonsense later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from engine.vectors.neighbours import Vectors


def usable_rows(vectors: Vectors) -> npt.NDArray[np.bool_]:
    """Return for each row whether it is finite and not zero."""
    usable: npt.NDArray[np.bool_] = np.isfinite(vectors).all(axis=1) & (vectors != 0).any(axis=1)
    return usable


def check_vectors(vectors: Vectors, rows: int, dimension: int) -> None:
    """Raise ValueError unless `[rows, dimension]` with usable rows only."""
    if vectors.shape != (rows, dimension):
        raise ValueError(f"expected vectors of shape {(rows, dimension)}, got {vectors.shape}")
    if not usable_rows(vectors).all():
        raise ValueError("a vector is zero or not finite")
