"""Answers a query: terms become one direction, the direction finds neighbours, neighbours and names become hits.

A second space may have a say in the order of what it knows: `engine.search.fusing`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.filters import Allowed, Filters
from engine.catalogue.names import Names
from engine.catalogue.shown_assets import Asset, ShownAssets
from engine.errors import PropmasterError
from engine.search.fusing import finders, fuse
from engine.search.meaning import Direction, Meaning, Z
from engine.search.query import Query
from engine.search.ranking import Band, RankedContents, band_of, name_shares, rank
from engine.search.second import Opinion, SearchStopped, SecondSpace
from engine.vectors.neighbours import Neighbours

LOOK_AHEAD = 32


@dataclass(frozen=True, slots=True)
class Hit:
    """An asset that answers a query: score 0…1, its band, and the share of the query's words in its name.

    `found_by` are the encoders whose spaces found it; empty where its name alone did.
    """

    asset: Asset
    score: float
    band: Band
    named: float
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits; `total` is how many assets further pages lead to, `took_ms` the time of all of it.

    `silence` says why the second space, where there is one, had no say.
    """

    hits: tuple[Hit, ...]
    total: int
    took_ms: float
    silence: PropmasterError | None = None


@dataclass(frozen=True, slots=True)
class _Aim:
    """Where to look: in the searched space, and in the second one if it answered."""

    first: Direction
    second: Opinion | None


@dataclass(frozen=True, slots=True)
class _Found:
    """Contents in their order, and the encoders that found each."""

    ranked: RankedContents
    found_by: Sequence[tuple[str, ...]]


class Searcher:
    """Searches one encoder's vectors. Thread-safe as far as its collaborators are."""

    def __init__(self, meaning: Meaning, catalogue: tuple[ShownAssets, Names, Filters]) -> None:
        self._meaning = meaning
        self._shown, self._names, self._filters = catalogue

    def search(
        self,
        query: Query,
        limit: int,
        offset: int = 0,
        stopped: Callable[[], bool] = lambda: False,
        second: SecondSpace | None = None,
    ) -> SearchResult:
        """Return hits `offset … offset + limit`. The files of image terms are not among them.

        Raises SearchStopped between two stages once `stopped` says so.
        """
        started = time.perf_counter()
        asked = None if second is None else second.begin(query)
        allowed = None if query.filter.passes_all() else self._filters.apply(query.filter)
        coming = self._meaning.begin_texts(query)
        shares = self._name_shares(query.text, allowed)
        texts = [vector.result() for vector in coming]
        if asked is not None and stopped():
            asked.withdraw()
        _go_on_unless(stopped)
        first = self._meaning.direction(query, texts)
        answer = None if second is None or asked is None else second.wait_for(asked, stopped)
        aim = _Aim(first, answer if isinstance(answer, Opinion) else None)
        wanted = offset + limit + len(query.images)
        hits: list[Hit] = []
        depth = wanted + LOOK_AHEAD
        reach = len(self._meaning.source) if allowed is None else len(allowed.contents)
        while True:
            _go_on_unless(stopped)
            found = self._found(aim, shares, depth, allowed)
            hits = self._hits(found, wanted, allowed, set(query.images))
            if len(hits) >= offset + limit or depth >= reach:
                break
            depth *= 4
        total = self._shown.count() if allowed is None else len(allowed.assets)
        silence = answer if isinstance(answer, PropmasterError) else None
        took_ms = (time.perf_counter() - started) * 1000
        return SearchResult(tuple(hits[offset : offset + limit]), total, took_ms, silence)

    def _found(self, aim: _Aim, shares: dict[int, float], depth: int, allowed: Allowed | None) -> _Found:
        contents = None if allowed is None else allowed.contents
        near = self._meaning.nearest(aim.first, depth, contents)
        far = Neighbours.none()
        if aim.second is not None:
            far = aim.second.meaning.nearest(aim.second.direction, depth, contents)
        named = np.fromiter(shares, np.int64, len(shares))
        ids = np.unique(np.concatenate([near.ids, far.ids, named]))
        first = self._meaning.z(aim.first, ids, near)
        if aim.second is None:
            second = np.full(len(ids), np.nan, np.float32)
        else:
            second = aim.second.meaning.z(aim.second.direction, ids, far)
        ranked = rank(ids, fuse(first, second), shares)
        names = (self._meaning.name, "" if aim.second is None else aim.second.meaning.name)
        return _Found(ranked, _found_by(names, first, second, np.searchsorted(ids, ranked.ids)))

    def _name_shares(self, text: str, allowed: Allowed | None) -> dict[int, float]:
        if not text:
            return {}
        size = max(len(self._meaning.source), 1)
        shares = name_shares(self._names.find(text, size), size)
        if allowed is None:
            return shares
        passing = set(allowed.contents.tolist())
        return {content_id: share for content_id, share in shares.items() if content_id in passing}

    def _hits(self, found: _Found, wanted: int, allowed: Allowed | None, own: set[Path]) -> list[Hit]:
        hits: list[Hit] = []
        ranked = found.ranked
        passing = None if allowed is None else set(allowed.assets.tolist())
        for start in range(0, len(ranked.ids), wanted):
            ids = ranked.ids[start : start + wanted].tolist()
            assets = self._shown.of_contents(ids)
            for index, content_id in enumerate(ids, start):
                score = float(ranked.scores[index])
                hits.extend(
                    Hit(asset, score, band_of(score), float(ranked.named[index]), found.found_by[index])
                    for asset in assets.get(content_id, ())
                    if asset.path not in own and (passing is None or asset.id in passing)
                )
            if len(hits) >= wanted:
                break
        return hits


def _found_by(names: tuple[str, str], first: Z, second: Z, order: NDArray[np.intp]) -> list[tuple[str, ...]]:
    """Return the names of the spaces that found each content, in this order of the z-scores `[n]`."""
    ways: tuple[tuple[str, ...], ...] = ((), names[:1], names[1:], names)
    by_first, by_second = finders(first, second)
    return [ways[way] for way in (by_first + 2 * by_second)[order].tolist()]


def _go_on_unless(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise SearchStopped
