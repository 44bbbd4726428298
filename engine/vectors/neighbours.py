"""What every search of this room returns, and the one order its hits are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids int64 `[m]` and inner products float32 `[m]`, best first, equal scores by ascending id."""

    ids: Ids
    scores: Scores

    def __len__(self) -> int:
        return int(self.ids.size)

    @classmethod
    def none(cls) -> Self:
        """Return the empty answer."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float32))

    @classmethod
    def best(cls, ids: Ids, scores: Scores, k: int) -> Self:
        """Return the k best of unordered hits."""
        order = np.lexsort((ids, -scores))[:k]
        return cls(ids[order], scores[order])
