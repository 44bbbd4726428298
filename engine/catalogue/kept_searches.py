"""Searches worth keeping, as their askers write them: under a name, and the last ones that were meant."""

from __future__ import annotations

from engine.catalogue.database import Database

HISTORY_KEPT = 200


class KeptSearches:
    """Reads and writes saved searches and the history; queries are opaque texts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saved(self) -> list[tuple[str, str]]:
        """Return names and queries, by name."""
        return [(str(row[0]), str(row[1])) for row in self._database.rows("SELECT name, query FROM saved_searches")]

    def save(self, name: str, query: str) -> None:
        """Keep a query under a name, in place of one that has it."""
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO saved_searches (name, query) VALUES (?, ?)", (name, query))

    def forget(self, name: str) -> None:
        """Drop a saved search, if there is one of this name."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM saved_searches WHERE name = ?", (name,))

    def history(self, limit: int) -> list[str]:
        """Return the last queries, newest first."""
        rows = self._database.rows("SELECT query FROM search_history ORDER BY id DESC LIMIT ?", (limit,))
        return [str(row[0]) for row in rows]

    def remember(self, query: str) -> None:
        """Put a query on top, wherever it was before."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM search_history WHERE query = ?", (query,))
            connection.execute("INSERT INTO search_history (query) VALUES (?)", (query,))
            connection.execute(
                "DELETE FROM search_history WHERE id NOT IN (SELECT id FROM search_history ORDER BY id DESC LIMIT ?)",
                (HISTORY_KEPT,),
            )

    def forget_history(self) -> None:
        """Drop the whole history."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM search_history")
