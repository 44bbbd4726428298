"""What a query means in one encoder's space: its terms as one direction, and contents scored along it.

A term contributes its vector divided by the deviation of its own scores in this library, so that a text (whose cosines
are small and narrow) and an image (whose cosines are large and wide) weigh the same in one inner product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.embedding.encoder import Calibration
from engine.search.calibration import Background, measure
from engine.search.neighbours import Ids, NeighbourSource
from engine.search.query import ImageTerm, Query, TextTerm
from engine.vectors.neighbours import Neighbours

SAMPLE_SIZE = 2048

Vector = NDArray[np.float32]
Z = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TermVectors:
    """How terms become vectors `[dimension]`, L2-normalised; a text's is on its way while names are looked up."""

    of_text: Callable[[str], Future[Vector]]
    of_image: Callable[[ImageTerm], Vector]


@dataclass(frozen=True, slots=True)
class Direction:
    """Where a query, or one of its terms, points, and how contents score along it that have nothing to do with it."""

    vector: Vector
    background: Background


@dataclass(frozen=True, slots=True)
class _Part:
    """One term: its vector, its scores `[n]` over the sample, and what they come to."""

    vector: Vector
    scores: NDArray[np.float32]
    background: Background


@dataclass(frozen=True, slots=True)
class Meaning:
    """One encoder's space, named after the encoder. Thread-safe as far as its collaborators are."""

    name: str
    source: NeighbourSource
    vectors: TermVectors
    calibration: Calibration
    sample: BackgroundSample

    def begin_texts(self, query: Query) -> list[Future[Vector]]:
        """Return the coming vectors of the query's texts, in their order."""
        return [self.vectors.of_text(term.text) for term in query.terms if isinstance(term, TextTerm)]

    def direction(self, query: Query, texts: Sequence[Vector]) -> Direction:
        """Return the one direction that all terms add up to; `texts` are what `begin_texts` promised."""
        vectors = iter(texts)
        parts = [
            (term.weight, self._of_text(next(vectors)) if isinstance(term, TextTerm) else self._of_image(term))
            for term in query.terms
        ]
        shares = [weight / part.background.deviation for weight, part in parts]
        vector = np.sum([share * part.vector for share, (_, part) in zip(shares, parts, strict=True)], axis=0)
        # Inner products add up as vectors do, so that the sample is scored once for each term.
        scores = np.sum([share * part.scores for share, (_, part) in zip(shares, parts, strict=True)], axis=0)
        mean = sum(share * part.background.mean for share, (_, part) in zip(shares, parts, strict=True))
        spread = float(np.sqrt(sum(weight**2 for weight, _ in parts)))
        return Direction(vector.astype(np.float32), measure(scores, Background(float(mean), spread)))

    def nearest(self, direction: Direction, k: int, allowed: Ids | None) -> Neighbours:
        """Return the k best contents, of the allowed ones if given."""
        return self.source.search(direction.vector, k, allowed)

    def z(self, direction: Direction, ids: Ids, near: Neighbours) -> Z:
        """Return how many deviations above the background each of ascending ids lies; NaN for one without a vector.

        `near` are neighbours among them, whose scores are known.
        """
        scores = np.full(len(ids), np.nan, np.float32)
        known = np.searchsorted(ids, near.ids)
        scores[known] = near.scores
        others = np.ones(len(ids), bool)
        others[known] = False
        scores[others] = self.source.scores(direction.vector, ids[others])
        return direction.background.z(scores)

    def _of_text(self, vector: Vector) -> _Part:
        return self._measured(vector, Background(self.calibration.text_mean, self.calibration.text_deviation))

    def _of_image(self, term: ImageTerm) -> _Part:
        prior = Background(self.calibration.image_mean, self.calibration.image_deviation)
        return self._measured(self.vectors.of_image(term), prior)

    def _measured(self, vector: Vector, prior: Background) -> _Part:
        scores = products(self.sample.of(self.source), vector)
        return _Part(vector, scores, measure(scores, prior))


class BackgroundSample:
    """Vectors that stand for the whole of a space; drawn anew once it has grown or shrunk by a fifth."""

    def __init__(self) -> None:
        self._drawn: tuple[int, Vector] | None = None

    def of(self, source: NeighbourSource) -> Vector:
        """Return the sample `[n, dimension]`."""
        size = len(source)
        if self._drawn is None or abs(size - self._drawn[0]) > self._drawn[0] // 5:
            self._drawn = size, source.sample(SAMPLE_SIZE, seed=0)
        return self._drawn[1]


def products(vectors: Vector, query: Vector) -> NDArray[np.float32]:
    """Return the inner products `[n]` of vectors `[n, dimension]` with one query.

    Not by `@`: BLAS would wake its threads for it, and wait for a core that is busy indexing.
    """
    found: NDArray[np.float32] = np.einsum("ij,j->i", vectors, query)
    return found
