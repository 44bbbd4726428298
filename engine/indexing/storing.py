"""Outcomes and vectors → catalogue, vector database, in-memory index, in this order. One thread.

An interruption between any two steps leaves work to be done again, never a promise that does not hold: the catalogue
has the vector before Milvus does, and marks it as stored after.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.assets import Assets, ReadAsset
from engine.catalogue.contents import Contents
from engine.catalogue.database import Database
from engine.catalogue.embeddings import Embeddings
from engine.errors import DecodeFault
from engine.indexing.reading import FileRead, KnownPicture, NewPicture, Unreadable
from engine.vectors.exact import ExactIndex
from engine.vectors.store import VectorStore


class Storer:
    """The one writer of an index run."""

    def __init__(
        self,
        database: Database,
        rows: tuple[Assets, Contents, Embeddings],
        store: VectorStore,
        index: ExactIndex | None,
    ) -> None:
        self._database = database
        self._assets, self._contents, self._embeddings = rows
        self._store = store
        self._index = index

    def put_new(self, pictures: Sequence[NewPicture], vectors: NDArray[np.float32]) -> None:
        """Store pictures and their vectors `[n, dimension]`, in the same order."""
        with self._database.write():
            content_ids = [self._contents.put(picture.read.hash, picture.facts) for picture in pictures]
            versions = self._embeddings.put(content_ids, vectors)
            for picture, content_id in zip(pictures, content_ids, strict=True):
                self._assets.finish(_as_row(picture.read, content_id))
        # Copies within one batch share a content; the vector database refuses a key twice in one upsert.
        ids, first = np.unique(np.array(content_ids, np.int64), return_index=True)
        self._store.upsert(ids, versions[first], vectors[first])
        self._embeddings.mark_stored(ids.tolist())
        if self._index is not None:
            self._index.add(ids, vectors[first].astype(np.float16))

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


def _as_row(read: FileRead, content_id: int) -> ReadAsset:
    return ReadAsset(read.asset.id, content_id, read.stat, read.racy)
