"""A kept file is whole or not there; an empty one, as a power cut leaves it, counts as none; the oldest go first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import pytest

from engine.images.kept_files import forget_oldest, is_kept, write_whole


def test_file_is_whole_under_its_name(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "new" / "a.png", lambda stream: stream.write(b"picture")) == 7
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.png"]


def test_failed_write_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    def fail(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    (tmp_path / "a.png").write_bytes(b"before")
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a.png", fail)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.png", b"before")]


def test_empty_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    assert not is_kept(tmp_path / "empty.png")
    assert not is_kept(tmp_path / "missing.png")


def test_what_is_asked_for_counts_as_used(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_bytes(b"x" * 10)
        os.utime(path, (number, number))
    assert is_kept(paths[0])
    forget_oldest(tmp_path.iterdir(), 25)
    assert [path.exists() for path in paths] == [True, False, False, True]


def test_what_was_used_last_stays_whatever_the_quota(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.png", lambda stream: stream.write(b"picture"))
    forget_oldest(tmp_path.iterdir(), 0)
    assert is_kept(tmp_path / "a.png")
