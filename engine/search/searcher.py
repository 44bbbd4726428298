"""Answers a query: terms become one vector, the vector becomes neighbours, neighbours and names become hits.

A term contributes its vector divided by the deviation of its own scores in this library, so that a text (whose cosines
are small and narrow) and an image (whose cosines are large and wide) weigh the same in one inner product.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.filters import Allowed, Filters
from engine.catalogue.names import Names
from engine.catalogue.shown_assets import Asset, ShownAssets
from engine.embedding.encoder import Calibration
from engine.search.calibration import Background, measure
from engine.search.neighbours import NeighbourSource
from engine.search.query import ImageTerm, Query, TextTerm
from engine.search.ranking import Band, RankedContents, band_of, name_shares, rank

SAMPLE_SIZE = 2048
LOOK_AHEAD = 32

Vector = NDArray[np.float32]


class SearchStopped(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An asset that answers a query: score 0…1, its band, and the share of the query's words in its name."""

    asset: Asset
    score: float
    band: Band
    named: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits; `total` is how many assets further pages lead to, `took_ms` the time of all of it."""

    hits: tuple[Hit, ...]
    total: int
    took_ms: float


@dataclass(frozen=True, slots=True)
class TermVectors:
    """How terms become vectors `[dimension]`, L2-normalised; a text's is on its way while names are looked up."""

    of_text: Callable[[str], Future[Vector]]
    of_image: Callable[[ImageTerm], Vector]


@dataclass(frozen=True, slots=True)
class _Direction:
    vector: Vector
    background: Background


class Searcher:
    """Searches one encoder's vectors. Thread-safe as far as its collaborators are."""

    def __init__(
        self,
        source: NeighbourSource,
        vectors: TermVectors,
        calibration: Calibration,
        catalogue: tuple[ShownAssets, Names, Filters],
    ) -> None:
        self._source = source
        self._vectors = vectors
        self._calibration = calibration
        self._shown, self._names, self._filters = catalogue
        self._sample: Vector | None = None
        self._sampled_at = 0

    def search(
        self, query: Query, limit: int, offset: int = 0, stopped: Callable[[], bool] = lambda: False
    ) -> SearchResult:
        """Return hits `offset … offset + limit`. The files of image terms are not among them.

        Raises SearchStopped between two stages once `stopped` says so.
        """
        started = time.perf_counter()
        allowed = None if query.filter.passes_all() else self._filters.apply(query.filter)
        coming = [self._vectors.of_text(term.text) for term in query.terms if isinstance(term, TextTerm)]
        shares = self._name_shares(query.text, allowed)
        texts = [vector.result() for vector in coming]
        _go_on_unless(stopped)
        direction = self._direction(query, texts)
        wanted = offset + limit + len(query.images)
        hits: list[Hit] = []
        depth = wanted + LOOK_AHEAD
        reach = len(self._source) if allowed is None else len(allowed.contents)
        while True:
            _go_on_unless(stopped)
            ranked = self._ranked(direction, shares, depth, allowed)
            hits = self._hits(ranked, wanted, allowed, set(query.images))
            if len(hits) >= offset + limit or depth >= reach:
                break
            depth *= 4
        total = self._shown.count() if allowed is None else len(allowed.assets)
        return SearchResult(tuple(hits[offset : offset + limit]), total, (time.perf_counter() - started) * 1000)

    def _direction(self, query: Query, texts: Sequence[Vector]) -> _Direction:
        """Return the one direction that all terms add up to; `texts` are the text terms' vectors, in their order."""
        vectors = iter(texts)
        parts = [(term.weight, self._term(term, vectors)) for term in query.terms]
        vector = np.sum([weight * part.vector / part.background.deviation for weight, part in parts], axis=0)
        mean = sum(weight * part.background.mean / part.background.deviation for weight, part in parts)
        spread = float(np.sqrt(sum(weight**2 for weight, _ in parts)))
        sample = self._background_sample()
        return _Direction(
            vector.astype(np.float32), measure(_products(sample, vector), Background(float(mean), spread))
        )

    def _term(self, term: TextTerm | ImageTerm, texts: Iterator[Vector]) -> _Direction:
        usual = self._calibration
        if isinstance(term, TextTerm):
            vector = next(texts)
            prior = Background(usual.text_mean, usual.text_deviation)
        else:
            vector = self._vectors.of_image(term)
            prior = Background(usual.image_mean, usual.image_deviation)
        return _Direction(vector, measure(_products(self._background_sample(), vector), prior))

    def _background_sample(self) -> Vector:
        size = len(self._source)
        if self._sample is None or abs(size - self._sampled_at) > self._sampled_at // 5:
            self._sample = self._source.sample(SAMPLE_SIZE, seed=0)
            self._sampled_at = size
        return self._sample

    def _ranked(
        self, direction: _Direction, shares: dict[int, float], depth: int, allowed: Allowed | None
    ) -> RankedContents:
        contents = None if allowed is None else allowed.contents
        near = self._source.search(direction.vector, depth, contents)
        apart = np.setdiff1d(np.fromiter(shares, np.int64, len(shares)), near.ids)
        ids = np.concatenate([near.ids, apart])
        scores = np.concatenate([near.scores, self._source.scores(direction.vector, apart)])
        return rank(ids, direction.background.z(scores), shares)

    def _name_shares(self, text: str, allowed: Allowed | None) -> dict[int, float]:
        if not text:
            return {}
        size = max(len(self._source), 1)
        shares = name_shares(self._names.find(text, size), size)
        if allowed is None:
            return shares
        passing = set(allowed.contents.tolist())
        return {content_id: share for content_id, share in shares.items() if content_id in passing}

    def _hits(self, ranked: RankedContents, wanted: int, allowed: Allowed | None, own: set[Path]) -> list[Hit]:
        hits: list[Hit] = []
        passing = None if allowed is None else set(allowed.assets.tolist())
        for start in range(0, len(ranked.ids), wanted):
            ids = ranked.ids[start : start + wanted].tolist()
            assets = self._shown.of_contents(ids)
            for index, content_id in enumerate(ids, start):
                score = float(ranked.scores[index])
                hits.extend(
                    Hit(asset, score, band_of(score), float(ranked.named[index]))
                    for asset in assets.get(content_id, ())
                    if asset.path not in own and (passing is None or asset.id in passing)
                )
            if len(hits) >= wanted:
                break
        return hits


def _go_on_unless(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise SearchStopped


def _products(vectors: Vector, query: Vector) -> NDArray[np.float32]:
    """Return the inner products `[n]` of vectors `[n, dimension]` with one query.

    Not by `@`: BLAS would wake its threads for it, and wait for a core that is busy indexing.
    """
    products: NDArray[np.float32] = np.einsum("ij,j->i", vectors, query)
    return products
