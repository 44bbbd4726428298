"""Rows of encoders: which ones have vectors here, which one answers searches, and what one has that another lacks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.catalogue.assets import PLACES
from engine.catalogue.database import Database

PORTION = 2048
"""How many contents' vectors are deleted at once."""
READABLE = "a.state <> 'failed' AND a.presence = 'present' AND f.state = 'online'"


@dataclass(frozen=True, slots=True)
class KnownEncoder:
    """An encoder that this library was opened with; `spec` is what the settings called it then."""

    id: int
    name: str
    spec: str
    dimension: int


class Encoders:
    """Reads and writes encoder rows; `Embeddings` makes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[KnownEncoder]:
        """Return every encoder, the oldest first."""
        return self._select("")

    def find_searched(self) -> KnownEncoder | None:
        """Return the encoder that searches were last answered with."""
        return next(iter(self._select("WHERE searched")), None)

    def set_searched(self, encoder_id: int) -> None:
        """Remember that this encoder answers searches."""
        with self._database.write() as connection:
            connection.execute("UPDATE encoders SET searched = (id = ?)", (encoder_id,))

    def set_spec(self, encoder_id: int, spec: str) -> None:
        """Remember what the settings call this encoder."""
        with self._database.write() as connection:
            connection.execute("UPDATE encoders SET spec = ? WHERE id = ? AND spec <> ?", (spec, encoder_id, spec))

    def find(self, name: str) -> KnownEncoder | None:
        """Return an encoder that this library was opened with."""
        return next((encoder for encoder in self.all() if encoder.name == name), None)

    def speed(self, encoder_id: int) -> float | None:
        """Return how many images a second this encoder took in its last run here."""
        ((found,),) = self._database.rows("SELECT max(images_per_s) FROM encoders WHERE id = ?", (encoder_id,))
        return None if found is None else float(found)

    def set_speed(self, encoder_id: int, images_per_s: float) -> None:
        """Remember how many images a second it took."""
        with self._database.write() as connection:
            connection.execute("UPDATE encoders SET images_per_s = ? WHERE id = ?", (images_per_s, encoder_id))

    def count_vectors(self, encoder_id: int) -> int:
        """Return how many vectors an encoder has."""
        ((count,),) = self._database.rows("SELECT count(*) FROM embeddings WHERE encoder_id = ?", (encoder_id,))
        return int(count)

    def coverage(self, encoder_id: int) -> tuple[int, int]:
        """Return how many of the assets that can be read have this encoder's vector, and how many there are."""
        ((done, total),) = self._database.rows(
            f"SELECT count(*) FILTER (WHERE a.state = 'ready' AND e.content_id IS NOT NULL), count(*) FROM {PLACES}"
            f" LEFT JOIN embeddings e ON e.content_id = a.content_id AND e.encoder_id = ? WHERE {READABLE}",
            (encoder_id,),
        )
        return int(done), int(total)

    def lacks(self, encoder_id: int, other_id: int) -> bool:
        """Return whether an asset that can be read has a vector of the other encoder and none of this one."""
        rows = self._database.rows(
            f"SELECT 1 FROM {PLACES} JOIN embeddings o ON o.content_id = a.content_id AND o.encoder_id = ?"
            " LEFT JOIN embeddings e ON e.content_id = a.content_id AND e.encoder_id = ?"
            f" WHERE {READABLE} AND a.state = 'ready' AND e.content_id IS NULL LIMIT 1",
            (other_id, encoder_id),
        )
        return bool(rows)

    def forget(self, encoder_id: int) -> None:
        """Delete an encoder with all its vectors, in portions that let other writers in between."""
        ((last,),) = self._database.rows("SELECT ifnull(max(id), 0) FROM contents")
        for start in range(0, last + 1, PORTION):
            with self._database.write() as connection:
                connection.execute(
                    "DELETE FROM embeddings WHERE content_id BETWEEN ? AND ? AND encoder_id = ?",
                    (start, start + PORTION - 1, encoder_id),
                )
        with self._database.write() as connection:
            connection.execute("DELETE FROM text_vectors WHERE encoder_id = ?", (encoder_id,))
            connection.execute("DELETE FROM encoders WHERE id = ?", (encoder_id,))

    def _select(self, where: str) -> list[KnownEncoder]:
        rows = self._database.rows(f"SELECT id, name, spec, dimension FROM encoders {where} ORDER BY id")
        return [KnownEncoder(*row) for row in rows]
