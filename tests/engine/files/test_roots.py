from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.files import roots
from engine.files.roots import RootState, find_root_identity, is_network_path, lost_with_its_device, probe_root
from tests.capabilities import permissions_bind

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def mounted(place: Path) -> Iterator[None]:
    """Mount an empty drive."""
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", place], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("this process may not mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def test_present_root_is_online(tmp_path: Path) -> None:
    assert probe_root(tmp_path, had_files=False, known_device=None) is RootState.ONLINE


def test_missing_root_is_offline(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert probe_root(tmp_path / "gone", had_files=True, known_device=None) is RootState.OFFLINE
    assert probe_root(tmp_path / "file", had_files=True, known_device=None) is RootState.OFFLINE


def test_empty_folder_on_another_device_is_an_unplugged_drive(tmp_path: Path) -> None:
    device = tmp_path.stat().st_dev
    assert probe_root(tmp_path, had_files=True, known_device=device + 1) is RootState.OFFLINE
    (tmp_path / ".trash").mkdir()
    assert probe_root(tmp_path, had_files=True, known_device=device + 1) is RootState.OFFLINE


def test_root_that_was_emptied_stays_online(tmp_path: Path) -> None:
    device = tmp_path.stat().st_dev
    assert probe_root(tmp_path, had_files=True, known_device=device) is RootState.ONLINE
    assert probe_root(tmp_path, had_files=False, known_device=device + 1) is RootState.ONLINE


def test_drive_that_got_another_number_stays_online(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    assert probe_root(tmp_path, had_files=True, known_device=tmp_path.stat().st_dev + 1) is RootState.ONLINE


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits do not bind there")
def test_refused_root_is_denied(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with permissions_bind():
        assert probe_root(closed, had_files=True, known_device=None) is RootState.DENIED
        assert find_root_identity(closed) is None
    closed.chmod(0o700)


def test_hanging_root_is_offline_and_holds_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roots, "PROBE_DEADLINE_SECONDS", 0.05)
    answer_now = threading.Event()
    asked = []

    def hang(path: Path) -> RootState:
        asked.append(path)
        answer_now.wait(10)
        return RootState.ONLINE

    monkeypatch.setattr(roots, "_look", hang)
    assert probe_root(tmp_path, had_files=False, known_device=None) is RootState.OFFLINE
    assert probe_root(tmp_path, had_files=False, known_device=None) is RootState.OFFLINE
    assert asked == [tmp_path]
    (asker,) = (thread for thread in threading.enumerate() if thread.name == f"probe {tmp_path.name}")
    answer_now.set()
    asker.join(10)
    monkeypatch.undo()
    assert probe_root(tmp_path, had_files=False, known_device=None) is RootState.ONLINE


def test_an_answer_is_not_given_to_who_asks_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed_after_its_answer: list[bool] = []

    class Questions(dict[Path, roots._Question]):
        def __delitem__(self, path: Path) -> None:
            closed_after_its_answer.append(self[path].answer.done())
            super().__delitem__(path)

    monkeypatch.setattr(roots, "_open_questions", Questions())
    assert probe_root(tmp_path, had_files=True, known_device=None) is RootState.ONLINE
    assert closed_after_its_answer == [False]


def test_file_of_the_roots_own_device_is_deleted(tmp_path: Path) -> None:
    assert not lost_with_its_device(tmp_path / "gone/a.png", device=7, root_device=7)


def test_file_of_a_drive_that_left_its_mount_point_is_lost_with_it(tmp_path: Path) -> None:
    root_device = tmp_path.stat().st_dev
    (tmp_path / "drive").mkdir()
    assert lost_with_its_device(tmp_path / "drive/props/a.png", root_device + 1, root_device)


def test_file_deleted_on_a_drive_that_is_there_is_deleted(tmp_path: Path) -> None:
    root_device = tmp_path.stat().st_dev + 1
    assert not lost_with_its_device(tmp_path / "drive/a.png", tmp_path.stat().st_dev, root_device)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_unplugged_drive_is_told_from_deleted_files(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    root_device = tmp_path.stat().st_dev
    with mounted(drive):
        (drive / "a.png").touch()
        device = drive.stat().st_dev
        assert device != root_device
        identity = find_root_identity(drive)
        assert probe_root(drive, had_files=True, known_device=device) is RootState.ONLINE
        assert not lost_with_its_device(drive / "deleted.png", device, root_device)
    assert probe_root(drive, had_files=True, known_device=device) is RootState.OFFLINE
    assert find_root_identity(drive) != identity
    assert lost_with_its_device(drive / "a.png", device, root_device)


def test_local_folder_is_no_network_path(tmp_path: Path) -> None:
    assert not is_network_path(tmp_path)


@pytest.mark.parametrize(
    ("drive", "expected"),
    [
        ("\\\\nas\\props", True),
        ("//nas/props", True),
        ("\\\\?\\UNC\\nas\\props", True),
        ("\\\\?\\C:", False),
        ("C:", False),
    ],
)
def test_unc_share_is_a_network_path(drive: str, expected: bool) -> None:
    assert roots._is_unc(drive) is expected


def test_the_innermost_mount_decides() -> None:
    mounts = [("/", "ext4"), ("/mnt", "tmpfs"), ("/mnt/nas", "CIFS"), ("/mnt/nas/local", "ext4")]
    assert roots._is_networked(Path("/mnt/nas/props"), mounts)
    assert not roots._is_networked(Path("/mnt/nas/local/props"), mounts)
    assert not roots._is_networked(Path("/mnt/nasty"), mounts)
