"""What the user allowed encoders in the cloud: pictures and the words of queries may be sent, for a sum in all.

Invariant: nothing is sent for an encoder that has no row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.catalogue.database import Database


@dataclass(frozen=True, slots=True)
class Consent:
    """One encoder's: who receives, the most that may be spent in all in micro-USD, and since when (UTC)."""

    encoder: str
    service: str
    budget: int
    given_at: str


class Consents:
    """Reads and writes consents, by the names of encoders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, encoder: str) -> Consent | None:
        """Return what was allowed an encoder."""
        sql = "SELECT encoder, service, budget, given_at FROM consents WHERE encoder = ?"
        rows = self._database.rows(sql, (encoder,))
        return Consent(*rows[0]) if rows else None

    def give(self, encoder: str, service: str, budget: int) -> None:
        """Allow an encoder to send, and to cost so much in all; in place of what was allowed before."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO consents (encoder, service, budget, given_at) VALUES (?, ?, ?, ?)",
                (encoder, service, budget, datetime.now(UTC).isoformat(timespec="seconds")),
            )

    def withdraw(self, encoder: str) -> None:
        """Allow an encoder nothing any more."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM consents WHERE encoder = ?", (encoder,))
