from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.catalogue.assets import PendingAsset, ReadAsset
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.folders import Folder, FolderState
from engine.files.scanner import FileStat
from engine.images.picture import ImageFacts
from engine.indexing.control import Control
from engine.indexing.listing import Lister, ListingReport
from tests.capabilities import permissions_bind

ENCODER = 1


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    home = tmp_path / "home"
    home.mkdir()
    opened = Catalogue(home)
    yield opened
    opened.close()


@pytest.fixture
def art(tmp_path: Path) -> Path:
    root = tmp_path / "art"
    root.mkdir()
    return root


def put(path: Path, content: bytes = b"x", mtime: int = 1_600_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (mtime, mtime))
    return path


def folder_of(catalogue: Catalogue, root: Path) -> Folder:
    found = catalogue.folders.find(root)
    return found or catalogue.folders.add(root, polling=False)


def scan(catalogue: Catalogue, root: Path) -> ListingReport:
    lister = Lister(catalogue.folders, catalogue.assets, lambda name: name.endswith(".png"))
    return lister.list_folder(folder_of(catalogue, root), Control())


def scan_parts(catalogue: Catalogue, root: Path, directories: set[str], trees: set[str] | None = None) -> ListingReport:
    lister = Lister(catalogue.folders, catalogue.assets, lambda name: name.endswith(".png"))
    return lister.list_parts(folder_of(catalogue, root), directories, trees or set(), Control())


def pending(catalogue: Catalogue) -> dict[str, PendingAsset]:
    return {asset.path.name: asset for asset in catalogue.assets.pending(ENCODER, 0, 1000)}


def read_all(catalogue: Catalogue) -> None:
    """Pretend to have read every pending file: its bytes are its content."""
    facts = ImageFacts("PNG", 1, 1, 1, False, None, None, ())
    for asset in pending(catalogue).values():
        status = asset.path.stat()
        content_id = catalogue.contents.put(asset.path.read_bytes(), facts)
        with catalogue.database.write() as connection:
            connection.execute("INSERT OR IGNORE INTO encoders (id, name, dimension) VALUES (1, 'e', 4)")
            connection.execute(
                "INSERT OR IGNORE INTO embeddings (encoder_id, content_id, version, vector) VALUES (1, ?, 1, x'')",
                (content_id,),
            )
        stat = FileStat(status.st_size, status.st_mtime_ns, status.st_dev)
        catalogue.assets.finish(ReadAsset(asset.id, content_id, stat, racy=False))


def ids(catalogue: Catalogue, presence: str = "present") -> dict[str, int]:
    rows = catalogue.database.rows("SELECT name, id FROM assets WHERE presence = ?", (presence,))
    return dict(rows)


def test_unchanged_files_are_not_read_again(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    put(art / "deep" / "b.png", b"y")
    assert scan(catalogue, art).changed == 2
    read_all(catalogue)
    again = scan(catalogue, art)
    assert (again.seen, again.changed, again.missing) == (2, 0, 0)
    assert pending(catalogue) == {}


def test_changed_file_waits_to_be_read(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    scan(catalogue, art)
    read_all(catalogue)
    put(art / "a.png", b"xy")
    assert scan(catalogue, art).changed == 1
    assert list(pending(catalogue)) == ["a.png"]


def test_renamed_file_keeps_its_id(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    scan(catalogue, art)
    read_all(catalogue)
    before = ids(catalogue)["a.png"]
    (art / "a.png").rename(art / "b.png")
    scan(catalogue, art)
    read_all(catalogue)
    assert ids(catalogue) == {"b.png": before}
    assert catalogue.names.find("b", 1)[0].pairs[0][0] == before


def test_file_moved_to_a_folder_scanned_before_keeps_its_id(catalogue: Catalogue, art: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    put(art / "a.png")
    scan(catalogue, art)
    scan(catalogue, other)
    read_all(catalogue)
    before = ids(catalogue)["a.png"]
    shutil.move(art / "a.png", other / "a.png")
    scan(catalogue, other)
    read_all(catalogue)
    assert ids(catalogue) == {"a.png": before}
    assert scan(catalogue, art).missing == 0


def test_copy_is_an_asset_of_its_own(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    scan(catalogue, art)
    read_all(catalogue)
    put(art / "b.png")
    scan(catalogue, art)
    read_all(catalogue)
    assert len(set(ids(catalogue).values())) == 2


def test_deleted_file_is_missing_and_comes_back_as_itself(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    put(art / "b.png", b"y")
    scan(catalogue, art)
    read_all(catalogue)
    before = ids(catalogue)["a.png"]
    (art / "a.png").unlink()
    assert scan(catalogue, art).missing == 1
    assert ids(catalogue, "missing") == {"a.png": before}
    put(art / "a.png")
    scan(catalogue, art)
    assert ids(catalogue)["a.png"] == before
    assert pending(catalogue) == {}


def test_deleted_directory_loses_its_files(catalogue: Catalogue, art: Path) -> None:
    put(art / "deep" / "er" / "a.png")
    put(art / "b.png")
    scan(catalogue, art)
    shutil.rmtree(art / "deep")
    assert scan(catalogue, art).missing == 1


def test_absent_root_is_offline_and_nothing_is_purged(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    scan(catalogue, art)
    art.rename(art.with_name("unplugged"))
    report = scan(catalogue, art)
    assert report.state is FolderState.OFFLINE
    assert list(ids(catalogue)) == ["a.png"]
    assert pending(catalogue) == {}
    art.with_name("unplugged").rename(art)
    assert scan(catalogue, art).state is FolderState.ONLINE
    assert list(pending(catalogue)) == ["a.png"]


def test_empty_mount_point_of_a_drive_that_is_away_is_offline(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    scan(catalogue, art)
    with catalogue.database.write() as connection:
        connection.execute("UPDATE folders SET device = device + 1")
    (art / "a.png").unlink()
    assert scan(catalogue, art).state is FolderState.OFFLINE
    assert list(ids(catalogue)) == ["a.png"]


def test_unreadable_directory_keeps_its_files(catalogue: Catalogue, art: Path) -> None:
    put(art / "locked" / "deep" / "a.png")
    scan(catalogue, art)
    (art / "locked").chmod(0)
    try:
        with permissions_bind():
            report = scan(catalogue, art)
    finally:
        (art / "locked").chmod(0o755)
    assert report.unreadable == (("locked", "denied"),)
    assert report.missing == 0
    assert list(ids(catalogue)) == ["a.png"]


def test_cancelled_scan_loses_nothing(catalogue: Catalogue, art: Path) -> None:
    put(art / "a.png")
    scan(catalogue, art)
    control = Control()
    control.cancel()
    lister = Lister(catalogue.folders, catalogue.assets, lambda name: name.endswith(".png"))
    assert lister.list_folder(folder_of(catalogue, art), control).missing == 0


def test_looking_at_one_directory_finds_what_changed_in_it_and_below(catalogue: Catalogue, art: Path) -> None:
    put(art / "one" / "a.png")
    put(art / "one" / "old" / "b.png")
    put(art / "one" / "kept" / "c.png")
    put(art / "two" / "d.png")
    scan(catalogue, art)
    (art / "one" / "a.png").unlink()
    shutil.rmtree(art / "one" / "old")
    (art / "two" / "d.png").unlink()
    put(art / "one" / "new" / "deep" / "e.png")
    report = scan_parts(catalogue, art, {"one"})
    assert (report.changed, report.missing) == (1, 2)
    assert sorted(ids(catalogue)) == ["c.png", "d.png", "e.png"]


def test_looking_at_the_root_finds_a_directory_that_went(catalogue: Catalogue, art: Path) -> None:
    put(art / "one" / "a.png")
    put(art / "b.png")
    scan(catalogue, art)
    shutil.rmtree(art / "one")
    assert scan_parts(catalogue, art, {""}).missing == 1
    assert list(ids(catalogue)) == ["b.png"]


def test_looking_at_a_directory_that_went_loses_its_files(catalogue: Catalogue, art: Path) -> None:
    put(art / "one" / "two" / "a.png")
    put(art / "b.png")
    scan(catalogue, art)
    shutil.rmtree(art / "one" / "two")
    assert scan_parts(catalogue, art, {"one/two"}).missing == 1


def test_looking_at_a_tree_walks_all_of_it(catalogue: Catalogue, art: Path) -> None:
    put(art / "one" / "two" / "a.png")
    put(art / "one" / "b.png")
    scan(catalogue, art)
    (art / "one" / "b.png").unlink()
    put(art / "one" / "two" / "three" / "c.png")
    report = scan_parts(catalogue, art, set(), {"one"})
    assert (report.changed, report.missing) == (1, 1)
    assert sorted(ids(catalogue)) == ["a.png", "c.png"]


def test_outer_folder_takes_over_the_inner_one(catalogue: Catalogue, art: Path) -> None:
    put(art / "inner" / "deep" / "a.png")
    scan(catalogue, art / "inner")
    read_all(catalogue)
    before = ids(catalogue)
    report = scan(catalogue, art)
    assert [folder.path for folder in catalogue.folders.all()] == [art]
    assert (report.changed, report.missing) == (0, 0)
    assert ids(catalogue) == before


def test_file_with_a_name_that_is_not_text_is_known_again(catalogue: Catalogue, art: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xff.png")
    put(art / name)
    scan(catalogue, art)
    assert list(pending(catalogue)) == [name]
    read_all(catalogue)
    assert scan(catalogue, art).changed == 0
