"""Which pictures a costly encoder should see first: those of chosen folders, then those in use, then the newest.

A picture is used as often as people said so: stars, tags, notes, references of compositions, picked results.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.catalogue.assets import PLACES
from engine.catalogue.database import Database, value_to_name
from engine.catalogue.encoders import READABLE
from engine.catalogue.filters import Filters

_USES = """
    SELECT content_id, rating + (note <> '') AS n FROM marks
    UNION ALL SELECT content_id, count(*) FROM tags GROUP BY content_id
    UNION ALL SELECT c.id, count(*) FROM job_references r JOIN contents c ON c.hash = r.content_hash GROUP BY c.id
    UNION ALL SELECT c.id, count(*) FROM jobs j JOIN contents c ON c.hash = j.result_hash
        WHERE j.verdict = 'picked' GROUP BY c.id
"""
_NEVER_SENT = """
    SELECT content_id FROM marks WHERE never_send
    UNION SELECT a.content_id FROM assets a JOIN directories d ON d.id = a.directory_id
        JOIN folders f ON f.id = d.folder_id WHERE f.never_send AND a.presence <> 'missing' AND a.content_id IS NOT NULL
"""


class Reason(StrEnum):
    """Why a picture has its place in the line, the best reason first."""

    CHOSEN_FOLDER = "chosen_folder"
    USED = "used"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Worthy:
    """A content that an encoder has not seen, by an asset that can be read and the directory it lies in."""

    content_id: int
    asset_id: int
    directory_id: int
    reason: Reason


class Worth:
    """Lines contents up for an encoder that cannot see all of them."""

    def __init__(self, database: Database, filters: Filters) -> None:
        self._database = database
        self._filters = filters

    def line(self, encoder_id: int, chosen: Sequence[Path], *, sendable: bool) -> list[Worthy]:
        """Return each content once that can be read and lacks this encoder's vector, the worthiest first.

        Where it is to be `sendable`, contents are left out that never leave the machine, wherever a copy says so.
        """
        directories = ",".join(map(str, self._filters.directories_below(tuple(chosen)))) if chosen else ""
        rows = self._database.rows(
            f"WITH uses AS (SELECT content_id, sum(n) AS n FROM ({_USES}) GROUP BY content_id HAVING sum(n) > 0)"
            f" SELECT a.content_id, a.id, a.directory_id, a.directory_id IN ({directories}) AS chosen,"
            " ifnull(u.n, 0) AS used"
            f" FROM {PLACES} LEFT JOIN uses u ON u.content_id = a.content_id"
            " LEFT JOIN embeddings e ON e.content_id = a.content_id AND e.encoder_id = ?"
            f" WHERE {READABLE} AND a.state = 'ready' AND e.content_id IS NULL"
            f" {f'AND a.content_id NOT IN ({_NEVER_SENT})' if sendable else ''}"
            " ORDER BY chosen DESC, used DESC, a.mtime_ns DESC, a.id",
            (encoder_id,),
        )
        line: dict[int, Worthy] = {}
        for content_id, asset_id, directory_id, is_chosen, used in rows:
            reason = Reason.CHOSEN_FOLDER if is_chosen else Reason.USED if used else Reason.NEWEST
            line.setdefault(content_id, Worthy(content_id, asset_id, directory_id, reason))
        return list(line.values())

    def paths(self, directory_ids: Collection[int]) -> dict[int, Path]:
        """Return where directories are."""
        sql = (
            "SELECT d.id, f.path, d.relative FROM directories d JOIN folders f ON f.id = d.folder_id"
            " WHERE d.id IN ({ids})"
        )
        rows = self._database.rows_among(sql, list(directory_ids))
        return {row[0]: Path(value_to_name(row[1]), value_to_name(row[2])) for row in rows}

    def is_sendable(self, content_id: int) -> bool:
        """Return whether a content may leave the machine, as it is marked now."""
        sql = f"SELECT 1 WHERE ? IN ({_NEVER_SENT})"
        return not self._database.rows(sql, (content_id,))
