"""Walks folders and tells what differs from what the caller knows; reads names and sizes, never contents.

Any thread may call it. A listing with a fault is incomplete: what it names is there, what it does not name is unknown,
and `compare` therefore never calls a file missing because of it.

Links: a linked folder is followed where its target lies outside the root, once in a walk. A link to a folder inside
the root would show the same files twice, and one to a folder above it would never end; both are left out. A linked
file counts as a file. Windows junctions are links.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from engine.files.skipping import (
    HAS_ATTRIBUTES,
    Standing,
    find_evicted_name,
    is_hidden_directory,
    is_skipped_directory,
    is_skipped_file,
    standing_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_by_name = attrgetter("name")


class AccessFault(StrEnum):
    """Why a folder could not be listed, or not wholly."""

    DENIED = "denied"
    VANISHED = "vanished"
    PATH_TOO_LONG = "path_too_long"
    LINK_LOOP = "link_loop"
    UNREADABLE = "unreadable"


# Tuples, not dataclasses: a quarter of a million are made in one scan.
class FileStat(NamedTuple):
    size: int
    mtime_ns: int
    device: int


class KnownFile(NamedTuple):
    """What the caller recorded when it last read the file."""

    size: int
    mtime_ns: int
    racy: bool
    """As `FileContent.racy`: an equal size and time do not prove that the content is the same."""


@dataclass(frozen=True, slots=True)
class DirectoryListing:
    """One folder. `relative` is POSIX-style below the root, '' for the root itself; names are as the system gives
    them, bytes that are no UTF-8 as surrogate escapes."""

    relative: str
    files: dict[str, FileStat] = field(default_factory=dict)
    subdirectories: tuple[str, ...] = ()
    placeholders: frozenset[str] = frozenset()
    """Files that lie in a cloud only: not to be read, and not gone either."""
    device: int = 0
    fault: AccessFault | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Names within one folder."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Perhaps changed: the content decides."""
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.missing)


_NO_CHANGES = Changes()


def walk(root: Path, wanted: Callable[[str], bool], below: str = "") -> Iterator[DirectoryListing]:
    """Yield a listing of every folder from `below` (relative to the root) downwards, parents first, sorted by name.

    `wanted` is asked with each file's name. A folder that cannot be read yields a listing with its fault.
    """
    reader = _DirectoryReader(root, wanted)
    visited: set[tuple[int, int]] = set()
    pending = [below]
    while pending:
        relative = pending.pop()
        path = reader.path_of(relative)
        try:
            status = os.stat(path)  # noqa: PTH116
        except OSError as error:
            yield DirectoryListing(relative, fault=_fault_of(error))
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in visited:
            continue
        visited.add(identity)
        listing = reader.read(relative, path, status.st_dev)
        yield listing
        prefix = f"{relative}/" if relative else ""
        pending.extend(prefix + name for name in reversed(listing.subdirectories))


def list_directory(root: Path, relative: str, wanted: Callable[[str], bool]) -> DirectoryListing:
    """List one folder without going deeper.

    A caller that keeps `subdirectories` in step walks those it does not know and drops the files below those that are
    no longer named, provided that the listing has no fault.
    """
    reader = _DirectoryReader(root, wanted)
    path = reader.path_of(relative)
    try:
        device = os.stat(path).st_dev  # noqa: PTH116
    except OSError as error:
        return DirectoryListing(relative, fault=_fault_of(error))
    return reader.read(relative, path, device)


def compare(listing: DirectoryListing, known: Mapping[str, KnownFile]) -> Changes:
    """Tell what differs in one folder by size and time alone.

    A file that was read within moments of its last change ("racily clean" in git's words, racy-git.txt of its
    technical documentation) may have changed again within the same tick of the file system's clock, so it counts as
    changed however equal it looks.
    """
    added = []
    changed = []
    for name, (size, mtime_ns, _) in listing.files.items():
        seen = known.get(name)
        if seen is None:
            added.append(name)
        elif seen[1] != mtime_ns or seen[0] != size or seen[2]:
            changed.append(name)
    missing = () if len(listing.files) - len(added) == len(known) else _missing(listing, known)
    if not (added or changed or missing):
        return _NO_CHANGES
    return Changes(tuple(added), tuple(changed), missing)


def _missing(listing: DirectoryListing, known: Mapping[str, KnownFile]) -> tuple[str, ...]:
    if listing.fault is not None:
        return ()
    return tuple(name for name in known if name not in listing.files and name not in listing.placeholders)


class _DirectoryReader:
    """Reads single folders of one root."""

    def __init__(self, root: Path, wanted: Callable[[str], bool]) -> None:
        self._root = os.fspath(root)
        self._wanted = wanted
        self._resolved_root: str | None = None

    def path_of(self, relative: str) -> str:
        return os.path.join(self._root, relative) if relative else self._root  # noqa: PTH118 - hot path

    def read(self, relative: str, path: str, device: int) -> DirectoryListing:
        fault = None
        entries: list[os.DirEntry[str]] = []
        try:
            with os.scandir(path) as scan:
                # One by one: what was read before an I/O error still counts.
                for entry in scan:
                    entries.append(entry)  # noqa: PERF402
        except OSError as error:
            fault = _fault_of(error)
        entries.sort(key=_by_name)
        return self._sort_out(entries, DirectoryListing(relative, device=device, fault=fault))

    def _sort_out(self, entries: list[os.DirEntry[str]], empty: DirectoryListing) -> DirectoryListing:
        files = empty.files
        device = empty.device
        fault = empty.fault
        wanted = self._wanted
        subdirectories: list[str] = []
        placeholders: set[str] = set()
        for entry in entries:
            name = entry.name
            try:
                if entry.is_dir():
                    if self._is_walked(entry):
                        subdirectories.append(name)
                elif is_skipped_file(name):
                    if (evicted := find_evicted_name(name)) is not None and wanted(evicted):
                        placeholders.add(evicted)
                elif wanted(name) and entry.is_file():
                    status = entry.stat()
                    standing = standing_of(status) if HAS_ATTRIBUTES else Standing.PLAIN
                    if standing is Standing.PLAIN:
                        # Windows leaves the device out of what it lists.
                        files[name] = FileStat(status.st_size, status.st_mtime_ns, status.st_dev or device)
                    elif standing is Standing.PLACEHOLDER:
                        placeholders.add(name)
            except FileNotFoundError:
                continue  # gone since it was listed, or a link to nothing
            except OSError as error:
                # A link that leads to itself names nothing that could be known.
                fault = fault if error.errno == errno.ELOOP else _fault_of(error)
        return DirectoryListing(empty.relative, files, tuple(subdirectories), frozenset(placeholders), device, fault)

    def _is_walked(self, entry: os.DirEntry[str]) -> bool:
        if is_skipped_directory(entry.name):
            return False
        if HAS_ATTRIBUTES and is_hidden_directory(entry.stat(follow_symlinks=False)):
            return False
        return not _is_link(entry) or not self._leads_back(entry.path)

    def _leads_back(self, link: str) -> bool:
        """Whether a linked folder lies inside the root, or holds the very link."""
        if self._resolved_root is None:
            self._resolved_root = os.path.realpath(self._root)
        target = os.path.realpath(link)
        place = os.path.realpath(os.path.dirname(link))  # noqa: PTH120 - names stay text, as scandir gives them
        return _contains(self._resolved_root, target) or _contains(target, place)


def _is_link(entry: os.DirEntry[str]) -> bool:
    if sys.platform == "win32" and not entry.is_symlink():
        return entry.stat(follow_symlinks=False).st_reparse_tag == stat.IO_REPARSE_TAG_MOUNT_POINT
    return entry.is_symlink()


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _fault_of(error: OSError) -> AccessFault:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return AccessFault.DENIED
        case errno.ENOENT | errno.ENOTDIR:
            return AccessFault.VANISHED
        case errno.ENAMETOOLONG:
            return AccessFault.PATH_TOO_LONG
        case errno.ELOOP:
            return AccessFault.LINK_LOOP
        case _:
            return AccessFault.UNREADABLE
