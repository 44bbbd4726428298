"""Lists of assets that nothing is searched in: which, and in what order. Reads only."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.database import Database
from engine.catalogue.filters import AssetFilter, Filters


class ListOrder(StrEnum):
    """What a list is ordered by; COLOUR goes round the hues of the dominant colours, greys last."""

    NAME = "name"
    DATE = "date"
    SIZE = "size"
    COLOUR = "colour"


class ListSubset(StrEnum):
    """Which assets a list is about: ALL that are known, FAILED to be read, or WAITING to be."""

    ALL = "all"
    FAILED = "failed"
    WAITING = "waiting"


_SUBSETS = {ListSubset.ALL: "1", ListSubset.FAILED: "a.state = 'failed'", ListSubset.WAITING: "a.state = 'listed'"}
_ORDERS = {
    ListOrder.NAME: "lower(a.name), a.name",
    ListOrder.DATE: "a.mtime_ns",
    ListOrder.SIZE: "a.size",
    ListOrder.COLOUR: "a.id",  # sorted by hue afterwards
}
_GREY = 0.02
"""OKLab chroma below which a colour has no hue worth the name."""


class AssetLists:
    """Lists asset ids."""

    def __init__(self, database: Database, filters: Filters) -> None:
        self._database = database
        self._filters = filters

    def ids(self, wanted: AssetFilter, subset: ListSubset, order: ListOrder) -> NDArray[np.int64]:
        """Return the ids, ascending in the order, of the assets, present or offline, that pass."""
        conditions, parameters = self._filters.conditions(wanted)
        rows = self._database.rows(
            "SELECT a.id, a.content_id FROM assets a LEFT JOIN contents c ON c.id = a.content_id"
            f" WHERE a.presence <> 'missing' AND {_SUBSETS[subset]} AND {' AND '.join(conditions)}"
            f" ORDER BY {_ORDERS[order]}, a.id",
            parameters,
        )
        both = np.array([(row[0], row[1] or 0) for row in rows], np.int64).reshape(-1, 2)
        return self._by_colour(both) if order is ListOrder.COLOUR else both[:, 0]

    def _by_colour(self, both: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = self._database.rows("SELECT content_id, a, b, max(share) FROM colours GROUP BY content_id")
        hues = {int(row[0]): np.arctan2(row[2], row[1]) for row in rows if np.hypot(row[1], row[2]) > _GREY}
        keys = np.array([hues.get(content_id, np.inf) for content_id in both[:, 1].tolist()])
        sorted_ids: NDArray[np.int64] = both[np.argsort(keys, kind="stable"), 0]
        return sorted_ids
