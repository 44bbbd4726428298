"""The data directory: made, checked for being writable, and held by one writing Propmaster at a time."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import DataDirectoryUnusable, DiskFull, LibraryBusy

LOCK_NAME = "lock"
OWNER_NAME = "lock.pid"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def prepare_home(home: Path) -> None:
    """Create the data directory where it is missing. Raises DataDirectoryUnusable."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failed_write(home, error) from error


class HomeLock:
    """Held while this process may write; the system releases it when the process ends, however it ends."""

    def __init__(self, home: Path) -> None:
        """Take the lock. Raises LibraryBusy if another process holds it, DataDirectoryUnusable or DiskFull."""
        self._lock = FileLock(home / LOCK_NAME, timeout=0, thread_local=False)
        owner = home / OWNER_NAME
        try:
            self._lock.acquire()
            owner.write_text(f"{os.getpid()}\n", "utf-8")
        except Timeout as error:
            raise LibraryBusy(
                f"another Propmaster{_pid_of(owner)} is writing to {home}",
                "wait for it, stop it, or choose another data directory with --home; searching works meanwhile",
            ) from error
        except OSError as error:
            self._lock.release()
            raise failed_write(home, error) from error

    def release(self) -> None:
        """Let others write."""
        self._lock.release()


def _pid_of(owner: Path) -> str:
    try:
        return f" (process {int(owner.read_text('utf-8'))})"
    except (OSError, ValueError):
        return ""


def failed_write(home: Path, error: OSError) -> DataDirectoryUnusable | DiskFull:
    """Return what a failed write into the data directory means to the user."""
    if error.errno in _FULL:
        return disk_full(home)
    return unwritable(home, error.strerror or str(error))


def disk_full(home: Path) -> DiskFull:
    """Return the error for a data directory whose disk is full."""
    return DiskFull(f"no room left on the disk of {home}", "free some space and try again; nothing is lost")


def unwritable(home: Path, reason: str) -> DataDirectoryUnusable:
    """Return the error for a data directory that cannot be written."""
    return DataDirectoryUnusable(
        f"cannot write the data directory {home} ({reason})",
        "make it writable, or choose another with --home or PROPMASTER_HOME",
    )
