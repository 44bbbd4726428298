from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engine.files.scanner import AccessFault, Changes, DirectoryListing, KnownFile, compare, list_directory, walk
from tests.capabilities import permissions_bind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="not on Windows")


def is_image(name: str) -> bool:
    return name.endswith(".png")


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(root: Path, below: str = "") -> list[str]:
    return [
        f"{listing.relative}/{name}".lstrip("/") for listing in walk(root, is_image, below) for name in listing.files
    ]


def known_from(listing: DirectoryListing, *, racy: bool = False) -> dict[str, KnownFile]:
    return {name: KnownFile(stat.size, stat.mtime_ns, racy) for name, stat in listing.files.items()}


def test_walk_lists_parents_first_and_sorted(tmp_path: Path) -> None:
    for name in ("b/z.png", "b/a.png", "a/deep/x.png", "a/c.png", "top.png", "notes.txt"):
        put(tmp_path / name)
    assert [listing.relative for listing in walk(tmp_path, is_image)] == ["", "a", "a/deep", "b"]
    assert found(tmp_path) == ["top.png", "a/c.png", "a/deep/x.png", "b/a.png", "b/z.png"]


def test_walk_can_begin_below_the_root(tmp_path: Path) -> None:
    put(tmp_path / "a/deep/x.png")
    put(tmp_path / "b/y.png")
    assert found(tmp_path, "a") == ["a/deep/x.png"]


def test_walk_tells_size_time_and_device(tmp_path: Path) -> None:
    path = put(tmp_path / "a.png", b"12345")
    (listing,) = walk(tmp_path, is_image)
    status = path.stat()
    assert listing.files["a.png"] == (5, status.st_mtime_ns, status.st_dev)
    assert listing.device == tmp_path.stat().st_dev


@pytest.fixture
def deep_root(tmp_path: Path) -> Iterator[Path]:
    """A folder that may become deeper than Python's own removal can follow."""
    root = tmp_path / "deep"
    root.mkdir()
    yield root
    subprocess.run(["rm", "-rf", root], check=True)


def dig(root: Path, name: str, depth: int) -> None:
    here = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        deeper = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)


@needs_posix
def test_depth_beyond_the_recursion_limit_is_walked(deep_root: Path) -> None:
    depth = sys.getrecursionlimit() + 200
    dig(deep_root, "d", depth)
    assert sum(listing.fault is None for listing in walk(deep_root, is_image)) == depth + 1


@needs_posix
def test_path_longer_than_the_system_allows_is_a_fault(deep_root: Path) -> None:
    dig(deep_root, "n" * 250, 20)
    assert [listing.fault for listing in walk(deep_root, is_image)][-1] is AccessFault.PATH_TOO_LONG


def test_hidden_junk_and_unfinished_files_are_left_out(tmp_path: Path) -> None:
    for name in (".git/a.png", "__MACOSX/b.png", ".c.png", "~$d.png", "e.png.part", "node_modules/f.png", "keep.png"):
        put(tmp_path / name)
    assert found(tmp_path) == ["keep.png"]


@needs_links
def test_linked_folder_outside_the_root_is_followed_once(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere/x.png")
    root = tmp_path / "root"
    root.mkdir()
    for link in ("one", "two"):
        (root / link).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert found(root) == ["one/x.png"]


@needs_links
def test_link_to_a_folder_of_the_root_shows_nothing_twice(tmp_path: Path) -> None:
    put(tmp_path / "real/x.png")
    (tmp_path / "a link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert found(tmp_path) == ["real/x.png"]
    assert list_directory(tmp_path, "", is_image).subdirectories == ("real",)


@needs_links
def test_link_loops_end(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    put(outside / "x.png")
    (outside / "back").symlink_to(outside, target_is_directory=True)
    root = tmp_path / "root"
    put(root / "sub/y.png")
    (root / "sub/up").symlink_to(root, target_is_directory=True)
    (root / "sub/over").symlink_to(tmp_path, target_is_directory=True)
    (root / "link").symlink_to(outside, target_is_directory=True)
    (root / "self").symlink_to(root / "self")
    assert found(root) == ["link/x.png", "sub/y.png"]
    assert list_directory(root, "link", is_image).subdirectories == ()
    assert list_directory(root, "", is_image).fault is None


@needs_links
def test_linked_file_is_a_file_and_a_broken_link_is_none(tmp_path: Path) -> None:
    put(tmp_path / "outside.png", b"123")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.png").symlink_to(tmp_path / "outside.png")
    (root / "broken.png").symlink_to(tmp_path / "nowhere.png")
    (listing,) = walk(root, is_image)
    assert list(listing.files) == ["link.png"]
    assert listing.files["link.png"].size == 3
    assert listing.fault is None


@needs_posix
def test_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert found(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_name_that_is_no_utf8_survives(tmp_path: Path) -> None:
    raw = b"bl\xe4tter.png"
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    os.mkdir(folder)  # noqa: PTH102 - bytes, not text
    with open(folder + b"/" + raw, "wb") as file:  # noqa: PTH123 - bytes, not text
        file.write(b"12")
    listing = list(walk(tmp_path, is_image))[1]
    assert os.fsencode(listing.relative) == b"\xff\xfe"
    ((name, stat),) = listing.files.items()
    assert os.fsencode(name) == raw
    assert stat.size == (tmp_path / listing.relative / name).stat().st_size == 2


def test_name_of_250_characters_survives(tmp_path: Path) -> None:
    name = "n" * 246 + ".png"
    put(tmp_path / name)
    assert found(tmp_path) == [name]


@needs_posix
def test_unreadable_folder_yields_a_fault_and_the_walk_goes_on(tmp_path: Path) -> None:
    put(tmp_path / "closed/a.png")
    put(tmp_path / "open/b.png")
    (tmp_path / "closed").chmod(0)
    try:
        with permissions_bind():
            faults = {listing.relative: listing.fault for listing in walk(tmp_path, is_image)}
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert faults == {"": None, "closed": AccessFault.DENIED, "open": None}


@needs_posix
def test_files_in_a_folder_that_may_be_listed_but_not_entered_are_not_missing(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    known = known_from(list_directory(tmp_path, "", is_image))
    tmp_path.chmod(0o400)
    try:
        with permissions_bind():
            entered = list_directory(tmp_path, "", is_image)
    finally:
        tmp_path.chmod(0o700)
    assert entered.fault is AccessFault.DENIED
    assert compare(entered, known) == Changes()


def test_vanished_folder_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path / "file.png")
    assert list_directory(tmp_path, "gone", is_image).fault is AccessFault.VANISHED
    assert [listing.fault for listing in walk(tmp_path / "gone", is_image)] == [AccessFault.VANISHED]
    assert list_directory(tmp_path, "file.png", is_image).fault is AccessFault.VANISHED


def test_folder_that_vanishes_during_the_walk_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    walking = walk(tmp_path, is_image)
    assert next(walking).subdirectories == ("a",)
    (tmp_path / "a").rmdir()
    assert next(walking) == DirectoryListing("a", fault=AccessFault.VANISHED)


def test_placeholder_of_icloud_is_neither_a_file_nor_missing(tmp_path: Path) -> None:
    put(tmp_path / ".torch.png.icloud")
    listing = list_directory(tmp_path, "", is_image)
    assert not listing.files
    assert listing.placeholders == {"torch.png"}
    assert compare(listing, {"torch.png": KnownFile(1, 1, racy=False)}) == Changes()


def test_unchanged_files_are_no_changes(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    listing = list_directory(tmp_path, "", is_image)
    assert not compare(listing, known_from(listing))


def test_compare_tells_added_changed_and_missing(tmp_path: Path) -> None:
    for name in ("grown.png", "touched.png", "gone.png", "same.png"):
        put(tmp_path / name)
    known = known_from(list_directory(tmp_path, "", is_image))
    put(tmp_path / "grown.png", b"longer")
    os.utime(tmp_path / "touched.png", ns=(0, 1))
    (tmp_path / "gone.png").unlink()
    put(tmp_path / "new.png")
    changes = compare(list_directory(tmp_path, "", is_image), known)
    assert changes.added == ("new.png",)
    assert "touched.png" in changes.changed
    assert "grown.png" in changes.changed
    assert "same.png" not in changes.changed
    assert changes.missing == ("gone.png",)


def test_racily_read_file_counts_as_changed_though_it_looks_equal(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    listing = list_directory(tmp_path, "", is_image)
    assert compare(listing, known_from(listing, racy=True)) == Changes(changed=("a.png",))


def test_faulty_listing_never_makes_a_file_missing() -> None:
    known = {"a.png": KnownFile(1, 1, racy=False)}
    assert compare(DirectoryListing("", fault=AccessFault.UNREADABLE), known) == Changes()
    assert compare(DirectoryListing(""), known) == Changes(missing=("a.png",))
