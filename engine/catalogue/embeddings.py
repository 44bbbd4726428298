"""Rows of embeddings: each content's vector per encoder, float16, and whether the vector database holds it.

This is what the vector database is rebuilt from; a row is marked as stored only after the vector is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.database import Database

PAGE = 4096


class Embeddings:
    """The vectors of one encoder. Implements `engine.vectors.store.Truth`."""

    def __init__(self, database: Database, encoder_name: str, dimension: int) -> None:
        self._database = database
        self.dimension = dimension
        rows = database.rows("SELECT id FROM encoders WHERE name = ?", (encoder_name,))
        if rows:
            self.encoder_id = int(rows[0][0])
            return
        with database.write() as connection:
            row = connection.execute(
                "INSERT INTO encoders (name, dimension) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET dimension = excluded.dimension RETURNING id",
                (encoder_name, dimension),
            ).fetchone()
        self.encoder_id = int(row[0])

    def put(self, content_ids: Sequence[int], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
        """Record vectors `[n, dimension]` as not yet stored in the vector database; return their versions."""
        version = time.time_ns()
        halves = vectors.astype(np.float16)
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO embeddings (encoder_id, content_id, version, vector) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (content_id, encoder_id) DO UPDATE SET version = excluded.version,"
                " vector = excluded.vector, stored = 0",
                [
                    (self.encoder_id, content_id, version, half.tobytes())
                    for content_id, half in zip(content_ids, halves, strict=True)
                ],
            )
        return np.full(len(content_ids), version, np.int64)

    def has(self, content_id: int) -> bool:
        """Return whether this content has a vector of this encoder."""
        sql = "SELECT 1 FROM embeddings WHERE content_id = ? AND encoder_id = ?"
        return bool(self._database.rows(sql, (content_id, self.encoder_id)))

    def known(self, content_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those contents that have a vector of this encoder, in no order."""
        sql = "SELECT content_id FROM embeddings WHERE encoder_id = ? AND content_id IN ({ids})"
        return np.array(
            [row[0] for row in self._database.rows_among(sql, content_ids.tolist(), [self.encoder_id])], np.int64
        )

    def mark_stored(self, content_ids: Iterable[int]) -> None:
        """Record that the vector database holds these vectors."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE embeddings SET stored = 1 WHERE content_id = ? AND encoder_id = ?",
                [(content_id, self.encoder_id) for content_id in content_ids],
            )

    def mark_stored_until(self, moment_ns: int) -> None:
        """Record that the vector database was made equal to this table after this moment (nanoseconds of `time`)."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE embeddings SET stored = 1 WHERE encoder_id = ? AND NOT stored AND version < ?",
                (self.encoder_id, moment_ns),
            )

    def count(self) -> int:
        """Return how many contents have a vector of this encoder."""
        rows = self._database.rows("SELECT count(*) FROM embeddings WHERE encoder_id = ?", (self.encoder_id,))
        return int(rows[0][0])

    def versions(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield (content ids, versions) in pages, by id."""
        sql = "SELECT content_id, version FROM embeddings WHERE encoder_id = ? ORDER BY content_id"
        for page in self._database.pages(sql, (self.encoder_id,), PAGE):
            both = np.array(page, np.int64)
            yield both[:, 0], both[:, 1]

    def vectors(self, content_ids: NDArray[np.int64]) -> NDArray[np.float16]:
        """Return float16 `[n, dimension]` in the order of the ids, each of which must have a vector."""
        ids: list[int] = content_ids.tolist()
        sql = "SELECT content_id, vector FROM embeddings WHERE encoder_id = ? AND content_id IN ({ids})"
        found: dict[int, bytes] = dict(self._database.rows_among(sql, ids, [self.encoder_id]))
        return self._matrix([found[content_id] for content_id in ids])

    def all(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16]]]:
        """Yield (content ids, vectors) in pages, by id."""
        sql = "SELECT content_id, vector FROM embeddings WHERE encoder_id = ? ORDER BY content_id"
        for page in self._database.pages(sql, (self.encoder_id,), PAGE):
            yield np.array([row[0] for row in page], np.int64), self._matrix([row[1] for row in page])

    def find_text(self, text: str) -> NDArray[np.float32] | None:
        """Return the vector of a text that was asked for before."""
        sql = "SELECT vector FROM text_vectors WHERE encoder_id = ? AND text = ?"
        rows = self._database.rows(sql, (self.encoder_id, text))
        return np.frombuffer(rows[0][0], np.float32) if rows else None

    def put_texts(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep the vectors of texts."""
        rows = [(self.encoder_id, text, vector.astype(np.float32).tobytes()) for text, vector in vectors.items()]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO text_vectors (encoder_id, text, vector) VALUES (?, ?, ?)", rows
            )

    def _matrix(self, blobs: Sequence[bytes]) -> NDArray[np.float16]:
        return np.frombuffer(b"".join(blobs), np.float16).reshape(len(blobs), self.dimension)
