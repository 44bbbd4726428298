"""Turns inner products into z-scores against the library's own background, so that terms and encoders compare.

A cosine of 0.25 is a hit for one encoder and noise for another; "three deviations above what this library usually
scores" means the same everywhere. A small library is a poor background, so the encoder's typical values weigh in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIOR_WEIGHT = 64
"""How many assets the encoder's own typical values count for."""
LEAST_DEVIATION = 1e-4


@dataclass(frozen=True, slots=True)
class Background:
    """Mean and standard deviation of the scores of unrelated pictures."""

    mean: float
    deviation: float

    def z(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how many deviations above the mean each score lies."""
        return ((scores - self.mean) / self.deviation).astype(np.float32)


def measure(scores: NDArray[np.float32], prior: Background) -> Background:
    """Return the background of these sample scores `[n]`, drawn towards the prior when n is small.

    Median and median absolute deviation, since the pictures that are wanted stand among the sample.
    """
    n = len(scores)
    if n == 0:
        return prior
    middle = float(np.median(scores))
    spread = 1.4826 * float(np.median(np.abs(scores - middle)))
    share = n / (n + PRIOR_WEIGHT)
    mean = share * middle + (1 - share) * prior.mean
    deviation = share * spread + (1 - share) * prior.deviation
    return Background(mean, max(deviation, LEAST_DEVIATION))
