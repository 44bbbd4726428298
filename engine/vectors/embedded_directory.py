"""The directory of an embedded database as files: who may touch it, what state it is in, how damage is put aside.

Used by `store` alone, and only while Milvus has the directory closed. Invariant: whoever holds an
`EmbeddedDirectory` is the only process that reads the seal, moves or deletes there.
"""

from __future__ import annotations

import glob
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from engine.errors import DataDirectoryUnusable, LibraryBusy
from engine.vectors import seal
from engine.vectors.seal import Contents, SealState, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ASIDE = ".damaged-"


class EmbeddedDirectory:
    """One database directory, held by this process until `release`."""

    def __init__(self, path: Path) -> None:
        """Take hold of the directory and verify its seal. Raises LibraryBusy or DataDirectoryUnusable."""
        self.path = path
        # Closing may happen on another thread than opening.
        self._lock_path = path.with_name(path.name + ".lock")
        self._lock = FileLock(self._lock_path, thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise LibraryBusy(
                "Another Propmaster has this vector database open", "Close it, or choose another data directory."
            ) from error
        except OSError as error:
            raise DataDirectoryUnusable(
                f"{path.parent} cannot be written: {error}", "Check its permissions."
            ) from error
        self.verdict = seal.verify(path)

    @property
    def exists(self) -> bool:
        """Whether anything lies at the path, be it a file of Milvus 2."""
        return self.path.exists()

    @property
    def is_beyond_repair(self) -> bool:
        """Whether it is no directory, or files of rows differ from the sealed ones."""
        damaged = self.verdict.state is SealState.BROKEN and not self.only_indexes_differ
        return damaged or (self.exists and not self.path.is_dir())

    @property
    def only_indexes_differ(self) -> bool:
        """Whether the seal is broken, but by index files alone, which Milvus builds again."""
        return self.verdict.state is SealState.BROKEN and all(_is_index(name) for name in self.verdict.differing)

    def break_seal(self) -> None:
        """Take the seal off; from here on the directory counts as unclean."""
        seal.remove(self.path)
        self.verdict = Verdict(SealState.ABSENT)

    def discard_indexes(self) -> None:
        """Delete all index files; Milvus builds them again from the rows."""
        with _writable(self.path):
            for index in self.path.glob("collections/*/partitions/*/indexes/*"):
                index.unlink()

    def set_aside(self) -> None:
        """Move what lies at the path out of the way; it is deleted with the next seal."""
        with _writable(self.path):
            if self.exists:
                self.path.rename(self._free_name())

    def seal(self, contents: Contents) -> None:
        """Seal the closed directory, then delete what was set aside. Raises DiskFull or DataDirectoryUnusable."""
        seal.write(self.path, contents)
        for aside in self._set_aside():
            _delete(aside)

    def delete(self) -> None:
        """Delete the database with all that was set aside, and let go. Raises DataDirectoryUnusable."""
        try:
            self.break_seal()
            for path in [self.path, *self._set_aside()]:
                _delete(path)
            if self.exists:
                raise DataDirectoryUnusable(
                    f"{self.path} cannot be deleted", "Check its permissions, and that no program uses it."
                )
        finally:
            self.release()
        with suppress(OSError):
            self._lock_path.unlink()

    def release(self) -> None:
        """Let other processes have the directory."""
        self._lock.release()

    def _set_aside(self) -> list[Path]:
        return list(self.path.parent.glob(f"{glob.escape(self.path.name)}{_ASIDE}*"))

    def _free_name(self) -> Path:
        taken = {path.name for path in self._set_aside()}
        names = (f"{self.path.name}{_ASIDE}{number}" for number in range(1, len(taken) + 2))
        return self.path.with_name(next(name for name in names if name not in taken))


def _delete(path: Path) -> None:
    """Delete a directory or file as far as that is possible."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataDirectoryUnusable(
            f"{path} cannot be repaired: {error}", "Check its permissions, and that no program uses it."
        ) from error


def _is_index(name: str) -> bool:
    parts = name.split("/")
    return len(parts) > 1 and parts[-2] == "indexes"
