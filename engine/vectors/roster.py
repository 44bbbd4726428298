"""Which ids a vector database holds in which version; compares two such lists.

`Roster` is an unchanging list, `RosterLog` the one that the writer keeps in step. Invariant: ids are unique and
ascending.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from blake3 import blake3

from engine.vectors.neighbours import Ids

if TYPE_CHECKING:
    from collections.abc import Iterable

Page = tuple[Ids, Ids]


@dataclass(frozen=True, slots=True)
class Roster:
    """Ids int64 `[n]`, unique and ascending, with their versions int64 `[n]`."""

    ids: Ids
    versions: Ids
    repeated: Ids
    """Ids that the source gave more than once."""

    def __len__(self) -> int:
        return int(self.ids.size)

    @classmethod
    def gather(cls, pages: Iterable[Page]) -> Self:
        """Read all pages; of an id that comes again the last version counts."""
        ids, versions = _joined(list(pages))
        unique, from_end, times = np.unique(ids[::-1], return_index=True, return_counts=True)
        return cls(unique, versions[::-1][from_end], unique[times > 1])

    @property
    def digest(self) -> str:
        """A name for this content: equal for equal lists, whatever the order they came in."""
        return blake3(self.ids.astype("<i8").tobytes()).update(self.versions.astype("<i8").tobytes()).hexdigest()

    def missing_from(self, held: Roster) -> Ids:
        """Return the ids that `held` lacks, has in another version, or has twice."""
        places = np.searchsorted(held.ids, self.ids)
        inside = places < len(held)
        same = np.zeros(len(self), np.bool_)
        there = places[inside]
        same[inside] = (held.ids[there] == self.ids[inside]) & (held.versions[there] == self.versions[inside])
        return self.ids[~same | np.isin(self.ids, held.repeated)]

    def versions_of(self, ids: Ids) -> Ids:
        """Return the versions of ids that are all in the list."""
        return self.versions[np.searchsorted(self.ids, ids)]


class RosterLog:
    """A roster under change; appending is cheap, reading settles what was appended."""

    def __init__(self, start: Roster) -> None:
        self._settled = start
        self._pending: list[tuple[Ids, Ids, npt.NDArray[np.bool_]]] = []

    def stored(self, ids: Ids, versions: Ids) -> None:
        """Note that the ids are held in these versions."""
        self._pending.append((ids.copy(), versions.copy(), np.ones(ids.size, np.bool_)))

    def removed(self, ids: Ids) -> None:
        """Note that the ids are no longer held."""
        self._pending.append((ids.copy(), np.zeros(ids.size, np.int64), np.zeros(ids.size, np.bool_)))

    def settle(self) -> Roster:
        """Return the roster as it is now."""
        if self._pending:
            start = self._settled
            changes = [(start.ids, start.versions, np.ones(len(start), np.bool_)), *self._pending]
            ids, versions, held = (np.concatenate(column) for column in zip(*changes, strict=True))
            unique, from_end = np.unique(ids[::-1], return_index=True)
            alive = held[::-1][from_end]
            self._settled = Roster(unique[alive], versions[::-1][from_end][alive], np.empty(0, np.int64))
            self._pending.clear()
        return self._settled


def _joined(pages: list[Page]) -> Page:
    if not pages:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    ids, versions = zip(*pages, strict=True)
    return np.concatenate(ids).astype(np.int64), np.concatenate(versions).astype(np.int64)
