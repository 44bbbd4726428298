"""Rows of watched folders. A folder that is not there is *offline*: its rows stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from engine.catalogue.database import Database, Row, name_to_value, value_to_name
from engine.errors import FolderOverlaps, FolderUnknown


class FolderState(StrEnum):
    """What the last look at a folder's root found."""

    ONLINE = "online"
    OFFLINE = "offline"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder; `device` is the st_dev of its root when last seen online."""

    id: int
    path: Path
    polling: bool
    state: FolderState
    detail: str
    device: int | None
    scanned_at: str | None


@dataclass(frozen=True, slots=True)
class FolderCounts:
    """How many of a folder's present assets are searchable, waiting and failed, and how many are away."""

    ready: int
    waiting: int
    failed: int
    missing: int


_COLUMNS = "id, path, polling, state, detail, device, scanned_at"


class Folders:
    """Reads and writes folder rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Folder]:
        """Return every folder, by path."""
        return [_folder(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM folders ORDER BY path")]

    def find(self, path: Path) -> Folder | None:
        """Return the folder with exactly this (resolved) path."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM folders WHERE path = ?", (name_to_value(str(path)),))
        return _folder(rows[0]) if rows else None

    def find_covering(self, path: Path) -> Folder | None:
        """Return the folder that is this path or holds it."""
        return next((folder for folder in self.all() if path.is_relative_to(folder.path)), None)

    def add(self, path: Path, polling: bool) -> Folder:
        """Add a resolved path. Folders inside it become parts of it; raises FolderOverlaps if one already holds it."""
        covering = self.find_covering(path)
        if covering is not None:
            raise FolderOverlaps(
                f"{path} is already watched as part of {covering.path}",
                "nothing to do: its images are found; remove the outer folder first to watch only this one",
            )
        inner = [folder for folder in self.all() if folder.path.is_relative_to(path)]
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO folders (path, added_at, polling) VALUES (?, ?, ?)",
                (name_to_value(str(path)), now(), polling),
            )
            folder_id = cursor.lastrowid
            for folder in inner:
                self._absorb(folder, folder_id, folder.path.relative_to(path).as_posix())
        added = self.find(path)
        assert added is not None
        return added

    def set_state(self, folder: Folder, state: FolderState, detail: str = "") -> None:
        """Record what a look at the root found."""
        with self._database.write() as connection:
            connection.execute("UPDATE folders SET state = ?, detail = ? WHERE id = ?", (state, detail, folder.id))

    def set_scanned(self, folder: Folder, device: int) -> None:
        """Record a finished scan and the device that the root lies on."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE folders SET state = ?, detail = '', device = ?, scanned_at = ? WHERE id = ?",
                (FolderState.ONLINE, device, now(), folder.id),
            )

    def remove(self, path: Path) -> None:
        """Forget a folder and its assets; the files and the contents' vectors stay. Raises FolderUnknown."""
        folder = self.find(path)
        if folder is None:
            raise _unknown(path)
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM names WHERE rowid IN (SELECT a.id FROM assets a"
                " JOIN directories d ON d.id = a.directory_id WHERE d.folder_id = ?)",
                (folder.id,),
            )
            connection.execute("DELETE FROM folders WHERE id = ?", (folder.id,))

    def set_polling(self, path: Path, polling: bool) -> None:
        """Compare a folder at intervals, or follow the system's events. Raises FolderUnknown."""
        self._set(path, "polling", polling)

    def set_never_send(self, path: Path, never_send: bool) -> None:
        """Say whether a folder's pictures may ever leave the machine. Raises FolderUnknown."""
        self._set(path, "never_send", never_send)

    def never_send(self) -> frozenset[int]:
        """Return the ids of the folders whose pictures must never leave the machine."""
        return frozenset(int(row[0]) for row in self._database.rows("SELECT id FROM folders WHERE never_send"))

    def directory_counts(self) -> list[tuple[int, str, int]]:
        """Return folder id, relative directory (posix, empty for the root) and the assets right in it."""
        rows = self._database.rows(
            "SELECT d.folder_id, d.relative, count(a.id) FROM directories d"
            " LEFT JOIN assets a ON a.directory_id = d.id AND a.presence <> 'missing' GROUP BY d.id"
        )
        return [(int(row[0]), value_to_name(row[1]), int(row[2])) for row in rows]

    def _set(self, path: Path, column: str, value: bool) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                f"UPDATE folders SET {column} = ? WHERE path = ?", (value, name_to_value(str(path)))
            ).rowcount
        if not changed:
            raise _unknown(path)

    def counts(self) -> dict[int, FolderCounts]:
        """Return the counts of every folder by its id."""
        rows = self._database.rows(
            "SELECT d.folder_id, sum(a.presence <> 'missing' AND a.state = 'ready'),"
            " sum(a.presence <> 'missing' AND a.state = 'listed'),"
            " sum(a.presence <> 'missing' AND a.state = 'failed'), sum(a.presence = 'missing')"
            " FROM assets a JOIN directories d ON d.id = a.directory_id GROUP BY d.folder_id"
        )
        return {int(row[0]): FolderCounts(*row[1:]) for row in rows}

    def _absorb(self, inner: Folder, outer_id: int | None, prefix: str) -> None:
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT id, relative FROM directories WHERE folder_id = ?", (inner.id,)
            ).fetchall()
            for directory_id, value in rows:
                below = value_to_name(value)
                relative = f"{prefix}/{below}" if below else prefix
                connection.execute(
                    "UPDATE directories SET folder_id = ?, relative = ? WHERE id = ?",
                    (outer_id, name_to_value(relative), directory_id),
                )
            connection.execute("DELETE FROM folders WHERE id = ?", (inner.id,))


def _unknown(path: Path) -> FolderUnknown:
    return FolderUnknown(f"{path} is not in the library", "`propmaster folders` lists the watched folders")


def now() -> str:
    """Return the present moment as the catalogue writes it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _folder(row: Row) -> Folder:
    folder_id, path, polling, state, detail, device, scanned_at = row
    return Folder(
        int(folder_id),
        Path(value_to_name(path)),
        bool(polling),
        FolderState(str(state)),
        str(detail),
        device,
        scanned_at,
    )
