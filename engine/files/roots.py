"""Tells whether a root folder is there, and whether files are gone or only their drive is.

Any thread may call it. When in doubt a file counts as out of reach rather than deleted, since only deletion loses
something. No question to the disk is waited for beyond its deadline.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.files.skipping import is_skipped_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PROBE_DEADLINE_SECONDS = 4.0
_WINDOWS_NOT_READY = 21

# File systems whose other users' changes raise no events here, so that they are polled.
# fmt: off
_NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "davfs2", "fuse.ceph", "fuse.davfs",
        "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs",
        "fuse.vmhgfs-fuse", "glusterfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4", "prl_fs", "smb", "smb2", "smb3",
        "smbfs", "sshfs", "vboxsf", "virtiofs", "webdav",
    }
)
# fmt: on


class RootState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class RootIdentity:
    """Which folder lies at a path; another one once a drive is mounted over it or taken away."""

    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class _Sighting:
    identity: RootIdentity
    empty: bool


def probe_root(path: Path, had_files: bool, known_device: int | None) -> RootState:
    """Tell whether a root can be scanned, given what the last scan found there.

    A drive that is unplugged leaves its mount point behind: an empty folder on another device where files were known
    is OFFLINE, not emptied. On a dead network mount `stat` may hang for minutes and cannot be interrupted, so the disk
    is asked on a daemon thread: an answer that takes longer than PROBE_DEADLINE_SECONDS means OFFLINE, and no further
    thread is started for that root until the hanging one is answered.
    """
    seen = _ask(path, _look)
    if not isinstance(seen, _Sighting):
        return seen or RootState.OFFLINE
    if seen.empty and had_files and known_device not in (None, seen.identity.device):
        return RootState.OFFLINE
    return RootState.ONLINE


def find_root_identity(path: Path) -> RootIdentity | None:
    """Return None where no readable folder answers in time."""
    seen = _ask(path, _look)
    return seen.identity if isinstance(seen, _Sighting) else None


def lost_with_its_device(path: Path, device: int, root_device: int) -> bool:
    """Whether a file that is gone from an online root is out of reach with its drive, rather than deleted.

    `device` is the file's, `root_device` its root's, both recorded by the same scan: numbers of another boot cannot be
    compared. A file of the root's own file system is deleted. One of a drive mounted or linked inside the root is
    deleted only if that very device is still there at the nearest folder left above it.
    """
    return device != root_device and _device_of_nearest_folder(path.parent) != device


def is_network_path(path: Path) -> bool:
    """Whether the path lies on a network or host-shared file system, which sends no events and needs polling."""
    if _is_unc(path.drive):
        return True
    mounts = [
        (mount.mountpoint, "nfs" if "remote" in mount.opts.split(",") else mount.fstype)
        for mount in psutil.disk_partitions(all=True)
    ]
    # As spelled first: resolving links asks the disk, which may hang on a dead mount.
    return _is_networked(path.absolute(), mounts) or _is_networked(Path(os.path.realpath(path)), mounts)


@dataclass(frozen=True, slots=True)
class _Question:
    """Shared by all who ask about a path while the disk has not answered."""

    deadline: float
    answer: Future[_Sighting | RootState]


# Of the process, as the mounts are: a dead one may hold one thread, not one for each that asks.
_open_questions: dict[Path, _Question] = {}
_open_questions_lock = threading.Lock()


def _ask(path: Path, look: Callable[[Path], _Sighting | RootState]) -> _Sighting | RootState | None:
    """Return None if the disk does not answer within the deadline, or is still busy with an earlier question."""
    with _open_questions_lock:
        question = _open_questions.get(path)
        if question is None:
            question = _Question(time.monotonic() + PROBE_DEADLINE_SECONDS, Future())
            _open_questions[path] = question
            threading.Thread(
                target=_answer, args=(path, question, look), name=f"probe {path.name}", daemon=True
            ).start()
    try:
        return question.answer.result(timeout=max(0.0, question.deadline - time.monotonic()))
    except TimeoutError:
        return None


def _answer(path: Path, question: _Question, look: Callable[[Path], _Sighting | RootState]) -> None:
    try:
        seen = look(path)
    except BaseException as error:
        _close_question(path)
        question.answer.set_exception(error)
        raise
    _close_question(path)
    question.answer.set_result(seen)


def _close_question(path: Path) -> None:
    """Let the next who asks look anew; before the answer is given, or that one could get it, out of date."""
    with _open_questions_lock:
        del _open_questions[path]


def _look(path: Path) -> _Sighting | RootState:
    try:
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode):
            return RootState.OFFLINE
        with os.scandir(path) as entries:
            empty = all(is_skipped_path(entry.name) for entry in entries)
    except OSError as error:
        return _state_of(error)
    return _Sighting(RootIdentity(status.st_dev, status.st_ino), empty)


def _state_of(error: OSError) -> RootState:
    # Windows reports an empty drive as a refused permission.
    denied = error.errno in (errno.EACCES, errno.EPERM) and getattr(error, "winerror", None) != _WINDOWS_NOT_READY
    return RootState.DENIED if denied else RootState.OFFLINE


def _device_of_nearest_folder(folder: Path) -> int | None:
    for candidate in (folder, *folder.parents):
        try:
            status = candidate.stat()
        except OSError:
            continue
        if stat.S_ISDIR(status.st_mode):
            return status.st_dev
    return None


def _is_unc(drive: str) -> bool:
    drive = drive.replace("/", "\\").upper()
    return drive.startswith("\\\\") and (
        not drive.startswith(("\\\\?\\", "\\\\.\\")) or drive.startswith("\\\\?\\UNC\\")
    )


def _is_networked(path: Path, mounts: Iterable[tuple[str, str]]) -> bool:
    return _file_system_of(path, mounts).lower() in _NETWORK_FILE_SYSTEMS


def _file_system_of(path: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """The type of the mount that holds the path; later mounts cover earlier ones at the same place."""
    depth, found = -1, ""
    for mountpoint, file_system in mounts:
        place = Path(mountpoint)
        if path.is_relative_to(place) and len(place.parts) >= depth:
            depth, found = len(place.parts), file_system
    return found
