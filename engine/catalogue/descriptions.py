"""What pictures show, in words: written by an encoder's model, corrected by the user, found by full-text search.

Kept by content. Invariant: what the user wrote is never overwritten by a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.catalogue.database import Database
from engine.catalogue.names import words_of


@dataclass(frozen=True, slots=True)
class Description:
    """The words for one content; `author` is the encoder that wrote it first, empty where only the user did."""

    text: str
    author: str
    edited: bool


class Descriptions:
    """Reads and writes descriptions, with their words for full-text search."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, content_ids: Sequence[int]) -> dict[int, Description]:
        """Return the descriptions of those contents that have one, by content id."""
        sql = "SELECT content_id, text, author, edited FROM descriptions WHERE content_id IN ({ids})"
        rows = self._database.rows_among(sql, content_ids)
        return {row[0]: Description(row[1], row[2], bool(row[3])) for row in rows}

    def keep(self, content_id: int, text: str, author: str) -> str:
        """Keep what a model said and return the description that holds: the user's own, if there is one."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO descriptions (content_id, text, author, written_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (content_id) DO UPDATE SET text = excluded.text, author = excluded.author,"
                " written_at = excluded.written_at WHERE NOT edited",
                (content_id, text, author, _now()),
            )
            return self._index(content_id)

    def edit(self, content_id: int, text: str, encoders: Sequence[str]) -> None:
        """Put the user's words in place of what there was; without any, the description is forgotten.

        The vectors of these `encoders`, which see pictures through words, are deleted with the former ones: each takes
        the new words when it is next run, without asking what the picture shows.
        """
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM embeddings WHERE content_id = ? AND encoder_id = (SELECT id FROM encoders WHERE name = ?)",
                [(content_id, encoder) for encoder in encoders],
            )
            if text.strip():
                connection.execute(
                    "INSERT INTO descriptions (content_id, text, author, edited, written_at) VALUES (?, ?, '', 1, ?)"
                    " ON CONFLICT (content_id) DO UPDATE SET text = excluded.text, edited = 1,"
                    " written_at = excluded.written_at",
                    (content_id, text.strip(), _now()),
                )
            else:
                connection.execute("DELETE FROM descriptions WHERE content_id = ?", (content_id,))
            self._index(content_id)

    def _index(self, content_id: int) -> str:
        """Bring the words of one description into step, and return its text."""
        with self._database.write() as connection:
            row = connection.execute("SELECT text FROM descriptions WHERE content_id = ?", (content_id,)).fetchone()
            connection.execute("DELETE FROM description_words WHERE rowid = ?", (content_id,))
            text = "" if row is None else str(row[0])
            connection.execute(
                "INSERT INTO description_words (rowid, words) VALUES (?, ?)", (content_id, words_of(text))
            )
        return text


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
