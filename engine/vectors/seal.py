"""The seal of an embedded database: proof that its files are those of the last clean close.

Written by the store after Milvus has let go of the directory, verified and removed before Milvus opens it again. It
lies beside the directory, never inside. Invariant: a seal exists only while nobody may write, so that its absence
means an end that was not clean. Milvus Lite itself opens truncated logs, lost segments and flipped bytes silently.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from blake3 import blake3

from engine.errors import DataDirectoryUnusable, DiskFull

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FORMAT = 1
# Milvus locks it while the database is open; it is empty, and Windows refuses to read it when locked.
_LOCK_FILE = "LOCK"


class SealState(StrEnum):
    """What the seal says about the directory."""

    INTACT = "intact"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Contents:
    """What was in the database when it was sealed."""

    encoder: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """State of the directory, what it held when sealed, and the files (relative, POSIX) that differ from then."""

    state: SealState
    contents: Contents | None = None
    differing: tuple[str, ...] = ()


def seal_path(directory: Path) -> Path:
    """Return where the seal of a directory lies."""
    return directory.with_name(directory.name + ".seal")


def write(directory: Path, contents: Contents) -> None:
    """Seal the directory as it is now, atomically. Raises DiskFull or DataDirectoryUnusable."""
    try:
        body = {
            "format": _FORMAT,
            "encoder": contents.encoder,
            "rows": contents.rows,
            "digest": contents.digest,
            "files": _fingerprints(directory),
        }
        _replace(seal_path(directory), json.dumps(body, ensure_ascii=False, indent=1))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"There is no room left to close {directory}", "Free some disk space.") from error
        raise DataDirectoryUnusable(f"{directory} cannot be sealed: {error}", "Check its permissions.") from error


def verify(directory: Path) -> Verdict:
    """Compare the directory with its seal; reads every file once. A seal that cannot be read counts as absent."""
    try:
        body = json.loads(seal_path(directory).read_text(encoding="utf-8"))
        if body["format"] != _FORMAT:
            return Verdict(SealState.ABSENT)
        contents = Contents(str(body["encoder"]), int(body["rows"]), str(body["digest"]))
        sealed = {str(name): (int(size), str(digest)) for name, (size, digest) in body["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Verdict(SealState.ABSENT)
    differing = _differences(directory, sealed)
    return Verdict(SealState.BROKEN if differing else SealState.INTACT, contents, differing)


def remove(directory: Path) -> None:
    """Take the seal off, durably, before anything may be written. Raises DataDirectoryUnusable."""
    try:
        seal_path(directory).unlink(missing_ok=True)
        _sync_directory(directory.parent)
    except OSError as error:
        raise DataDirectoryUnusable(f"{seal_path(directory)} cannot be removed: {error}") from error


def _differences(directory: Path, sealed: Mapping[str, tuple[int, str]]) -> tuple[str, ...]:
    try:
        present = _fingerprints(directory)
    except OSError as error:
        return (str(error),)
    return tuple(sorted(name for name in sealed.keys() | present.keys() if sealed.get(name) != present.get(name)))


def _fingerprints(directory: Path) -> dict[str, tuple[int, str]]:
    if not directory.is_dir():
        return {}
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != _LOCK_FILE)
    return {path.relative_to(directory).as_posix(): _fingerprint(path) for path in files}


def _fingerprint(path: Path) -> tuple[int, str]:
    return path.stat().st_size, blake3().update_mmap(path).hexdigest()


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    # Windows can neither open nor sync a directory; its rename is journalled.
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
