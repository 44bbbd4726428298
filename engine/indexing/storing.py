"""Outcomes and vectors → catalogue, in-memory index, vector database, in this order. Driven by one thread.

An interruption between any two steps leaves work to be done again, never a promise that does not hold: the catalogue
has the vector before Milvus does, and marks it as stored after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.assets import Assets, ReadAsset
from engine.catalogue.contents import Contents
from engine.catalogue.database import Database
from engine.catalogue.embeddings import Embeddings
from engine.catalogue.marks import Marks
from engine.errors import DecodeFault
from engine.indexing.reading import FileRead, KnownPicture, NewPicture, Unreadable
from engine.vectors.exact import ExactIndex
from engine.vectors.store import VectorStore

MILVUS_BATCH = 256


class Storer:
    """The one writer of an index run; a context manager, whose end waits until Milvus has everything.

    Milvus is opened and written by a thread of its own, in large batches: opening takes a second, and a small upsert
    costs as much as a large one, nearly all of it waiting.
    """

    def __init__(
        self,
        database: Database,
        rows: tuple[Assets, Contents, Marks, Embeddings],
        open_store: Callable[[], VectorStore],
        index: ExactIndex | None,
    ) -> None:
        self._database = database
        self._assets, self._contents, self._marks, self._embeddings = rows
        self._open_store = open_store
        self._index = index
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="milvus")
        self._under_way: Future[None] | None = None
        self._waiting: list[_Rows] = []

    def __enter__(self) -> Self:
        self._under_way = self._thread.submit(self._open)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._pass_on()
                self._await_milvus()
        finally:
            self._thread.shutdown(wait=True)

    def put_new(self, pictures: Sequence[NewPicture], vectors: NDArray[np.float32]) -> None:
        """Store pictures and their vectors `[n, dimension]`, in the same order."""
        with self._database.write():
            known = [self._contents.find(picture.read.hash) for picture in pictures]
            content_ids = [self._contents.put(picture.read.hash, picture.facts) for picture in pictures]
            versions = self._embeddings.put(content_ids, vectors)
            for picture, content_id, former in zip(pictures, content_ids, known, strict=True):
                # What is in the library already was moved here, and has its own marks.
                if former is None:
                    self._marks.take_along(picture.read.asset.id, content_id)
                self._assets.finish(_as_row(picture.read, content_id))
        rows = _Rows(np.array(content_ids, np.int64), versions, vectors)
        if self._index is not None:
            self._index.add(rows.ids, vectors.astype(np.float16))
        self._waiting.append(rows)
        if sum(len(one.ids) for one in self._waiting) >= MILVUS_BATCH:
            self._pass_on()

    def _pass_on(self) -> None:
        """Hand what has gathered to the Milvus thread, one batch at a time."""
        self._await_milvus()
        if self._waiting:
            rows = _Rows.joined(self._waiting)
            self._waiting = []
            self._under_way = self._thread.submit(self._write_milvus, rows)

    def _await_milvus(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _open(self) -> None:
        self._open_store()

    def _write_milvus(self, rows: _Rows) -> None:
        self._open_store().upsert(rows.ids, rows.versions, rows.vectors)
        self._embeddings.mark_stored(rows.ids.tolist())

    def put_known(self, pictures: Sequence[KnownPicture]) -> None:
        """Record assets whose contents are known: copies, moves, files that were touched but not changed."""
        with self._database.write():
            for picture in pictures:
                self._assets.finish(_as_row(picture.read, picture.content_id))

    def put_unreadable(self, files: Sequence[Unreadable]) -> None:
        """Record why files gave no picture."""
        with self._database.write():
            for file in files:
                if file.error.fault is DecodeFault.VANISHED:
                    self._assets.vanish(file.asset.id)
                else:
                    self._assets.fail(file.asset.id, file.error)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows for Milvus: ids and versions int64 `[n]`, vectors float32 `[n, dimension]`."""

    ids: NDArray[np.int64]
    versions: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @classmethod
    def joined(cls, parts: Sequence[_Rows]) -> Self:
        """Return all rows, the last of each id: copies share a content, and an upsert takes a key only once."""
        ids = np.concatenate([part.ids for part in parts])
        _, from_end = np.unique(ids[::-1], return_index=True)
        last = len(ids) - 1 - from_end
        versions = np.concatenate([part.versions for part in parts])
        vectors = np.concatenate([part.vectors for part in parts])
        return cls(ids[last], versions[last], vectors[last])


def _as_row(read: FileRead, content_id: int) -> ReadAsset:
    return ReadAsset(read.asset.id, content_id, read.stat, read.racy)
