"""Assets as people see them: where they lie, what they are, whether their drive is away. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.catalogue.assets import PATH_COLUMNS, PLACES, path_of
from engine.catalogue.database import Database, Row, name_to_value, value_to_name
from engine.catalogue.folders import Folder


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset as shown to people; pixel facts are None until its content is known.

    Fault, reason and hint say why it gave no picture.
    """

    id: int
    path: Path
    folder: Path
    size: int
    mtime_ns: int
    offline: bool
    content_id: int | None
    format: str | None
    width: int | None
    height: int | None
    frames: int | None
    has_alpha: bool | None
    hash: str | None
    fault: str | None
    reason: str | None
    hint: str | None


_SHOWN = (
    f"SELECT a.id, {PATH_COLUMNS}, a.size, a.mtime_ns, a.presence = 'offline' OR f.state <> 'online', a.content_id,"
    f" c.format, c.width, c.height, c.frames, c.has_alpha, lower(hex(c.hash)),"
    f" iif(a.state = 'failed', a.fault, NULL), iif(a.state = 'failed', a.reason, NULL),"
    f" iif(a.state = 'failed', a.hint, NULL)"
    f" FROM {PLACES} LEFT JOIN contents c ON c.id = a.content_id"
)


class ShownAssets:
    """Reads assets, present or offline, for showing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_contents(self, content_ids: Sequence[int]) -> dict[int, list[Asset]]:
        """Return the assets, present or offline, that have these contents, by content id."""
        found: dict[int, list[Asset]] = {}
        sql = f"{_SHOWN} WHERE a.presence <> 'missing' AND a.content_id IN ({{ids}}) ORDER BY a.id"
        for row in self._database.rows_among(sql, content_ids):
            found.setdefault(row[7], []).append(_asset(row))
        return found

    def of_ids(self, asset_ids: Sequence[int]) -> dict[int, Asset]:
        """Return the assets, present or offline, that have these ids, by id."""
        sql = f"{_SHOWN} WHERE a.presence <> 'missing' AND a.id IN ({{ids}})"
        return {row[0]: _asset(row) for row in self._database.rows_among(sql, asset_ids)}

    def at(self, path: Path, covering: Folder) -> Asset | None:
        """Return the asset at a path inside a folder."""
        inside = path.relative_to(covering.path)
        parent = "" if inside.parent == Path() else inside.parent.as_posix()
        rows = self._database.rows(
            f"{_SHOWN} WHERE f.id = ? AND d.relative = ? AND a.name = ? AND a.presence <> 'missing'",
            (covering.id, name_to_value(parent), name_to_value(inside.name)),
        )
        return _asset(rows[0]) if rows else None

    def count(self) -> int:
        """Return how many assets are in the library, missing ones aside."""
        # A count of all rows is read off the tree's pages, the missing ones are few; any other way reads every row.
        rows = self._database.rows(
            "SELECT (SELECT count(*) FROM assets) - (SELECT count(*) FROM assets WHERE presence = 'missing')"
        )
        return int(rows[0][0])


@lru_cache(maxsize=64)
def _folder_path(name: str) -> Path:
    return Path(name)


def _asset(row: Row) -> Asset:
    return Asset(
        id=row[0],
        path=path_of(row[1:4]),
        folder=_folder_path(value_to_name(row[1])),
        size=row[4],
        mtime_ns=row[5],
        offline=bool(row[6]),
        content_id=row[7],
        format=row[8],
        width=row[9],
        height=row[10],
        frames=row[11],
        has_alpha=None if row[12] is None else bool(row[12]),
        hash=row[13],
        fault=row[14],
        reason=row[15],
        hint=row[16],
    )
