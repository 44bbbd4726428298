"""What goes wrong on a user's machine: damaged databases, a full disk, a second Propmaster, a killed process."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.embedding.encoder import require_unit_rows
from engine.errors import CatalogueCorrupt, DataDirectoryUnusable, LibraryBusy
from engine.library import Access, Library
from engine.search.query import Query, TextTerm
from tests.capabilities import permissions_bind
from tests.helpers.drawing import draw
from tests.helpers.indexing import EncoderCalls, faults, index

FILES = 24


@pytest.fixture
def indexed(home: Path, art: Path) -> Path:
    """Index some pictures, close the library, and return its data directory."""
    for seed in range(FILES):
        draw(art / f"{seed}.png", seed)
    with Library(home) as library:
        index(library, art)
    return home


def milvus_ids(library: Library) -> set[int]:
    vector = library.space.text_vector("circle")
    return set(library.space.store.search(vector, 10_000).ids.tolist())


def vector_files(home: Path, pattern: str) -> list[Path]:
    return sorted(path for path in (home / "vectors").rglob(pattern) if path.is_file())


def truncate_log(home: Path) -> None:
    for path in vector_files(home, "*"):
        if "wal" in str(path).lower():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def delete_segments(home: Path) -> None:
    for path in vector_files(home, "*.parquet"):
        path.unlink()


def empty_segments(home: Path) -> None:
    for path in vector_files(home, "*.parquet"):
        path.write_bytes(b"")


def flip_a_byte(home: Path) -> None:
    path = max(vector_files(home, "*.parquet"), key=lambda one: one.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def delete_manifests(home: Path) -> None:
    for path in vector_files(home, "*manifest*"):
        path.unlink()


def delete_everything(home: Path) -> None:
    shutil.rmtree(home / "vectors")


@pytest.mark.parametrize(
    "damage",
    [truncate_log, delete_segments, empty_segments, flip_a_byte, delete_manifests, delete_everything],
    ids=lambda damage: damage.__name__,
)
def test_damaged_vector_database_heals_without_embedding(indexed: Path, damage: Callable[[Path], None]) -> None:
    damage(indexed)
    with Library(indexed) as library:
        calls = EncoderCalls(library)
        index(library)
        healthy = set(library.space.index.ids.tolist())  # type: ignore[union-attr]
        assert milvus_ids(library) == healthy
        assert len(healthy) == FILES
        assert calls.images == 0


def test_vector_database_and_catalogue_of_different_days_are_reconciled(indexed: Path, art: Path) -> None:
    old = indexed.with_name("old")
    shutil.copytree(indexed / "vectors", old)
    draw(art / "new.png", 1000)
    (art / "0.png").unlink()
    with Library(indexed) as library:
        index(library)
    shutil.rmtree(indexed / "vectors")
    old.rename(indexed / "vectors")
    with Library(indexed) as library:
        calls = EncoderCalls(library)
        assert milvus_ids(library) == set(library.space.index.ids.tolist())  # type: ignore[union-attr]
        assert calls.images == 0


def test_picture_that_the_encoder_cannot_embed_fails_alone(home: Path, art: Path) -> None:
    for seed in range(10):
        draw(art / f"{seed}.png", seed)
    Image.new("RGB", (50, 50), "white").save(art / "white.png")
    with Library(home) as library:
        _ = library.space.model.plan
        encoder = library.space.model._encoder
        assert encoder is not None
        original = encoder.encode_images

        def without_white(pixels: np.ndarray) -> np.ndarray:
            vectors = original(pixels)
            vectors[(pixels == 255).all(axis=(1, 2, 3))] = np.nan
            return require_unit_rows(vectors, "an encoder")

        encoder.encode_images = without_white  # type: ignore[method-assign]
        report = index(library, art)
        assert (report.indexed, report.failed) == (10, 1)
        assert faults(library) == {"white.png": "not_embeddable"}


def test_second_writer_is_told_and_readers_are_not_kept_out(indexed: Path) -> None:
    with Library(indexed):
        with pytest.raises(LibraryBusy, match="another Propmaster"):
            Library(indexed)
        with Library(indexed, Access.READ) as reader:
            assert len(reader.search(Query((TextTerm("circle"),)), 5).hits) == 5
    Library(indexed).close()


def test_lock_of_a_killed_process_does_not_stay(indexed: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from engine.library import Library;"
        "library = Library(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(indexed)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        with pytest.raises(LibraryBusy, match=f"process {child.pid}"):
            Library(indexed)
    finally:
        child.kill()
        child.communicate()
    Library(indexed).close()


def test_corrupt_catalogue_is_told_and_its_backup_restored(indexed: Path) -> None:
    from engine.catalogue.database import restore_backup

    (indexed / "catalogue.sqlite").write_bytes(os.urandom(50_000))
    with pytest.raises(CatalogueCorrupt) as caught:
        Library(indexed)
    assert "doctor --restore" in caught.value.hint
    restore_backup(indexed / "catalogue.sqlite")
    with Library(indexed) as library:
        calls = EncoderCalls(library)
        index(library)
        assert library.status().vectors == FILES
        assert calls.images == 0


def test_truncated_catalogue_is_told(indexed: Path) -> None:
    path = indexed / "catalogue.sqlite"
    path.write_bytes(path.read_bytes()[:8192])

    def use() -> None:
        with Library(indexed) as library:
            library.status()
            library.search(Query((TextTerm("circle"),)), 5)

    with pytest.raises(CatalogueCorrupt):
        use()


def test_read_only_data_directory_is_told(home: Path) -> None:
    home.mkdir()
    home.chmod(0o500)
    try:
        with permissions_bind(), pytest.raises(DataDirectoryUnusable, match="cannot write"):
            Library(home)
    finally:
        home.chmod(0o700)


def test_data_directory_that_is_a_file_is_told(home: Path) -> None:
    home.write_text("not a folder")
    with pytest.raises(DataDirectoryUnusable, match="cannot write"):
        Library(home)


TRY_TO_INDEX = """
import sys
from pathlib import Path
from engine.errors import PropmasterError
from engine.library import Library
from tests.helpers.indexing import index
try:
    with Library(Path(sys.argv[1])) as library:
        index(library, Path(sys.argv[2]))
except PropmasterError as error:
    print(error.code, error.hint)
"""


def test_full_disk_is_told_and_the_next_run_goes_on(tmp_path: Path, art: Path) -> None:
    for seed in range(FILES * 4):
        draw(art / f"{seed}.png", seed, size=(300, 300))
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", disk], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 700_000)
        script = [sys.executable, "-c", TRY_TO_INDEX, str(disk / "home"), str(art)]
        done = subprocess.run(script, capture_output=True, text=True, check=False, timeout=100)
        assert done.stdout.startswith("disk_full"), done.stdout + done.stderr[-2000:]
        shutil.copytree(disk / "home", tmp_path / "home")
    finally:
        subprocess.run(["umount", disk], check=True)
    with Library(tmp_path / "home") as library:
        calls = EncoderCalls(library)
        already = library.status().vectors
        index(library, art)
        assert library.status().vectors == FILES * 4
        assert calls.images == FILES * 4 - already
        assert milvus_ids(library) == set(library.space.index.ids.tolist())  # type: ignore[union-attr]


INDEX = """
import sys
from pathlib import Path
from engine.library import Library
from tests.helpers.indexing import index
with Library(Path(sys.argv[1])) as library:
    index(library, Path(sys.argv[2]))
"""


def kill_while_indexing(home: Path, art: Path, vectors: int) -> None:
    """Start an index run in a process of its own and kill it once it has stored this many vectors."""
    child = subprocess.Popen([sys.executable, "-c", INDEX, str(home), str(art)])
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline and child.poll() is None and stored(home) < vectors:
            time.sleep(0.005)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()


def stored(home: Path) -> int:
    try:
        with sqlite3.connect(f"file:{home / 'catalogue.sqlite'}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM embeddings").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        if "connection" in locals():
            connection.close()


def assert_complete(home: Path, art: Path, files: int) -> None:
    with Library(home) as library:
        calls = EncoderCalls(library)
        already = library.status().vectors
        index(library, art)
        status = library.status()
        assert (status.assets, status.vectors, status.pending, status.failed) == (files, files, 0, 0)
        assert calls.images == files - already
        assert milvus_ids(library) == set(library.space.index.ids.tolist())  # type: ignore[union-attr]


def test_killed_index_run_loses_nothing_and_repeats_nothing(home: Path, art: Path) -> None:
    files = 200
    for seed in range(files):
        draw(art / f"{seed}.png", seed)
    kill_while_indexing(home, art, vectors=20)
    assert 0 < stored(home) < files
    assert_complete(home, art, files)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_index_killed_again_and_again_ends_complete(home: Path, art: Path) -> None:
    files = 1200
    for seed in range(files):
        draw(art / f"{seed}.png", seed, size=(200, 150))
    for step in range(1, 11):
        kill_while_indexing(home, art, vectors=step * 100)
    assert_complete(home, art, files)


def test_file_that_ended_the_process_is_read_apart_and_named(home: Path, art: Path) -> None:
    """A suspect is decoded in a child; here the child is too small for it, as a decoder's crash would leave it."""
    draw(art / "innocent.png", 1)
    draw(art / "killer.png", 2)
    with Library(home) as library:
        library.add_folder(art)
        library.list_folders([status.folder for status in library.folders()], control())
        with library._catalogue.database.write() as connection:
            connection.execute("UPDATE assets SET attempts = 1")
        used: list[str] = []
        original = library._decoder.decode_suspect
        library._decoder.decode_suspect = lambda path: used.append(path.name) or original(path)  # type: ignore[method-assign, func-returns-value]
        index(library)
        assert sorted(used) == ["innocent.png", "killer.png"]
        assert library.status().vectors == 2


def control():  # type: ignore[no-untyped-def]
    from engine.indexing.control import Control

    return Control()
