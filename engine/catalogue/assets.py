"""Rows of assets: files at places, their state, their failures, their moves.

An asset keeps its id through renames and moves between watched folders; what it shows belongs to its content.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.catalogue.database import Database, name_to_value, value_to_name
from engine.catalogue.folders import Folder, now
from engine.catalogue.names import Names, words_of
from engine.errors import DecodeError, DecodeFault
from engine.files.scanner import FileStat, KnownFile

MISSING_KEPT_DAYS = 30


class Presence(StrEnum):
    """Whether the file was there at the last look; offline means that its drive is away."""

    PRESENT = "present"
    MISSING = "missing"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class PendingAsset:
    """An asset that waits to be read. `suspect`: its last reading never ended, so it may have ended the process."""

    id: int
    path: Path
    content_id: int | None
    suspect: bool


@dataclass(frozen=True, slots=True)
class FailedAsset:
    """A file that gave no picture, and why."""

    id: int
    path: Path
    fault: DecodeFault
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class ReadAsset:
    """What reading an asset's file found: the content it now is, and the file's state at that moment."""

    id: int
    content_id: int
    stat: FileStat
    racy: bool


PATH_COLUMNS = "f.path, d.relative, a.name"
PLACES = "assets a JOIN directories d ON d.id = a.directory_id JOIN folders f ON f.id = d.folder_id"


class Assets:
    """Reads and writes asset rows."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    # Listing: what a scan found

    def directories(self, folder: Folder) -> list[str]:
        """Return the directories of a folder that hold present files."""
        rows = self._database.rows(
            "SELECT d.relative FROM directories d WHERE d.folder_id = ? AND EXISTS"
            " (SELECT 1 FROM assets a WHERE a.directory_id = d.id AND a.presence = 'present')",
            (folder.id,),
        )
        return [value_to_name(row[0]) for row in rows]

    def known_files(
        self, folder: Folder, directories: Collection[str] | None = None
    ) -> dict[str, dict[str, KnownFile]]:
        """Return present files of a folder, or of some of its directories: directory → name → what is recorded."""
        rows = self._database.rows("SELECT id, relative FROM directories WHERE folder_id = ?", (folder.id,))
        relatives = {row[0]: value_to_name(row[1]) for row in rows}
        chosen = (i for i, relative in relatives.items() if directories is None or relative in directories)
        known: dict[str, dict[str, KnownFile]] = {}
        last, files = None, {}
        sql = (
            "SELECT directory_id, name, size, mtime_ns, racy FROM assets"
            f" WHERE directory_id IN ({','.join(map(str, chosen))}) AND presence = 'present' ORDER BY directory_id"
        )
        for page in self._database.pages(sql):
            for directory_id, name, size, mtime_ns, racy in page:
                if directory_id != last:
                    last, files = directory_id, known.setdefault(relatives[directory_id], {})
                files[value_to_name(name)] = KnownFile(size, mtime_ns, racy)
        return known

    def list_files(self, folder: Folder, relative: str, files: Mapping[str, FileStat]) -> None:
        """Record files of one directory that are new, changed or back again; unchanged contents are kept."""
        if not files:
            return
        with self._database.write() as connection:
            directory_id = self._directory_id(folder, relative)
            words = {}
            for name, stat in files.items():
                row = connection.execute(
                    "INSERT INTO assets (directory_id, name, size, mtime_ns, device, added_at)"
                    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (directory_id, name) DO UPDATE SET"
                    " state = CASE WHEN size = excluded.size AND mtime_ns = excluded.mtime_ns AND NOT racy"
                    "  THEN state ELSE 'listed' END,"
                    " presence = 'present', missing_since = NULL, attempts = 0,"
                    " size = excluded.size, mtime_ns = excluded.mtime_ns, device = excluded.device"
                    " RETURNING id",
                    (directory_id, name_to_value(name), stat.size, stat.mtime_ns, stat.device, now()),
                ).fetchone()
                words[row[0]] = words_of(folder.path.name, relative, Path(name).stem)
            self._names.put(words)

    def lose(
        self,
        folder: Folder,
        relative: str,
        names: Collection[str],
        went_with_its_drive: Callable[[Path, int, int], bool],
    ) -> int:
        """Record that files of one directory are gone, or offline with their drive; return how many are gone.

        The callable is asked with a file's path, its recorded device and the root's recorded device.
        """
        directory = folder.path / relative
        with self._database.write() as connection:
            directory_id = self._directory_id(folder, relative)
            rows = connection.execute("SELECT id, name, device FROM assets WHERE directory_id = ?", (directory_id,))
            lost = [(row[0], directory / value_to_name(row[1]), row[2]) for row in rows]
            lost = [entry for entry in lost if entry[1].name in names]
            root_device = folder.device
            offline = {
                asset_id
                for asset_id, path, device in lost
                if root_device is not None and went_with_its_drive(path, device, root_device)
            }
            gone = [asset_id for asset_id, _, _ in lost if asset_id not in offline]
            connection.executemany("UPDATE assets SET presence = 'offline' WHERE id = ?", [(i,) for i in offline])
            connection.executemany(
                "UPDATE assets SET presence = 'missing', missing_since = ? WHERE id = ?", [(now(), i) for i in gone]
            )
        return len(gone)

    # Reading: what indexing found

    def pending(self, encoder_id: int, after: int, limit: int) -> list[PendingAsset]:
        """Return the next assets, by id, that wait to be read or lack this encoder's vector; offline ones wait on."""
        rows = self._database.rows(
            f"SELECT a.id, {PATH_COLUMNS}, a.content_id, a.attempts FROM {PLACES}"
            " LEFT JOIN embeddings e ON e.content_id = a.content_id AND e.encoder_id = ?"
            " WHERE a.id > ? AND a.state <> 'failed' AND a.presence = 'present' AND f.state = 'online'"
            " AND (a.state = 'listed' OR e.content_id IS NULL) ORDER BY a.id LIMIT ?",
            (encoder_id, after, limit),
        )
        return [PendingAsset(row[0], path_of(row[1:4]), row[4], row[5] > 0) for row in rows]

    def count_pending(self, encoder_id: int) -> int:
        """Return how many assets `pending` would yield in all."""
        rows = self._database.rows(
            f"SELECT count(*) FROM {PLACES}"
            " LEFT JOIN embeddings e ON e.content_id = a.content_id AND e.encoder_id = ?"
            " WHERE a.state <> 'failed' AND a.presence = 'present' AND f.state = 'online'"
            " AND (a.state = 'listed' OR e.content_id IS NULL)",
            (encoder_id,),
        )
        return int(rows[0][0])

    def to_read(self, asset_ids: Sequence[int]) -> list[PendingAsset]:
        """Return those of these assets that can be read, in their order."""
        sql = (
            f"SELECT a.id, {PATH_COLUMNS}, a.content_id, a.attempts FROM {PLACES}"
            " WHERE a.state <> 'failed' AND a.presence = 'present' AND f.state = 'online' AND a.id IN ({ids})"
        )
        found = {
            row[0]: PendingAsset(row[0], path_of(row[1:4]), row[4], row[5] > 0)
            for row in self._database.rows_among(sql, asset_ids)
        }
        return [found[asset_id] for asset_id in asset_ids if asset_id in found]

    def begin_reading(self, asset_ids: Iterable[int]) -> None:
        """Record the attempt before a decoder sees the files, so that one that ends the process is known."""
        with self._database.write() as connection:
            connection.executemany("UPDATE assets SET attempts = attempts + 1 WHERE id = ?", [(i,) for i in asset_ids])

    def postpone(self, asset_ids: Iterable[int]) -> None:
        """Take back the recorded attempt of assets that were not read after all."""
        with self._database.write() as connection:
            connection.executemany("UPDATE assets SET attempts = 0 WHERE id = ?", [(i,) for i in asset_ids])

    def finish(self, read: ReadAsset) -> None:
        """Record the content of an asset; if the same content is missing elsewhere, this is that asset, moved."""
        with self._database.write() as connection:
            moved = self._moved_from(read)
            if moved is not None:
                self._take_over(read.id, moved)
            connection.execute(
                "UPDATE assets SET content_id = ?, former_content_id = NULL, state = 'ready', attempts = 0,"
                " fault = NULL, reason = NULL, hint = NULL, size = ?, mtime_ns = ?, device = ?, racy = ? WHERE id = ?",
                (
                    read.content_id,
                    read.stat.size,
                    read.stat.mtime_ns,
                    read.stat.device,
                    read.racy,
                    read.id if moved is None else moved,
                ),
            )

    def fail(self, asset_id: int, error: DecodeError) -> None:
        """Record why an asset gave no picture."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE assets SET state = 'failed', attempts = 0, fault = ?, reason = ?, hint = ?,"
                " former_content_id = coalesce(content_id, former_content_id), content_id = NULL WHERE id = ?",
                (error.fault, error.message, error.hint, asset_id),
            )

    def vanish(self, asset_id: int) -> None:
        """Record that a file was gone when it was to be read."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE assets SET presence = 'missing', missing_since = ?, attempts = 0 WHERE id = ?",
                (now(), asset_id),
            )

    # Failures

    def failed(self) -> list[FailedAsset]:
        """Return every failed asset that is present, by path."""
        rows = self._database.rows(
            f"SELECT a.id, {PATH_COLUMNS}, a.fault, a.reason, a.hint FROM {PLACES}"
            " WHERE a.state = 'failed' AND a.presence = 'present' ORDER BY f.path, d.relative, a.name"
        )
        return [FailedAsset(row[0], path_of(row[1:4]), DecodeFault(row[4]), row[5], row[6]) for row in rows]

    def retry_failed(self, asset_ids: Sequence[int] = ()) -> int:
        """Put failed assets back in line, without ids all of them, and return how many there were."""
        chosen = f" AND id IN ({','.join(str(int(asset_id)) for asset_id in asset_ids)})" if asset_ids else ""
        with self._database.write() as connection:
            return connection.execute(
                f"UPDATE assets SET state = 'listed', attempts = 0 WHERE state = 'failed'{chosen}"
            ).rowcount

    # Keeping house

    def forget_long_missing(self) -> int:
        """Delete assets whose files have been gone for a month, and return how many."""
        gone = f"presence = 'missing' AND datetime(missing_since) < datetime('now', '-{MISSING_KEPT_DAYS} days')"
        with self._database.write() as connection:
            connection.execute(f"DELETE FROM names WHERE rowid IN (SELECT id FROM assets WHERE {gone})")
            return connection.execute(f"DELETE FROM assets WHERE {gone}").rowcount

    def _directory_id(self, folder: Folder, relative: str) -> int:
        with self._database.write() as connection:
            row = connection.execute(
                "INSERT INTO directories (folder_id, relative) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET relative = relative RETURNING id",
                (folder.id, name_to_value(relative)),
            ).fetchone()
        return int(row[0])

    def _moved_from(self, read: ReadAsset) -> int | None:
        with self._database.write() as connection:
            rows = connection.execute(
                f"SELECT a.id, {PATH_COLUMNS}, a.presence FROM {PLACES} WHERE a.content_id = ? AND a.id <> ?"
                " AND f.state = 'online' AND a.presence <> 'offline'"
                " ORDER BY a.presence = 'missing' DESC, a.name = (SELECT name FROM assets WHERE id = ?) DESC,"
                " a.missing_since DESC, a.id",
                (read.content_id, read.id, read.id),
            ).fetchall()
        return next((row[0] for row in rows if row[4] == Presence.MISSING or _is_gone(row[1:4])), None)

    def _take_over(self, new_id: int, old_id: int) -> None:
        with self._database.write() as connection:
            place = connection.execute("SELECT directory_id, name FROM assets WHERE id = ?", (new_id,)).fetchone()
            words = connection.execute("SELECT words FROM names WHERE rowid = ?", (new_id,)).fetchone()
            connection.execute("DELETE FROM assets WHERE id = ?", (new_id,))
            connection.execute(
                "UPDATE assets SET directory_id = ?, name = ?, presence = 'present', missing_since = NULL WHERE id = ?",
                (*place, old_id),
            )
            self._names.remove([new_id])
            self._names.put({old_id: words[0]})


def path_of(parts: Sequence[object]) -> Path:
    """Return the path that the values of PATH_COLUMNS make."""
    folder, relative, name = (value_to_name(part) for part in parts)
    return Path(f"{folder}/{relative}/{name}" if relative else f"{folder}/{name}")


def _is_gone(parts: Sequence[object]) -> bool:
    # A root that cannot be seen says nothing of its files: the drive may have been unplugged since the last scan.
    return Path(value_to_name(parts[0])).is_dir() and not path_of(parts).exists()
