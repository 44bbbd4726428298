"""Rows of contents: what the bytes of a file are, whichever assets hold them, and the colours they show."""

from __future__ import annotations

from engine.catalogue.database import Database
from engine.images.picture import ImageFacts


class Contents:
    """Reads and writes content rows, keyed by the hash of the file's bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, content_hash: bytes) -> int | None:
        """Return the id of the content with this hash."""
        rows = self._database.rows("SELECT id FROM contents WHERE hash = ?", (content_hash,))
        return int(rows[0][0]) if rows else None

    def put(self, content_hash: bytes, facts: ImageFacts) -> int:
        """Record what was learnt of a content and return its id."""
        with self._database.write() as connection:
            row = connection.execute(
                "INSERT INTO contents (hash, format, width, height, frames, has_alpha, captured_at, camera)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET format = excluded.format,"
                " width = excluded.width, height = excluded.height, frames = excluded.frames,"
                " has_alpha = excluded.has_alpha, captured_at = excluded.captured_at, camera = excluded.camera"
                " RETURNING id",
                (
                    content_hash,
                    facts.format,
                    facts.width,
                    facts.height,
                    facts.frames,
                    facts.has_alpha,
                    facts.captured_at,
                    facts.camera,
                ),
            ).fetchone()
            content_id = int(row[0])
            connection.execute("DELETE FROM colours WHERE content_id = ?", (content_id,))
            connection.executemany(
                "INSERT INTO colours (content_id, l, a, b, share) VALUES (?, ?, ?, ?, ?)",
                [(content_id, colour.l, colour.a, colour.b, colour.share) for colour in facts.palette],
            )
        return content_id

    def colours(self, content_id: int) -> list[tuple[float, float, float, float]]:
        """Return OKLab and share of the dominant colours, the largest first."""
        rows = self._database.rows(
            "SELECT l, a, b, share FROM colours WHERE content_id = ? ORDER BY share DESC", (content_id,)
        )
        return [(float(row[0]), float(row[1]), float(row[2]), float(row[3])) for row in rows]

    def captured(self, content_id: int) -> tuple[str, str]:
        """Return when and with what a photograph was taken; empty where nobody said."""
        rows = self._database.rows("SELECT captured_at, camera FROM contents WHERE id = ?", (content_id,))
        return (str(rows[0][0] or ""), str(rows[0][1] or "")) if rows else ("", "")

    def forget_orphans(self) -> list[tuple[int, str]]:
        """Delete contents that no asset has any more; return their ids and hashes (hex).

        Those that someone tagged, rated, noted or described stay, so that a folder that comes back has what was said
        of it, and paid for.
        """
        orphaned = (
            "id NOT IN (SELECT content_id FROM assets WHERE content_id IS NOT NULL)"
            " AND id NOT IN (SELECT content_id FROM marks) AND id NOT IN (SELECT content_id FROM tags)"
            " AND id NOT IN (SELECT content_id FROM descriptions)"
        )
        with self._database.write() as connection:
            rows = connection.execute(f"SELECT id, lower(hex(hash)) FROM contents WHERE {orphaned}").fetchall()
            connection.executemany("DELETE FROM contents WHERE id = ?", [(row[0],) for row in rows])
        return [(int(row[0]), str(row[1])) for row in rows]
