"""Which names and attributes the library leaves alone: hidden, junk, half-written, and kept in the cloud only.

Used by the scanner, the reader and the watcher, so that all three agree. Nothing here touches the disk.
"""

from __future__ import annotations

import stat
import sys
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

# Folders that programs and file servers make for themselves; compared in lower case.
_JUNK_DIRECTORIES = frozenset(
    {
        "__macosx",
        "__pycache__",
        "node_modules",
        "$recycle.bin",
        "recycler",
        "system volume information",
        "lost+found",
        "network trash folder",
        "temporary items",
        "@eadir",  # Synology's thumbnails
        "#recycle",
        "#snapshot",
        "@recycle",  # QNAP
        "@recently-snapshot",
    }
)

# Lock files of office programs and Syncthing's half-received files.
_UNFINISHED_PREFIXES = (".", "~$", "~syncthing~")
_UNFINISHED_SUFFIXES = (
    "~",
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".aria2",
    ".!ut",
    ".swp",
    ".blend@",  # Blender saves here and renames
    "-autosave.kra",
)

_ICLOUD_SUFFIX = ".icloud"

# winnt.h; the stat module does not name these two.
_WINDOWS_RECALL_ON_OPEN = 0x0004_0000
_WINDOWS_RECALL_ON_DATA_ACCESS = 0x0040_0000
_WINDOWS_IN_THE_CLOUD = stat.FILE_ATTRIBUTE_OFFLINE | _WINDOWS_RECALL_ON_OPEN | _WINDOWS_RECALL_ON_DATA_ACCESS

_MACOS_DATALESS = 0x4000_0000  # SF_DATALESS of <sys/stat.h>; the stat module names it from Python 3.13 on


class Standing(Enum):
    """What a file's attributes say about whether it may be read."""

    PLAIN = auto()
    HIDDEN = auto()
    PLACEHOLDER = auto()
    """Reading it would make a cloud drive download it."""


HAS_ATTRIBUTES = sys.platform in ("win32", "darwin")
"""Whether this system marks hidden files and placeholders by attributes rather than by names."""


def is_skipped_directory(name: str) -> bool:
    return name.startswith(".") or name.lower() in _JUNK_DIRECTORIES


def is_skipped_file(name: str) -> bool:
    return name.startswith(_UNFINISHED_PREFIXES) or name.lower().endswith(_UNFINISHED_SUFFIXES)


def is_skipped_path(relative: str) -> bool:
    """Whether a POSIX-style path below a root, of a file or a folder, is hidden, junk or unfinished."""
    *parents, name = relative.split("/")
    return is_skipped_file(name) or is_skipped_directory(name) or any(map(is_skipped_directory, parents))


def find_evicted_name(name: str) -> str | None:
    """Return `torch.png` for `.torch.png.icloud`, which older macOS leaves behind for a file kept in iCloud only."""
    if name.startswith(".") and name.endswith(_ICLOUD_SUFFIX):
        return name[1 : -len(_ICLOUD_SUFFIX)] or None
    return None


def standing_of(status: os.stat_result) -> Standing:
    if sys.platform == "win32":
        return standing_by_windows_attributes(status.st_file_attributes)
    if sys.platform == "darwin":
        return standing_by_macos_flags(status.st_flags)
    return Standing.PLAIN


def is_hidden_directory(status: os.stat_result) -> bool:
    """Whether a folder carries the hidden attribute.

    Windows marks every folder with an icon of its own as a system folder, so the system attribute alone hides none.
    """
    if sys.platform == "win32":
        return bool(status.st_file_attributes & stat.FILE_ATTRIBUTE_HIDDEN)
    if sys.platform == "darwin":
        return bool(status.st_flags & stat.UF_HIDDEN)
    return False


def standing_by_windows_attributes(attributes: int) -> Standing:
    if attributes & (stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM):
        return Standing.HIDDEN
    return Standing.PLACEHOLDER if attributes & _WINDOWS_IN_THE_CLOUD else Standing.PLAIN


def standing_by_macos_flags(flags: int) -> Standing:
    if flags & stat.UF_HIDDEN:
        return Standing.HIDDEN
    return Standing.PLACEHOLDER if flags & _MACOS_DATALESS else Standing.PLAIN
