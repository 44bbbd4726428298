from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from blake3 import blake3

from engine.errors import DecodeError, DecodeFault
from engine.files.content import HASH_BYTES, read_content
from tests.capabilities import permissions_bind

OLD_NS = 1_600_000_000 * 10**9
MIB = 1 << 20
DEADLINE_SECONDS = 10


def fault_of(path: Path, keep_bytes: int = MIB) -> DecodeFault:
    with pytest.raises(DecodeError) as caught:
        read_content(path, keep_bytes)
    return caught.value.fault


def test_small_file_is_hashed_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"pixels")
    read = read_content(path, 6)
    status = path.stat()
    assert read.data == b"pixels"
    assert read.hash == blake3(b"pixels").digest(length=HASH_BYTES)
    assert (read.size, read.mtime_ns, read.device) == (6, status.st_mtime_ns, status.st_dev)


def test_large_file_is_hashed_in_pieces_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.psd"
    pixels = os.urandom(3 * MIB + 17)
    path.write_bytes(pixels)
    read = read_content(path, MIB)
    assert read.data is None
    assert read.hash == blake3(pixels).digest(length=HASH_BYTES)


def test_empty_file_has_empty_content(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.touch()
    assert read_content(path, MIB).data == b""


def test_file_read_right_after_its_change_is_racy(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"1")
    assert read_content(path, MIB).racy
    os.utime(path, ns=(OLD_NS, OLD_NS))
    assert not read_content(path, MIB).racy


def test_time_in_the_future_is_not_racy_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"1")
    tomorrow_ns = path.stat().st_mtime_ns + 86_400 * 10**9
    os.utime(path, ns=(tomorrow_ns, tomorrow_ns))
    assert not read_content(path, MIB).racy


def test_reading_changes_nothing_but_the_access_time(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"1")
    before = path.stat()
    read_content(path, MIB)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_mode) == (
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_mode,
    )


class Meddler:
    """Changes a file at a known moment: between two pieces of its reading."""

    def __init__(self, path: Path, meddle: object, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.done = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=(meddle, path))
        real_read = os.read

        def read_then_wait(descriptor: int, size: int) -> bytes:
            piece = real_read(descriptor, size)
            self.go.set()
            assert self.done.wait(DEADLINE_SECONDS)
            return piece

        monkeypatch.setattr(os, "read", read_then_wait)
        self.thread.start()

    def _run(self, meddle: object, path: Path) -> None:
        assert callable(meddle)
        assert self.go.wait(DEADLINE_SECONDS)
        meddle(path)
        self.done.set()


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 3)


def overwrite(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(b"y" * size)
    os.utime(path, ns=(OLD_NS + 1, OLD_NS + 1))


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(OLD_NS, OLD_NS))
    other.replace(path)


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be replaced there")
@pytest.mark.parametrize("size", [1_000, 2 * MIB])
@pytest.mark.parametrize(
    ("meddle", "fault"),
    [
        (grow, DecodeFault.CHANGING),
        (shrink, DecodeFault.CHANGING),
        (overwrite, DecodeFault.CHANGING),
        (replace, DecodeFault.CHANGING),
        (Path.unlink, DecodeFault.VANISHED),
    ],
)
def test_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, meddle: object, fault: DecodeFault
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x" * size)
    os.utime(path, ns=(OLD_NS, OLD_NS))
    meddler = Meddler(path, meddle, monkeypatch)
    try:
        assert fault_of(path) is fault
    finally:
        meddler.thread.join()


@pytest.mark.timeout(30)
def test_file_that_never_stops_growing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x" * 2 * MIB)
    real_read = os.read

    def read_and_grow(descriptor: int, size: int) -> bytes:
        with path.open("ab") as file:
            file.write(b"x" * 2 * MIB)
        return real_read(descriptor, size)

    monkeypatch.setattr(os, "read", read_and_grow)
    assert fault_of(path) is DecodeFault.CHANGING
    assert path.stat().st_size < 16 * MIB


def test_vanished_file_is_told_as_such(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "gone.png") is DecodeFault.VANISHED
    (tmp_path / "file").touch()
    if sys.platform != "win32":
        assert fault_of(tmp_path / "file" / "gone.png") is DecodeFault.VANISHED


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits do not bind there")
def test_refused_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"1")
    path.chmod(0)
    with permissions_bind():
        assert fault_of(path) is DecodeFault.ACCESS_DENIED


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among files there")
@pytest.mark.timeout(30)
def test_pipe_in_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert fault_of(tmp_path / "a.png") is DecodeFault.UNREADABLE


def test_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    assert fault_of(tmp_path) in (DecodeFault.UNREADABLE, DecodeFault.ACCESS_DENIED)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_failing_drive_is_told_as_unreadable() -> None:
    # The memory of a process cannot be read at its first byte: the one EIO that can be had without a broken disk.
    assert fault_of(Path("/proc/self/mem")) is DecodeFault.UNREADABLE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_message_about_a_name_that_is_no_utf8_can_be_stored(tmp_path: Path) -> None:
    with pytest.raises(DecodeError) as caught:
        read_content(tmp_path / os.fsdecode(b"bl\xe4tter.png"), MIB)
    assert "bl\\udce4tter.png" in caught.value.message
    caught.value.message.encode("utf-8")
