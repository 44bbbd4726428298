from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.compose import results_folder
from engine.compose.results_folder import NameTaken, ResultsFolder
from engine.errors import ResultsFolderUnusable
from tests.capabilities import permissions_bind


@pytest.fixture
def folder(tmp_path: Path) -> ResultsFolder:
    return ResultsFolder(tmp_path)


def refuse_links(*_paths: object) -> None:
    raise OSError(errno.EPERM, "no hard links here")


@pytest.mark.parametrize("links", [True, False], ids=["with hard links", "without"])
def test_picture_appears_whole_and_nothing_else_stays(
    folder: ResultsFolder, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    assert folder.write("hat", ".png", b"data").read_bytes() == b"data"
    assert [path.name for path in folder.path.iterdir()] == ["hat.png"]


@pytest.mark.parametrize("links", [True, False], ids=["with hard links", "without"])
def test_name_that_is_taken_is_left_alone(folder: ResultsFolder, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    (folder.path / "hat.png").write_bytes(b"mine")
    with pytest.raises(NameTaken):
        folder.write("hat", ".png", b"data")
    assert (folder.path / "hat.png").read_bytes() == b"mine"
    assert [path.name for path in folder.path.iterdir()] == ["hat.png"]


def test_name_is_free_only_if_no_picture_has_it_under_any_suffix(folder: ResultsFolder) -> None:
    assert folder.free_stem("hat") == "hat"
    (folder.path / "hat.webp").touch()
    (folder.path / ".hat-2.png.part").touch()
    assert folder.free_stem("hat") == "hat-3"


def test_full_disk_says_so_and_leaves_no_half_picture(folder: ResultsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(results_folder.os, "fsync", no_room)
    with pytest.raises(ResultsFolderUnusable, match="no room is left"):
        folder.write("hat", ".png", b"data")
    assert list(folder.path.iterdir()) == []


def test_nearly_full_disk_is_told_before_anything_is_sent(
    folder: ResultsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
    with pytest.raises(ResultsFolderUnusable) as told:
        folder.require_usable()
    assert told.value.hint == "free some space"


def test_folder_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ResultsFolderUnusable) as told:
        ResultsFolder(tmp_path / "gone").require_usable()
    assert "plug its drive in" in told.value.hint


def test_folder_that_may_not_be_written_says_so(folder: ResultsFolder) -> None:
    folder.path.chmod(0o500)
    try:
        with permissions_bind(), pytest.raises(ResultsFolderUnusable, match="may not be written"):
            folder.write("hat", ".png", b"data")
    finally:
        folder.path.chmod(0o700)
