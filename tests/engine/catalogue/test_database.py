from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.catalogue import schema
from engine.catalogue.database import Database, find_backups, name_to_value, restore_backup, value_to_name
from engine.catalogue.encoders import Encoders
from engine.errors import CatalogueCorrupt, CatalogueTooNew, DataDirectoryUnusable, DiskFull
from tests.capabilities import permissions_bind


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


def open_and_close(path: Path) -> None:
    Database(path).close()


def count_folders(database: Database) -> int:
    return int(database.rows("SELECT count(*) FROM folders")[0][0])


def add_folder(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO folders (path, added_at) VALUES (?, 'now')", (name,))


def test_failed_transaction_leaves_no_trace(path: Path) -> None:
    database = Database(path)

    def add_and_fail() -> None:
        with database.write():
            add_folder(database, "/a")
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    assert count_folders(database) == 0
    database.close()


def test_what_is_written_through_waits_for_the_disk_and_other_writes_do_not(path: Path) -> None:
    database = Database(path)
    with database.write_through() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        connection.execute("INSERT INTO folders (path, added_at) VALUES ('/a', 'now')")
    with database.write() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (1,)
    assert count_folders(database) == 1
    database.close()


def test_readers_of_other_threads_and_processes_see_what_was_committed(path: Path) -> None:
    database = Database(path)
    add_folder(database, "/a")
    script = f"import sqlite3; print(sqlite3.connect({str(path)!r}).execute('SELECT count(*) FROM folders').fetchone())"
    seen = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert seen.strip() == "(1,)"
    database.close()


def test_migration_makes_a_backup_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(path)
    add_folder(database, "/a")
    database.close()
    monkeypatch.setattr(
        "engine.catalogue.database.MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE folders ADD COLUMN extra",))
    )
    database = Database(path)
    assert database.rows("SELECT extra FROM folders") == [(None,)]
    database.close()
    (backup,) = find_backups(path)
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT path FROM folders").fetchall() == [("/a",)]
    copy.close()


def test_encoder_with_most_vectors_counts_as_searched_in_a_catalogue_of_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.catalogue.database.MIGRATIONS", schema.MIGRATIONS[:2])
    database = Database(path)
    with database.write() as connection:
        for name in ("few", "most", "none"):
            connection.execute("INSERT INTO encoders (name, dimension) VALUES (?, 4)", (name,))
        for number in range(3):
            columns = "hash, format, width, height, frames, has_alpha"
            connection.execute(f"INSERT INTO contents ({columns}) VALUES (?, 'PNG', 1, 1, 1, 0)", (bytes([number]),))
            for encoder in (1, 2)[number == 2 :]:
                values = (encoder, number + 1, b"")
                connection.execute("INSERT INTO embeddings VALUES (?, ?, 1, 0, ?)", values)
    database.close()
    monkeypatch.undo()
    database = Database(path)
    searched = Encoders(database).find_searched()
    assert searched is not None
    assert (searched.name, searched.spec) == ("most", "most")
    database.close()


def test_failed_migration_leaves_the_old_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_and_close(path)
    broken = ("ALTER TABLE folders ADD COLUMN extra", "CREATE TABLE folders (id)")
    monkeypatch.setattr("engine.catalogue.database.MIGRATIONS", (*schema.MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError):
        Database(path)
    monkeypatch.undo()
    database = Database(path)
    assert count_folders(database) == 0
    database.close()


def test_newer_catalogue_is_refused_politely(path: Path) -> None:
    open_and_close(path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(CatalogueTooNew, match="newer Propmaster"):
        Database(path)


def test_corrupt_catalogue_offers_its_backup_and_restores_it(path: Path) -> None:
    database = Database(path)
    add_folder(database, "/a")
    database.backup()
    add_folder(database, "/b")
    database.close()
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(CatalogueCorrupt) as caught:
        Database(path)
    assert "doctor --restore" in caught.value.hint
    _, aside = restore_backup(path)
    assert aside.read_bytes().startswith(b"not a database")
    database = Database(path)
    assert count_folders(database) == 1
    database.close()


def test_corrupt_catalogue_without_backup_says_how_to_go_on(path: Path) -> None:
    path.write_bytes(b"x" * 4096)
    with pytest.raises(CatalogueCorrupt) as caught:
        Database(path)
    assert "index your folders again" in caught.value.hint
    with pytest.raises(CatalogueCorrupt, match="no backup"):
        restore_backup(path)


def test_check_finds_damage_in_the_middle_of_the_file(path: Path) -> None:
    database = Database(path)
    for number in range(2000):
        add_folder(database, f"/folder/{number:06}" * 4)
    assert database.check() == []
    database.close()
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 3000] = b"\xff" * 3000
    path.write_bytes(bytes(damaged))
    database = Database(path)
    try:
        found = database.check()
    except CatalogueCorrupt:
        found = ["corrupt"]
    database.close()
    assert found


def test_old_backups_make_room_for_new_ones(path: Path) -> None:
    database = Database(path)
    for day in range(1, 5):
        backups = path.parent / "backups"
        backups.mkdir(exist_ok=True)
        (backups / f"catalogue-2020010{day}-000000.sqlite").write_bytes(b"old")
    database.backup()
    database.close()
    kept = [backup.name for backup in find_backups(path)]
    assert len(kept) == 2
    assert kept[1] == "catalogue-20200104-000000.sqlite"


def test_full_disk_is_told_and_nothing_is_lost(path: Path) -> None:
    database = Database(path)
    add_folder(database, "/a")
    with database.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    database._writer.execute(f"PRAGMA max_page_count = {pages + 1}")

    def fill() -> None:
        with database.write():
            for number in range(1000):
                add_folder(database, f"/big/{number}" * 100)

    with pytest.raises(DiskFull, match="no room left"):
        fill()
    assert count_folders(database) == 1
    database.close()


def test_read_only_directory_is_told(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with permissions_bind(), pytest.raises(DataDirectoryUnusable, match="cannot write"):
            Database(path)
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize("name", ["plain.png", "宝箱.png", "caf\udce9.png", "\udcff\udcfe"])
def test_any_file_name_survives_the_catalogue(path: Path, name: str) -> None:
    database = Database(path)
    with database.write() as connection:
        connection.execute("INSERT INTO folders (path, added_at) VALUES (?, 'now')", (name_to_value(name),))
    (row,) = database.rows("SELECT path FROM folders")
    assert value_to_name(row[0]) == name
    database.close()
