"""Makes a collection equal to the truth, row by row, without encoding anything.

Used by `store`. Invariant: `heal` returns only when the collection holds exactly the truth's usable rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from engine.vectors.roster import Page, Roster
from engine.vectors.rows import usable_rows

if TYPE_CHECKING:
    from engine.vectors.milvus import MilvusCollection
    from engine.vectors.neighbours import Ids

_ROWS_AT_A_TIME = 500

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all, on the thread that opened the store."""


class Truth(Protocol):
    """What the owner of the vectors must answer; ids are unique, and every id of `versions` has a vector."""

    def versions(self) -> Iterator[Page]:
        """Yield pages of ids and versions, int64 each, of any size and order."""

    def vectors(self, ids: Ids) -> npt.NDArray[np.float16]:
        """Return float16 `[n, dimension]` in the order of the ids."""


class Cause(StrEnum):
    """Why the collection was compared or rebuilt; the worst that was found."""

    IN_STEP = "in_step"
    NEW = "new"
    SERVER = "server"
    TRUTH_MOVED_ON = "truth_moved_on"
    UNCLEAN_END = "unclean_end"
    FILES_DAMAGED = "files_damaged"
    UNREADABLE = "unreadable"
    FOREIGN_FILE = "foreign_file"
    ASKED_FOR = "asked_for"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What opening found and did: rows of the truth checked, rows written and deleted, rows no database can hold."""

    checked: int
    upserted: int
    deleted: int
    refused: int
    rebuilt: bool
    reason: Cause


@dataclass(frozen=True, slots=True)
class Changes:
    """What `heal` did, and the ids and versions that the collection holds now."""

    upserted: int
    deleted: int
    refused: int
    held: Roster


def heal(collection: MilvusCollection, truth: Truth, wanted: Roster, progress: Progress | None) -> Changes:
    """Write what is missing or stale, delete what is extra. Raises like `MilvusCollection.upsert`."""
    held = Roster.gather(collection.versions())
    missing = wanted.missing_from(held)
    extra = np.setdiff1d(held.ids, wanted.ids)
    # A key that came back twice is deleted first: an upsert alone is not known to remove both.
    repeated = np.intersect1d(held.repeated, wanted.ids)
    collection.delete(np.concatenate((extra, repeated)))
    refused = _fill(collection, truth, wanted, missing, progress)
    kept = ~np.isin(wanted.ids, refused)
    # A row that is refused may still lie there in an older version.
    collection.delete(np.intersect1d(refused, held.ids))
    now_held = Roster(wanted.ids[kept], wanted.versions[kept], np.empty(0, np.int64))
    return Changes(int(missing.size - refused.size), int(extra.size), int(refused.size), now_held)


def _fill(collection: MilvusCollection, truth: Truth, wanted: Roster, missing: Ids, progress: Progress | None) -> Ids:
    refused: list[Ids] = [np.empty(0, np.int64)]
    for start in range(0, missing.size, _ROWS_AT_A_TIME):
        ids = missing[start : start + _ROWS_AT_A_TIME]
        vectors = truth.vectors(ids)
        usable = usable_rows(vectors)
        collection.upsert(ids[usable], wanted.versions_of(ids[usable]), vectors[usable])
        refused.append(ids[~usable])
        if progress:
            progress(start + ids.size, missing.size)
    return np.concatenate(refused)
