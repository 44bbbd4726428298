"""The lists that a client reads in: whole plain ones, and search results that grow as far as they are read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine import protocol
from engine.browsing import Browser
from engine.catalogue.asset_lists import ListOrder, ListSubset
from engine.errors import ListUnknown, PropmasterError
from engine.library import Library
from engine.search.query import Query
from engine.search.ranking import Band
from engine.serving.wording import to_filter, to_query, to_row, to_silence

KEPT_LISTS = 4
FIRST_HITS = 400
"""How deep a search looks at first; bands that reach further, and readers who do, make it look on."""
SORTED_HITS = 5_000
"""How deep it looks where another order than relevance holds within the bands."""

_ORDERS = {
    protocol.Sort.RELEVANCE: ListOrder.NAME,
    protocol.Sort.NAME: ListOrder.NAME,
    protocol.Sort.DATE: ListOrder.DATE,
    protocol.Sort.SIZE: ListOrder.SIZE,
    protocol.Sort.COLOUR: ListOrder.COLOUR,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a list; score, band and the encoders that found it in search results."""

    asset_id: int
    score: float | None = None
    band: Band | None = None
    found_by: tuple[str, ...] = ()


class AssetList(Protocol):
    """A list of `total` places."""

    @property
    def total(self) -> int: ...

    def entries(self, offset: int, count: int) -> list[Entry]:
        """Return the places from `offset` on, fewer at the end."""


class PlainList:
    """A list that is known as a whole."""

    def __init__(self, asset_ids: list[int]) -> None:
        self._asset_ids = asset_ids

    @property
    def total(self) -> int:
        return len(self._asset_ids)

    def entries(self, offset: int, count: int) -> list[Entry]:
        return [Entry(asset_id) for asset_id in self._asset_ids[offset : offset + count]]


class HitList:
    """What a search finds, looked for as deep as it is read, and by the one encoder that ranked its beginning."""

    def __init__(self, library: Library, query: Query, order: protocol.Order, stopped: Callable[[], bool]) -> None:
        self._library, self._query, self._order = library, query, order
        self._encoder = library.searched_encoder
        self._lock = threading.Lock()
        self._hits: list[Entry] = []
        self.total = 0
        self.took_ms = 0.0
        self.silence: PropmasterError | None = None
        self._look(FIRST_HITS if order.by is protocol.Sort.RELEVANCE else SORTED_HITS, stopped)
        while self._hits and self._hits[-1].band is not Band.WEAK and len(self._hits) < self.total:
            self._look(len(self._hits) * 4, stopped)

    def count(self, band: Band) -> int:
        """Return how many hits are in a band."""
        return sum(entry.band is band for entry in self._hits)

    def entries(self, offset: int, count: int) -> list[Entry]:
        with self._lock:
            if offset + count > len(self._hits) < self.total:
                if self._library.searched_encoder != self._encoder:
                    raise ListUnknown("another encoder answers searches by now", "search again")
                self._look(max((offset + count) * 2, FIRST_HITS))
            return self._hits[offset : offset + count]

    def _look(self, depth: int, stopped: Callable[[], bool] = lambda: False) -> None:
        result = self._library.search(self._query, depth, stopped=stopped)
        self.took_ms, self.silence = result.took_ms, result.silence
        self._hits = [Entry(hit.asset.id, hit.score, hit.band, hit.found_by) for hit in result.hits]
        # A filter's count includes what has no vector yet; the list ends where hits do.
        self.total = result.total if len(self._hits) >= depth else len(self._hits)
        if self._order.by is not protocol.Sort.RELEVANCE:
            self._sort()

    def _sort(self) -> None:
        wanted = self._query.filter
        order = self._library.browser.list_ids(wanted, ListSubset.ALL, _ORDERS[self._order.by])
        place = {asset_id: at for at, asset_id in enumerate(reversed(order) if self._order.descending else order)}
        bands = list(Band)
        self._hits.sort(key=lambda entry: (bands.index(entry.band or Band.WEAK), place.get(entry.asset_id, len(place))))


class Lists:
    """The last lists of one client, by the id of the search that asked for each."""

    def __init__(self, library: Library) -> None:
        self.closed = threading.Event()
        """Set once the client is gone: nobody waits for an answer any more."""
        self._library = library
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, AssetList] = OrderedDict()

    def open(self, command: protocol.Search, stopped: Callable[[], bool] = lambda: False) -> protocol.SearchCompleted:
        """Make a list and return its beginning. Raises what searching raises, and SearchStopped if told."""
        query = command.query
        made = self._plain(query) if not query.terms else self._hits(query, stopped)
        with self._lock:
            self._kept[command.request_id] = made
            while len(self._kept) > KEPT_LISTS:
                self._kept.popitem(last=False)
        rows = tuple(row for row in rows_of(self._library.browser, made.entries(0, command.rows)) if row is not None)
        if isinstance(made, HitList):
            strong, likely = made.count(Band.STRONG), made.count(Band.LIKELY)
            silence = to_silence(made.silence)
            return protocol.SearchCompleted(command.request_id, made.total, rows, strong, likely, made.took_ms, silence)
        return protocol.SearchCompleted(command.request_id, made.total, rows)

    def find(self, search_id: int) -> AssetList:
        """Return a list that is still kept. Raises ListUnknown."""
        with self._lock:
            if search_id not in self._kept:
                raise ListUnknown("this list is not kept any more", "search again")
            return self._kept[search_id]

    def _plain(self, query: protocol.AssetQuery) -> PlainList:
        subset = ListSubset(query.filter.subset.value)
        ids = self._library.browser.list_ids(to_filter(query.filter), subset, _ORDERS[query.order.by])
        return PlainList(ids[::-1] if query.order.descending else ids)

    def _hits(self, query: protocol.AssetQuery, stopped: Callable[[], bool]) -> HitList:
        return HitList(self._library, to_query(query, self._library.browser), query.order, stopped)


def rows_of(browser: Browser, entries: list[Entry]) -> list[protocol.AssetRow | None]:
    """Return the rows of places, None for assets that are no more."""
    found = browser.assets([entry.asset_id for entry in entries])
    return [
        to_row(found[entry.asset_id], entry.score, entry.band, entry.found_by) if entry.asset_id in found else None
        for entry in entries
    ]
