"""What a request to look again says, and how single events are gathered into one.

The watcher owns one DirtyFolders for each root; its observer's threads mark, its supervisor takes.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class RescanReason(StrEnum):
    WATCH_BEGUN = "watch_begun"
    EVENTS = "events"
    EVENTS_LOST = "events_lost"
    """The system dropped events because too many came at once."""
    OBSERVER_RESTARTED = "observer_restarted"
    PERIODIC = "periodic"
    ROOT_VANISHED = "root_vanished"
    ROOT_RETURNED = "root_returned"
    """The root is there again, or another drive is now at its path."""
    ASKED = "asked"
    """The user wants it."""


@dataclass(frozen=True, slots=True)
class RescanRequest:
    """Folders to look at again, as POSIX-style paths below the root ('' is the root).

    `directories` are to be listed each by itself, None means the whole root; `trees` are to be walked with everything
    below. No directory lies in a tree, and no tree in another. Either may be gone by the time it is looked at; the
    folder above it is then among the directories.
    """

    root: Path
    reason: RescanReason
    directories: frozenset[str] | None = None
    trees: frozenset[str] = frozenset()


class DirtyFolders:
    """Gathers marks until nothing more came for `settle_seconds`, or until the first is `patience_seconds` old.

    Thread-safe. `on_first_mark` is called, outside the lock, when something is marked while nothing was.
    """

    def __init__(self, settle_seconds: float, patience_seconds: float, on_first_mark: Callable[[], None]) -> None:
        self._settle_seconds = settle_seconds
        self._patience_seconds = patience_seconds
        self._on_first_mark = on_first_mark
        self._lock = threading.Lock()
        self._first_mark: float | None = None
        self._last_mark = 0.0
        self._directories: set[str] = set()
        self._trees: set[str] = set()
        self._everything_for: RescanReason | None = None

    def mark_directory(self, relative: str) -> None:
        with self._lock:
            self._directories.add(relative)
            is_first = self._note_mark()
        self._tell(is_first)

    def mark_tree(self, relative: str) -> None:
        with self._lock:
            self._trees.add(relative)
            is_first = self._note_mark()
        self._tell(is_first)

    def mark_everything(self, reason: RescanReason) -> None:
        with self._lock:
            self._everything_for = reason
            is_first = self._note_mark()
        self._tell(is_first)

    def due_at(self) -> float | None:
        """Return the monotonic time at which the marks will have settled, or None if there are none."""
        with self._lock:
            if self._first_mark is None:
                return None
            return min(self._last_mark + self._settle_seconds, self._first_mark + self._patience_seconds)

    def take(self, root: Path) -> RescanRequest:
        """Return all marks as one request and forget them."""
        with self._lock:
            directories, trees, everything_for = self._directories, self._trees, self._everything_for
            self._directories, self._trees, self._everything_for = set(), set(), None
            self._first_mark = None
        if everything_for is not None:
            return RescanRequest(root, everything_for)
        outermost = frozenset(tree for tree in trees if not _lies_below(tree, trees))
        alone = frozenset(
            directory for directory in directories if directory not in trees and not _lies_below(directory, trees)
        )
        return RescanRequest(root, RescanReason.EVENTS, alone, outermost)

    def _note_mark(self) -> bool:
        is_first = self._first_mark is None
        self._last_mark = time.monotonic()
        if is_first:
            self._first_mark = self._last_mark
        return is_first

    def _tell(self, is_first: bool) -> None:
        if is_first:
            self._on_first_mark()


def _lies_below(relative: str, trees: set[str]) -> bool:
    while relative:
        relative = relative.rpartition("/")[0]
        if relative in trees:
            return True
    return False
