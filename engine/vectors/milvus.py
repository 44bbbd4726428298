"""The Milvus adapter: one encoder's collection, embedded or on a server, with the same calls for both.

Used by `store` alone; writes come from one thread, searches from any. It follows the routine that keeps Milvus Lite
from losing rows: flush before the first write, small batches, regular flushes, no write after a failed flush.
Invariant: once `is_damaged`, the content is unknown until it has been compared with the catalogue again.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from blake3 import blake3
from pymilvus import DataType, MilvusClient

from engine.errors import PropmasterError, VectorStoreFailed
from engine.vectors.faults import translated
from engine.vectors.lite_server import LiteServer
from engine.vectors.location import Embedded, Location
from engine.vectors.milvus_search import CollectionSearch
from engine.vectors.rows import check_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.vectors.neighbours import Ids, Neighbours, Vectors
    from engine.vectors.roster import Page

_BATCH_ROWS = 500
_FLUSH_ROWS = 8_000
_PAGE_ROWS = 16_384
_CONNECT_SECONDS = 10.0
_CALL_SECONDS = 120.0
_LONG_CALL_SECONDS = 3_600.0


class MilvusCollection:
    """An open collection of `id`, `ver`, `vec`."""

    def __init__(self, location: Location, encoder_name: str, dimension: int) -> None:
        """Open or create the collection. Raises LibraryBusy, DiskFull, DataDirectoryUnusable or VectorStoreFailed."""
        _keep_quiet()
        self.name = collection_name(encoder_name)
        self.is_damaged = False
        self._dimension = dimension
        self._location = location
        self._refuses_writes = False
        self._unflushed = 0
        self._row_estimate = 0
        self._lite = LiteServer(location.directory) if isinstance(location, Embedded) else None
        self._client: MilvusClient | None = None
        try:
            self._connect()
            self._open_collection()
        except BaseException:
            self.close()
            raise

    def upsert(self, ids: Ids, versions: Ids, vectors: Vectors) -> None:
        """Store vectors `[n, dimension]`, finite and not zero. Raises DiskFull or VectorStoreFailed."""
        check_vectors(vectors, ids.size, self._dimension)
        for start in range(0, ids.size, _BATCH_ROWS):
            batch = slice(start, start + _BATCH_ROWS)
            columns = ids[batch].tolist(), versions[batch].tolist(), vectors[batch].astype(np.float32)
            rows = [{"id": id_, "ver": version, "vec": vector} for id_, version, vector in zip(*columns, strict=True)]
            with self._writing(len(rows)):
                self._milvus.upsert(self.name, rows, timeout=_CALL_SECONDS)
        self._row_estimate += ids.size

    def delete(self, ids: Ids) -> None:
        """Remove the ids; unknown ones are ignored. Raises like `upsert`."""
        for start in range(0, ids.size, _BATCH_ROWS):
            batch = ids[start : start + _BATCH_ROWS].tolist()
            with self._writing(len(batch)):
                self._milvus.delete(self.name, ids=batch, timeout=_CALL_SECONDS)

    def flush(self) -> None:
        """Make what was written durable. Raises DiskFull or VectorStoreFailed, after which writes are refused."""
        self._refuse_if_broken()
        try:
            with translated("saving vectors"):
                self._milvus.flush(self.name, timeout=_LONG_CALL_SECONDS)
        except PropmasterError:
            # Milvus Lite drops the rows of a failed flush from memory, and the next flush deletes their log. A second
            # flush would find nothing to do and succeed, so only opening anew tells what is left.
            self.is_damaged = self._refuses_writes = True
            raise
        self._unflushed = 0

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Ids | None = None) -> Neighbours:
        """Return the best k, at most 16,384, for a query `[dimension]` of any length, with exact inner products."""
        return self._search.search(query, k, allowed, self._row_estimate)

    def prepare_search(self) -> None:
        """Build and load the index now; `search` does so by itself, but then the user waits."""
        self._search.prepare()

    def count(self) -> int:
        """Return the number of rows, unflushed ones included."""
        with translated("counting vectors"):
            answer = self._milvus.query(
                self.name, output_fields=["count(*)"], consistency_level="Strong", timeout=_CALL_SECONDS
            )
        self._row_estimate = int(answer[0]["count(*)"])
        return self._row_estimate

    def versions(self) -> Iterator[Page]:
        """Yield pages of ids and versions, int64 each. Raises VectorStoreFailed."""
        with translated("listing vectors"):
            pages = self._milvus.query_iterator(
                self.name, batch_size=_PAGE_ROWS, output_fields=["id", "ver"], timeout=_LONG_CALL_SECONDS
            )
        try:
            while True:
                with translated("listing vectors"):
                    rows = pages.next()
                if not rows:
                    return
                yield (
                    np.fromiter((row["id"] for row in rows), np.int64, len(rows)),
                    np.fromiter((row["ver"] for row in rows), np.int64, len(rows)),
                )
        finally:
            pages.close()

    def drop(self) -> None:
        """Delete the collection with all rows; close it afterwards."""
        with translated("dropping the collection"):
            self._milvus.drop_collection(self.name, timeout=_CALL_SECONDS)

    def close(self) -> None:
        """Let go of the connection, and of the embedded server with its threads, port and lock; flush first."""
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._lite is not None:
            self._lite.close()
            self._lite = None

    @property
    def _milvus(self) -> MilvusClient:
        if self._client is None:
            raise VectorStoreFailed("The vector database is closed")
        return self._client

    def _connect(self) -> None:
        location = self._location
        # A proxy of the environment must not be asked for the loopback address.
        options = {"grpc.enable_http_proxy": 0} if self._lite is not None else {}
        uri, token = (self._lite.uri, "") if self._lite is not None else (location.uri, location.token)  # type: ignore[union-attr]
        with translated(f"connecting to {uri}"):
            # A connection of its own: a shared one outlives the client, and is found again under a reused port.
            self._client = MilvusClient(
                uri=uri, token=token, timeout=_CONNECT_SECONDS, dedicated=True, grpc_options=options
            )

    def _open_collection(self) -> None:
        with translated("opening the collection"):
            if not self._milvus.has_collection(self.name, timeout=_CALL_SECONDS):
                self._create_collection()
            self._check_schema()
        kinds = ("FLAT",) if _faiss_cannot_open(self._location) else ("HNSW_SQ", "HNSW")
        self._search = CollectionSearch(self._milvus, self.name, kinds)
        indexed = self._search.has_index()
        # Embedded, the index waits for the first search: the exact index answers there, and building this one
        # costs several times what storing the vectors costs.
        if indexed or self._lite is None:
            self.prepare_search()
        if self._lite is not None:
            # Heals keys that come back twice after a kill, and must come before the first write.
            self.flush()
        self.count()

    def _create_collection(self) -> None:
        schema = self._milvus.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("ver", DataType.INT64)
        schema.add_field("vec", DataType.FLOAT_VECTOR, dim=self._dimension)
        self._milvus.create_collection(self.name, schema=schema, consistency_level="Strong", timeout=_CALL_SECONDS)

    def _check_schema(self) -> None:
        described = self._milvus.describe_collection(self.name, timeout=_CALL_SECONDS)
        fields = {field["name"]: field for field in described["fields"]}
        dimension = fields["vec"]["params"].get("dim") if "vec" in fields else None
        if set(fields) != {"id", "ver", "vec"} or int(dimension or 0) != self._dimension:
            raise VectorStoreFailed(
                f"The collection {self.name} has another shape than {self._dimension} dimensions",
                "Drop it, or rebuild it from the settings.",
            )

    @contextmanager
    def _writing(self, rows: int) -> Iterator[None]:
        self._refuse_if_broken()
        try:
            with translated("storing vectors"):
                yield
        except PropmasterError:
            self.is_damaged = True
            # Saves what is in memory and starts a new log; a record torn by the failure would hide all that follow it.
            self.flush()
            raise
        self._unflushed += rows
        if self._lite is not None and self._unflushed >= _FLUSH_ROWS:
            self.flush()

    def _refuse_if_broken(self) -> None:
        if self._refuses_writes:
            raise VectorStoreFailed(
                "The vector database takes no more vectors after a failed write",
                "Restart Propmaster; the vector database is then repaired from the catalogue.",
            )


def collection_name(encoder_name: str) -> str:
    """Return a name of letters, digits and underscores that no other encoder gets."""
    readable = re.sub(r"[^A-Za-z0-9]+", "_", encoder_name).strip("_")[:40]
    return f"propmaster_{readable}_{blake3(encoder_name.encode()).hexdigest(length=6)}"


def _faiss_cannot_open(location: Location) -> bool:
    # https://github.com/facebookresearch/faiss/issues/3073
    return sys.platform == "win32" and isinstance(location, Embedded) and not str(location.directory).isascii()


def _keep_quiet() -> None:
    """Keep the chatter of Milvus and gRPC off the user's terminal: what matters is raised."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    # pymilvus hangs handlers for stderr on its loggers when it is imported; gRPC logs each call that Lite lacks.
    for name in ("pymilvus", "pymilvus.milvus_client", "pymilvus.bulk_writer", "milvus_lite", "grpc._server"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
