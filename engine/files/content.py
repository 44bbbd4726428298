"""Reads one file as it is now: its hash, and its bytes where they are few.

Any thread may call it. What is returned belongs to one state of the file: a file that was replaced, grew or shrank
meanwhile is refused. Nothing is ever written or locked.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blake3 import blake3

from engine.errors import DecodeError, DecodeFault
from engine.files.skipping import Standing, standing_of

if TYPE_CHECKING:
    from pathlib import Path


HASH_BYTES = 16
"""128 bits: no accidental collision in any library, at half the size of every key that is made of it."""

RACY_WINDOW_NS = 2_000_000_000
"""The coarsest clock of a file system in use, FAT's."""

KEPT_BYTES = 32 << 20
"""What callers that decode keep in memory: files up to this size are read once, larger ones streamed twice."""

_CHUNK_BYTES = 1 << 20
# O_NONBLOCK: opening a pipe that took the file's place must not wait for its writer.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_WINDOWS_SHARING_VIOLATION = 32


@dataclass(frozen=True, slots=True)
class FileContent:
    """`hash` is the first 16 bytes of the content's BLAKE3. `data` is the whole content, or None if it was too big.

    `racy`: the file was changed within two seconds of being read, so that a further change may leave its size and time
    as they are.
    """

    hash: bytes
    size: int
    mtime_ns: int
    device: int
    racy: bool
    data: bytes | None


def read_content(path: Path, keep_bytes: int) -> FileContent:
    """Read a regular file once, holding at most `keep_bytes` (or one MiB) of it.

    Raises DecodeError: CHANGING, VANISHED, ACCESS_DENIED or UNREADABLE. The file is read, not mapped into memory: a
    mapped file that is cut short kills the process.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            return _read_open(path, descriptor, keep_bytes)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _translated(path, error) from error


def hash_of(data: bytes) -> bytes:
    """Return the hash that `read_content` gives a file of these bytes."""
    return blake3(data).digest(length=HASH_BYTES)


def _read_open(path: Path, descriptor: int, keep_bytes: int) -> FileContent:
    began_ns = time.time_ns()
    before = os.fstat(descriptor)
    _require_readable(path, before)
    hasher = blake3()
    data = None
    if before.st_size <= keep_bytes:
        # One byte more than expected, to see the file grow.
        data = _read_up_to(descriptor, before.st_size + 1)
        hasher.update(data)
        read_bytes = len(data)
    else:
        read_bytes = _hash_up_to(descriptor, before.st_size + 1, hasher)
    _require_unchanged(path, descriptor, before, read_bytes)
    return FileContent(
        hash=hasher.digest(length=HASH_BYTES),
        size=before.st_size,
        mtime_ns=before.st_mtime_ns,
        device=before.st_dev,
        racy=began_ns - RACY_WINDOW_NS <= before.st_mtime_ns <= time.time_ns() + RACY_WINDOW_NS,
        data=data,
    )


def _read_up_to(descriptor: int, limit: int) -> bytes:
    parts = []
    while limit > 0 and (part := os.read(descriptor, limit)):
        parts.append(part)
        limit -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _hash_up_to(descriptor: int, limit: int, hasher: blake3) -> int:
    total = 0
    while total < limit and (chunk := os.read(descriptor, min(_CHUNK_BYTES, limit - total))):
        hasher.update(chunk)
        total += len(chunk)
    return total


def _require_readable(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise DecodeError(DecodeFault.UNREADABLE, f"{_shown(path)} is not a regular file.")
    if standing_of(status) is Standing.PLACEHOLDER:
        raise DecodeError(
            DecodeFault.UNREADABLE,
            f"{_shown(path)} lies in the cloud only.",
            "Keep it on this computer in the settings of the cloud drive; it is read then.",
        )


def _require_unchanged(path: Path, descriptor: int, before: os.stat_result, read_bytes: int) -> None:
    states = {_state(before), _state(os.fstat(descriptor)), _state(path.stat())}
    if len(states) > 1 or read_bytes != before.st_size:
        raise _changing(path)


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _changing(path: Path) -> DecodeError:
    return DecodeError(
        DecodeFault.CHANGING,
        f"{_shown(path)} was changed while it was read.",
        "It is read again once it has come to rest.",
    )


def _translated(path: Path, error: OSError) -> DecodeError:
    if getattr(error, "winerror", None) == _WINDOWS_SHARING_VIOLATION:
        return _changing(path)
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return DecodeError(DecodeFault.VANISHED, f"{_shown(path)} is no longer there.")
        case errno.EACCES | errno.EPERM:
            return DecodeError(
                DecodeFault.ACCESS_DENIED,
                f"{_shown(path)} may not be read by this user.",
                "Give your user the right to read it, then retry.",
            )
        case _:
            return DecodeError(
                DecodeFault.UNREADABLE,
                f"{_shown(path)} could not be read: {error.strerror or error}.",
                "Check the drive and its connection, then retry.",
            )


def _shown(path: Path) -> str:
    """A name that can be printed and stored, whatever bytes it is made of."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")
