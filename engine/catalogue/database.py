"""The SQLite file: connections, transactions, migrations, backups.

Only this package imports sqlite3. Any thread may read; writes are serialised by one lock on one connection, so a
transaction sees nothing but its own changes. Every sqlite3 error leaves this module as an error of the user's world.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.catalogue.schema import MIGRATIONS
from engine.errors import (
    CatalogueCorrupt,
    CatalogueTooNew,
    LibraryBusy,
    PropmasterError,
)
from engine.home import disk_full, failed_write, unwritable

BUSY_TIMEOUT_S = 10
IDS_PER_STATEMENT = 500
BACKUPS_KEPT = 2
BACKUP_INTERVAL_S = 24 * 3600

Row = tuple[Any, ...]


class Database:
    """One open catalogue file. Close it from the thread that opened it, after every other user has stopped."""

    def __init__(self, path: Path) -> None:
        """Open or create the catalogue and bring it to the newest schema. Raises an error of `engine.errors`."""
        self.path = path
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        with _translated(path):
            self._writer = self._connect()
        try:
            with _translated(path):
                self._migrate()
        except BaseException:
            self._writer.close()
            raise

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run a query on this thread's own connection and return every row."""
        with _translated(self.path):
            return self._reader().execute(sql, parameters).fetchall()

    def rows_among(self, sql: str, ids: Sequence[int], parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Run a query whose `{ids}`, after its other parameters, stands for any number of ids; yield every row.

        Asks in portions, within which an ORDER BY holds: a statement takes a limited number of parameters.
        """
        for start in range(0, len(ids), IDS_PER_STATEMENT):
            portion = [int(one) for one in ids[start : start + IDS_PER_STATEMENT]]
            yield from self.rows(sql.format(ids=",".join("?" * len(portion))), [*parameters, *portion])

    def pages(self, sql: str, parameters: Sequence[object] = (), size: int = 4096) -> Iterator[list[Row]]:
        """Run a query and yield its rows in lists of at most `size`, from one consistent snapshot."""
        with _translated(self.path), contextlib.closing(self._reader().cursor()) as cursor:
            cursor.execute(sql, parameters)
            while page := cursor.fetchmany(size):
                yield page

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock for one transaction; an exception rolls it back. Nests into the outer transaction."""
        with self._lock, _translated(self.path):
            if self._writer.in_transaction:
                yield self._writer
                return
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def write_through(self) -> Iterator[sqlite3.Connection]:
        """Write as `write` does, and have it on the disk when this returns: not even a power cut takes it back.

        Not inside another transaction. Costs a wait for the disk.
        """
        with self._lock:
            with _translated(self.path):
                self._writer.execute("PRAGMA synchronous = FULL")
            try:
                with self.write() as connection:
                    yield connection
            finally:
                self._writer.execute("PRAGMA synchronous = NORMAL")

    def check(self) -> list[str]:
        """Return what SQLite's own check finds wrong; empty when all is well. Reads the whole file."""
        found = [str(row[0]) for row in self.rows("PRAGMA quick_check")]
        return [] if found == ["ok"] else found

    def backup(self) -> Path:
        """Write a consistent copy beside the catalogue, keep the newest few, and return its path."""
        target = backup_directory(self.path) / f"catalogue-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite"
        partial = target.with_suffix(".partial")
        with _translated(self.path):
            target.parent.mkdir(exist_ok=True)
            partial.unlink(missing_ok=True)
            with self._lock, contextlib.closing(sqlite3.connect(partial)) as copy:
                self._writer.backup(copy)
            partial.replace(target)
            for old in find_backups(self.path)[BACKUPS_KEPT:]:
                old.unlink(missing_ok=True)
        return target

    def backup_if_due(self) -> None:
        """Back up when the newest backup is older than a day."""
        newest = next(iter(find_backups(self.path)), None)
        if newest is None or datetime.now(UTC).timestamp() - newest.stat().st_mtime > BACKUP_INTERVAL_S:
            self.backup()

    def close(self) -> None:
        """Close every connection of this object."""
        with self._lock:
            for connection in [*self._readers, self._writer]:
                connection.close()
            self._readers.clear()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            self._local.connection = connection
            with self._lock:
                self._readers.append(connection)
        return connection

    def _migrate(self) -> None:
        version = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise CatalogueTooNew(
                f"{self.path} was written by a newer Propmaster (catalogue version {version})",
                "install the newer Propmaster, or choose another data directory with --home",
            )
        if 0 < version < len(MIGRATIONS):
            self.backup()
        for number in range(version, len(MIGRATIONS)):
            with self.write() as connection:
                for statement in MIGRATIONS[number]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")


def backup_directory(catalogue: Path) -> Path:
    """Return the folder that holds the backups of this catalogue."""
    return catalogue.parent / "backups"


def find_backups(catalogue: Path) -> list[Path]:
    """Return the backups of this catalogue, newest first."""
    return sorted(backup_directory(catalogue).glob("catalogue-*.sqlite"), reverse=True)


def restore_backup(catalogue: Path) -> tuple[Path, Path]:
    """Put the newest backup in the catalogue's place; return it and where the damaged file was moved to.

    Nothing is deleted. The caller holds the library's lock and has no connection open.
    """
    backups = find_backups(catalogue)
    if not backups:
        raise CatalogueCorrupt(
            "there is no backup of the catalogue",
            f"move {catalogue} away and index your folders again; your files are untouched",
        )
    aside = catalogue.with_name(f"catalogue-damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite")
    for suffix in ("", "-wal", "-shm"):
        damaged = Path(f"{catalogue}{suffix}")
        if damaged.exists():
            damaged.rename(f"{aside}{suffix}")
    partial = catalogue.with_suffix(".partial")
    partial.write_bytes(backups[0].read_bytes())
    partial.replace(catalogue)
    return backups[0], aside


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _in_user_words(error, path) from error


def _in_user_words(error: sqlite3.Error | OSError, path: Path) -> PropmasterError | sqlite3.Error | OSError:
    name = getattr(error, "sqlite_errorname", "") or ""
    family = "_".join(name.split("_")[:2])
    if family in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
        return corrupt_error(path, str(error))
    if isinstance(error, OSError):
        return failed_write(path.parent, error)
    if family == "SQLITE_FULL":
        return disk_full(path.parent)
    if family == "SQLITE_BUSY":
        return LibraryBusy(f"another program keeps {path} locked", "close the other Propmaster and try again")
    if family in ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM"):
        return unwritable(path.parent, str(error))
    return error


def corrupt_error(path: Path, detail: str) -> CatalogueCorrupt:
    """Return the error for a damaged catalogue, with the way out that this data directory offers."""
    backup = next(iter(find_backups(path)), None)
    if backup is None:
        hint = f"there is no backup yet: move {path} away and index your folders again; your files are untouched"
    else:
        taken = datetime.fromtimestamp(backup.stat().st_mtime, UTC)
        hint = f"run `propmaster doctor --restore` to go back to the backup of {taken:%Y-%m-%d %H:%M} UTC"
    return CatalogueCorrupt(f"the catalogue {path} is damaged ({detail})", hint)


def name_to_value(name: str) -> str | bytes:
    """Return a file name as SQLite can hold it: text, or the raw bytes of a name that is not valid Unicode."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)
    return name


def value_to_name(value: object) -> str:
    """Undo `name_to_value`."""
    return os.fsdecode(value) if isinstance(value, bytes) else str(value)
