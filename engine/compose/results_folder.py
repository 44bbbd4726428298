"""The folder that new pictures go to: each appears whole under its own name, and no file is ever written over.

Any thread. A picture is written under a hidden name first, which indexing skips, and gets its own name when it is on
the disk; a kill leaves one or the other, never half a picture under a picture's name.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from engine.errors import ResultsFolderUnusable

LEAST_FREE_BYTES = 64_000_000
SUFFIXES = (".png", ".jpg", ".webp")
_UNFINISHED = ".part"


class NameTaken(Exception):
    """Another file got the name first."""


class ResultsFolder:
    """One folder for results."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_there(self) -> bool:
        """Whether the folder can be seen now; its drive may be away."""
        return self.path.is_dir()

    def require_usable(self) -> None:
        """Raise ResultsFolderUnusable unless a picture can be written here now."""
        if not self.is_there:
            raise ResultsFolderUnusable(
                f"the results folder {self.path} is not there", "plug its drive in or make it again"
            )
        if not os.access(self.path, os.W_OK):
            raise _denied(self.path)
        if shutil.disk_usage(self.path).free < LEAST_FREE_BYTES:
            raise _full(self.path)

    def free_stem(self, wanted: str) -> str:
        """Return a name without suffix that no picture here has, finished or not."""
        names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
        return next(stem for stem in names if not any(map(os.path.lexists, self.files_of(stem))))

    def files_of(self, stem: str) -> Iterator[Path]:
        """Yield where a picture of this name may lie: finished first."""
        for suffix in SUFFIXES:
            yield self.path / f"{stem}{suffix}"
        for suffix in SUFFIXES:
            yield self._unfinished(stem, suffix)

    def write(self, stem: str, suffix: str, data: bytes) -> Path:
        """Put a whole picture on the disk under its own name and return it.

        Raises NameTaken, or ResultsFolderUnusable for a folder that is full or went away.
        """
        unfinished, final = self._unfinished(stem, suffix), self.path / f"{stem}{suffix}"
        try:
            write_and_sync(unfinished, data)
            _rename_to_new(unfinished, final)
            _sync_directory(self.path)
        except FileExistsError as error:
            raise NameTaken from error
        except OSError as error:
            raise _failed(self.path, error) from error
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        return final

    def discard_unfinished(self, stem: str) -> None:
        """Remove what a kill left behind under a hidden name."""
        for suffix in SUFFIXES:
            with suppress(OSError):
                self._unfinished(stem, suffix).unlink(missing_ok=True)

    def _unfinished(self, stem: str, suffix: str) -> Path:
        return self.path / f".{stem}{suffix}{_UNFINISHED}"


def write_and_sync(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it. Raises OSError."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _rename_to_new(source: Path, target: Path) -> None:
    """Rename, but raise FileExistsError where the target exists, which a plain rename would replace."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network drives have no hard links: take the name with an empty file, then replace that.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        source.replace(target)


def _sync_directory(path: Path) -> None:
    # Windows cannot open a directory; it needs no such call.
    with suppress(PermissionError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failed(path: Path, error: OSError) -> ResultsFolderUnusable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _denied(path)
    return ResultsFolderUnusable(
        f"the results folder {path} cannot be written ({error.strerror or error})",
        "look at the drive and its connection",
    )


def _full(path: Path) -> ResultsFolderUnusable:
    return ResultsFolderUnusable(f"no room is left in the results folder {path}", "free some space")


def _denied(path: Path) -> ResultsFolderUnusable:
    return ResultsFolderUnusable(f"the results folder {path} may not be written", "make it writable for your user")
