"""The vector database of one encoder, kept equal to the catalogue whatever happened to its files.

Used by the library: one writer thread, searches from any. Invariant: after `open` the collection holds the truth's rows
and nothing else; what was damaged is set aside and rebuilt from the truth, never encoded anew. Milvus itself is
opened by the first call that needs it: it costs a second and about 8 MB per 1,000 rows, and the exact
index answers most sessions alone.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Self

from engine.errors import VectorStoreFailed
from engine.vectors.embedded_directory import EmbeddedDirectory
from engine.vectors.healing import Cause, Progress, Reconciliation, Truth, heal
from engine.vectors.location import Embedded, Location
from engine.vectors.roster import Roster, RosterLog
from engine.vectors.seal import Contents, SealState

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from engine.vectors.milvus import MilvusCollection
    from engine.vectors.neighbours import Ids, Neighbours, Vectors


class VectorStore:
    """An open vector database; make it with `open`, end it with `close`."""

    def __init__(
        self, location: Location, encoder_name: str, dimension: int, truth: Truth, progress: Progress | None
    ) -> None:
        self._location = location
        self._encoder_name = encoder_name
        self._dimension = dimension
        self._truth = truth
        self._progress = progress
        self._lock = RLock()
        self._closed = False
        self._collection: MilvusCollection | None = None
        self._log: RosterLog | None = None
        self._directory = EmbeddedDirectory(location.directory) if isinstance(location, Embedded) else None
        try:
            self._reconciliation = self._begin()
        except BaseException:
            self._abandon()
            raise

    @classmethod
    def open(
        cls,
        location: Location,
        encoder_name: str,
        dimension: int,
        truth: Truth,
        progress: Progress | None = None,
    ) -> Self:
        """Open, repair and reconcile. Raises LibraryBusy, DiskFull, DataDirectoryUnusable or VectorStoreFailed."""
        return cls(location, encoder_name, dimension, truth, progress)

    @property
    def reconciliation(self) -> Reconciliation:
        """What the last opening or rebuild found and did."""
        return self._reconciliation

    def upsert(self, ids: Ids, versions: Ids, vectors: Vectors) -> None:
        """Store vectors `[n, dimension]`, finite and not zero (ValueError). Raises DiskFull or VectorStoreFailed."""
        with self._lock:
            collection, log = self._opened()
            collection.upsert(ids, versions, vectors)
            log.stored(ids, versions)

    def delete(self, ids: Ids) -> None:
        """Remove the ids; unknown ones are ignored. Raises DiskFull or VectorStoreFailed."""
        with self._lock:
            collection, log = self._opened()
            collection.delete(ids)
            log.removed(ids)

    def flush(self) -> None:
        """Make what was written durable. Raises DiskFull or VectorStoreFailed."""
        with self._lock:
            if self._collection is not None:
                self._collection.flush()

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Ids | None = None) -> Neighbours:
        """Return the best k by Milvus for a query float32 `[dimension]`, with exact inner products. Any thread."""
        with self._lock:
            collection, _ = self._opened()
        return collection.search(query, k, allowed)

    def prepare_search(self) -> None:
        """Open Milvus and build its index now, so that the first `search` need not."""
        with self._lock:
            self._opened()[0].prepare_search()

    def rebuild(self) -> Reconciliation:
        """Throw the collection away and fill a new one from the truth. Raises like `open`."""
        with self._lock:
            self._refuse_if_closed()
            wanted = self._wanted()
            if self._directory is None:
                self._opened()[0].drop()
                self._let_go()
            else:
                self._let_go()
                self._directory.break_seal()
                self._directory.set_aside()
            self._reconciliation = self._fill(wanted, Cause.ASKED_FOR, rebuilt=True)
            return self._reconciliation

    def close(self) -> None:
        """Save, release, seal. Raises DiskFull, DataDirectoryUnusable or VectorStoreFailed, but is closed even then."""
        with self._lock:
            if self._closed:
                return
            try:
                contents = self._flushed_contents()
                self._let_go()
                if contents is not None and self._directory is not None:
                    self._directory.seal(contents)
            finally:
                self._abandon()

    def _begin(self) -> Reconciliation:
        wanted = self._wanted()
        directory = self._directory
        if directory is None:
            return self._fill(wanted, Cause.SERVER, rebuilt=False)
        sealed = directory.verdict.contents
        intact = directory.verdict.state is SealState.INTACT
        if intact and sealed is not None and (sealed.encoder, sealed.digest) == (self._encoder_name, wanted.digest):
            self._log = RosterLog(wanted)
            return Reconciliation(len(wanted), 0, 0, 0, rebuilt=False, reason=Cause.IN_STEP)
        return self._repair(directory, wanted, _cause(directory))

    def _opened(self) -> tuple[MilvusCollection, RosterLog]:
        self._refuse_if_closed()
        if self._collection is None:
            self._wake()
        assert self._collection is not None
        assert self._log is not None
        return self._collection, self._log

    def _wake(self) -> None:
        """Open Milvus behind a seal that was intact and in step with the truth when the store was opened."""
        directory, log = self._directory, self._log
        if directory is not None and log is not None:
            directory.break_seal()
            try:
                collection = self._open_collection()
            except VectorStoreFailed:
                collection = None
            if collection is not None and collection.count() == len(log.settle()):
                return
            self._let_go()
        if directory is None:
            self._reconciliation = self._fill(self._wanted(), Cause.SERVER, rebuilt=False)
        else:
            self._reconciliation = self._repair(directory, self._wanted(), Cause.UNREADABLE)

    def _repair(self, directory: EmbeddedDirectory, wanted: Roster, cause: Cause) -> Reconciliation:
        beyond_repair = directory.is_beyond_repair
        only_indexes = directory.only_indexes_differ
        directory.break_seal()
        if beyond_repair:
            directory.set_aside()
            return self._fill(wanted, cause, rebuilt=True)
        if only_indexes:
            directory.discard_indexes()
        # From the cheapest remedy to the one that always helps.
        remedies: tuple[Callable[[], None], ...] = (directory.discard_indexes, directory.set_aside)
        for remedy in remedies:
            try:
                return self._fill(wanted, cause, rebuilt=False)
            except VectorStoreFailed:
                cause = Cause.UNREADABLE
                remedy()
        return self._fill(wanted, cause, rebuilt=True)

    def _fill(self, wanted: Roster, cause: Cause, *, rebuilt: bool) -> Reconciliation:
        collection = self._collection or self._open_collection()
        try:
            changes = heal(collection, self._truth, wanted, self._progress)
        except BaseException:
            self._let_go()
            raise
        self._log = RosterLog(changes.held)
        return Reconciliation(
            len(wanted), changes.upserted, changes.deleted, changes.refused, rebuilt=rebuilt, reason=cause
        )

    def _open_collection(self) -> MilvusCollection:
        # Imported by the first session that needs it: pymilvus takes most of a second and 100 MB.
        from engine.vectors.milvus import MilvusCollection

        self._collection = MilvusCollection(self._location, self._encoder_name, self._dimension)
        return self._collection

    def _wanted(self) -> Roster:
        return Roster.gather(self._truth.versions())

    def _flushed_contents(self) -> Contents | None:
        """Save everything; return what may be sealed, or None where the content is not certain."""
        collection, log = self._collection, self._log
        if collection is None or log is None or self._directory is None or collection.is_damaged:
            return None
        collection.flush()
        roster = log.settle()
        certain = collection.count() == len(roster)
        return Contents(self._encoder_name, len(roster), roster.digest) if certain else None

    def _let_go(self) -> None:
        collection, self._collection = self._collection, None
        self._log = None
        if collection is not None:
            collection.close()

    def _abandon(self) -> None:
        self._closed = True
        self._let_go()
        if self._directory is not None:
            self._directory.release()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise VectorStoreFailed("The vector database is closed")


def delete_collection(location: Location, encoder_name: str, dimension: int) -> None:
    """Delete an encoder's vectors for good; nobody may have them open. Raises like `VectorStore.open`."""
    if isinstance(location, Embedded):
        EmbeddedDirectory(location.directory).delete()
        return
    from engine.vectors.milvus import MilvusCollection

    collection = MilvusCollection(location, encoder_name, dimension)
    try:
        collection.drop()
    finally:
        collection.close()


def _cause(directory: EmbeddedDirectory) -> Cause:
    if directory.exists and not directory.path.is_dir():
        return Cause.FOREIGN_FILE
    match directory.verdict.state:
        case SealState.BROKEN:
            return Cause.FILES_DAMAGED
        case SealState.INTACT:
            return Cause.TRUTH_MOVED_ON
        case SealState.ABSENT:
            return Cause.UNCLEAN_END if directory.exists else Cause.NEW
