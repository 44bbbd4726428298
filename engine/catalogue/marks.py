"""What people say of pictures: tags, ratings, notes, and that they must never be sent.

Kept by content, so that copies share it and a file that is moved keeps it; a file that is saved anew takes it along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.catalogue.database import Database

HIGHEST_RATING = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of one content."""

    rating: int = 0
    note: str = ""
    never_send: bool = False
    tags: tuple[str, ...] = ()


class Marks:
    """Reads and writes marks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, content_ids: Sequence[int]) -> dict[int, Mark]:
        """Return the marks of those contents that have any, by content id."""
        tags: dict[int, list[str]] = {}
        sql = "SELECT content_id, tag FROM tags WHERE content_id IN ({ids}) ORDER BY tag"
        for content_id, tag in self._database.rows_among(sql, content_ids):
            tags.setdefault(content_id, []).append(tag)
        found = {content_id: Mark(tags=tuple(names)) for content_id, names in tags.items()}
        sql = "SELECT content_id, rating, note, never_send FROM marks WHERE content_id IN ({ids})"
        for content_id, rating, note, never_send in self._database.rows_among(sql, content_ids):
            found[content_id] = Mark(rating, note, bool(never_send), tuple(tags.get(content_id, ())))
        return found

    def tag(self, content_ids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and remove tags; spaces around them do not count, and an empty one is none."""
        added = [name for name in (" ".join(tag.split()) for tag in add) if name]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO tags (content_id, tag) VALUES (?, ?)",
                [(content_id, tag) for content_id in content_ids for tag in added],
            )
            connection.executemany(
                "DELETE FROM tags WHERE content_id = ? AND tag = ?",
                [(content_id, tag) for content_id in content_ids for tag in remove],
            )

    def tag_counts(self) -> dict[str, int]:
        """Return every tag with how many assets have it, by name."""
        rows = self._database.rows(
            "SELECT t.tag, count(*) FROM tags t JOIN assets a ON a.content_id = t.content_id"
            " WHERE a.presence <> 'missing' GROUP BY t.tag ORDER BY t.tag"
        )
        return {str(tag): int(count) for tag, count in rows}

    def rate(self, content_ids: Sequence[int], rating: int) -> None:
        """Set the stars, 0 for none."""
        self._set("rating", content_ids, max(0, min(rating, HIGHEST_RATING)))

    def note(self, content_id: int, text: str) -> None:
        """Write a note in place of the former one."""
        self._set("note", (content_id,), text)

    def set_never_send(self, content_ids: Sequence[int], never_send: bool) -> None:
        """Say whether these pictures may ever leave the machine."""
        self._set("never_send", content_ids, int(never_send))

    def take_along(self, asset_id: int, content_id: int) -> None:
        """Say of a new content what was said of what the asset was before; other files that still are that keep it."""
        with self._database.write() as connection:
            (former,) = connection.execute(
                "SELECT coalesce(content_id, former_content_id) FROM assets WHERE id = ?", (asset_id,)
            ).fetchone()
            tags = connection.execute(
                "INSERT OR IGNORE INTO tags (content_id, tag) SELECT ?, tag FROM tags WHERE content_id = ?",
                (content_id, former),
            )
            marks = connection.execute(
                "INSERT INTO marks (content_id, rating, note, never_send)"
                " SELECT ?, rating, note, never_send FROM marks WHERE content_id = ?"
                " ON CONFLICT (content_id) DO UPDATE SET never_send = max(never_send, excluded.never_send)",
                (content_id, former),
            )
            words = self._take_words_along(former, content_id)
            if (tags.rowcount or marks.rowcount or words) and not self._is_shared(former, asset_id):
                connection.execute("DELETE FROM tags WHERE content_id = ?", (former,))
                connection.execute("DELETE FROM marks WHERE content_id = ?", (former,))
                connection.execute("DELETE FROM descriptions WHERE content_id = ? AND edited", (former,))

    def _take_words_along(self, former: int | None, content_id: int) -> bool:
        """Take the user's own description along; what a model said is of the picture as it was."""
        with self._database.write() as connection:
            taken = connection.execute(
                "INSERT OR IGNORE INTO descriptions (content_id, text, author, edited, written_at)"
                " SELECT ?, text, author, edited, written_at FROM descriptions WHERE content_id = ? AND edited",
                (content_id, former),
            )
            if taken.rowcount:
                connection.execute(
                    "INSERT OR REPLACE INTO description_words (rowid, words)"
                    " SELECT ?, words FROM description_words WHERE rowid = ?",
                    (content_id, former),
                )
        return bool(taken.rowcount)

    def copied(self) -> list[int]:
        """Return the contents that several assets share, those aside whose copies are kept on purpose."""
        rows = self._database.rows(
            "SELECT content_id FROM assets WHERE presence <> 'missing' AND content_id IS NOT NULL"
            " AND content_id NOT IN (SELECT content_id FROM kept_copies) GROUP BY content_id HAVING count(*) > 1"
        )
        return [int(row[0]) for row in rows]

    def kept_copies(self) -> frozenset[int]:
        """Return the contents whose copies are kept on purpose."""
        return frozenset(int(row[0]) for row in self._database.rows("SELECT content_id FROM kept_copies"))

    def keep_copies(self, content_ids: Sequence[int]) -> None:
        """Remember that these copies are there on purpose."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO kept_copies (content_id) VALUES (?)", [(one,) for one in content_ids]
            )

    def reopen_copies(self, content_ids: Sequence[int]) -> None:
        """Forget that these copies were there on purpose."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM kept_copies WHERE content_id = ?", [(one,) for one in content_ids])

    def _is_shared(self, content_id: int, asset_id: int) -> bool:
        with self._database.write() as connection:
            others = "SELECT 1 FROM assets WHERE id <> ? AND ? IN (content_id, former_content_id) LIMIT 1"
            return connection.execute(others, (asset_id, content_id)).fetchone() is not None

    def _set(self, column: str, content_ids: Sequence[int], value: int | str) -> None:
        with self._database.write() as connection:
            connection.executemany(
                f"INSERT INTO marks (content_id, {column}) VALUES (?, ?)"
                f" ON CONFLICT (content_id) DO UPDATE SET {column} = excluded.{column}",
                [(content_id, value) for content_id in content_ids],
            )
