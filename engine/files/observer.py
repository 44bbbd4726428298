"""Turns the system's file events of one root into marks; the one owner of watchdog.

Only the watcher makes observers. Events are hints: they say which folders to list, never what happened there. Linked
folders send none. Windows and macOS drop events without a word; what inotify could not watch or tell is reported.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver

from engine.files.rescan import DirtyFolders, RescanReason
from engine.files.skipping import is_skipped_path
from engine.files.watched_root import WatchLimitReached

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import CallbackId, InotifyEvent, InotifyFD, Mask, WatchCallback, WatchDescriptor
else:
    from watchdog.observers import Observer

if TYPE_CHECKING:
    import threading
    from pathlib import Path

_LIMIT_ERRNOS = (errno.ENOSPC, errno.EMFILE)

# Opening and reading are left out: the scanner itself would raise those events. Changed attributes are in: a file may
# have been made readable, or fetched from the cloud. A folder's own "modified" repeats what its entry said.
_EVENT_TYPES: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirAttribEvent,
    DirDeletedEvent,
    DirMovedEvent,
]


class WatchdogObserver:
    """One observer for one root, so that a fault or an overflow in one leaves the others alone."""

    def __init__(self, root: Path, dirty: DirtyFolders) -> None:
        # Events carry resolved paths on macOS, and inotify watches the link itself where a root is one.
        self._root = os.path.realpath(root)
        self._marker = _Marker(self._root, dirty)
        self._losses = _Losses(dirty)
        self._observer: BaseObserver | None = None

    @property
    def limit_reached(self) -> bool:
        return self._losses.limit_reached

    def start(self) -> None:
        try:
            self._observer = _make_observer(self._losses)
            self._observer.schedule(self._marker, self._root, recursive=True, event_filter=_EVENT_TYPES)
            self._observer.start()
        except _GivenUp as given_up:
            if self._losses.limit_reached:
                raise WatchLimitReached from given_up
            raise InterruptedError(errno.EINTR, "Watching was given up") from given_up
        except OSError as error:
            if error.errno in _LIMIT_ERRNOS:
                raise WatchLimitReached from error
            raise

    def is_alive(self) -> bool:
        observer = self._observer
        if observer is None or not observer.is_alive() or not observer.emitters:
            return False
        threads = [*observer.emitters, *getattr(observer, "sources", ())]
        return all(thread.is_alive() for thread in threads)

    def abandon(self) -> None:
        self._losses.given_up = True

    def stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            if observer.ident is not None:
                observer.join()


class _Marker(FileSystemEventHandler):
    """Marks the folders in which something happened; on the observer's thread."""

    def __init__(self, root: str, dirty: DirtyFolders) -> None:
        self._prefix = root.rstrip(os.sep) + os.sep
        self._dirty = dirty

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_synthetic:
            return  # what lies in a folder that came: the folder itself is walked
        for path in (event.src_path, event.dest_path):
            relative = self._relative_of(os.fsdecode(path))
            if relative is None or is_skipped_path(relative):
                continue
            self._dirty.mark_directory(relative.rpartition("/")[0])
            if event.is_directory and _is_to_be_walked(event, path):
                self._dirty.mark_tree(relative)

    def _relative_of(self, path: str) -> str | None:
        if not path.startswith(self._prefix) or path == self._prefix:
            return None
        return path.removeprefix(self._prefix).replace(os.sep, "/")


def _is_to_be_walked(event: FileSystemEvent, path: bytes | str) -> bool:
    """A folder that is new at this path comes with content that raises no events of its own."""
    return isinstance(event, (DirCreatedEvent, DirAttribEvent)) or path == event.dest_path


class _GivenUp(Exception):
    """Raised through watchdog to end its walk; not an OSError, which it would swallow."""


class _Losses:
    """What an observer could not see; shared by its threads."""

    def __init__(self, dirty: DirtyFolders) -> None:
        self._dirty = dirty
        self.limit_reached = False
        self.given_up = False

    def note_overflow(self) -> None:
        self._dirty.mark_everything(RescanReason.EVENTS_LOST)

    def note_limit(self) -> None:
        self.limit_reached = True


if sys.platform == "linux":

    class _ReportingInotify(InotifyFD):
        """watchdog mends its watches after an overflow and swallows a full watch table; here both are told."""

        def __init__(self, losses: _Losses) -> None:
            super().__init__()
            self._losses = losses

        def run(self) -> None:
            with contextlib.suppress(_GivenUp):
                super().run()

        def handle_event(self, event: InotifyEvent) -> None:
            if event.is_queue_overflow:
                self._losses.note_overflow()
            super().handle_event(event)

        def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
            if self._losses.given_up:
                raise _GivenUp
            try:
                descriptor = super().add_callback(path, mask, callback, id_)
            except OSError as error:
                if error.errno not in _LIMIT_ERRNOS:
                    raise
                self._losses.note_limit()
                raise _GivenUp from error
            if descriptor == -1:
                # watchdog takes a refused folder for a watched one.
                self.remove_callbacks([(descriptor, id_)])
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fsdecode(path))
            return descriptor

        def _add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
            # watchdog adds a folder twice that is made while the one above is walked, and warns of its own doing;
            # inotify_add_watch(2) merely returns the same descriptor again.
            watch = self._get_or_create_watch(path, mask)
            watch.callbacks[id_] = callback
            return watch.wd

    class _InotifyObserver(BaseObserver):
        """As watchdog's own, with the reporting source of events."""

        def __init__(self, losses: _Losses) -> None:
            self._source = _ReportingInotify(losses)
            super().__init__(InotifyEmitter, inotify_fd=self._source)
            self._source.start()

        @property
        def sources(self) -> tuple[threading.Thread, ...]:
            return (self._source,)

        def on_thread_stop(self) -> None:
            super().on_thread_stop()
            self._source.stop()
            self._source.join()

    def _make_observer(losses: _Losses) -> BaseObserver:
        return _InotifyObserver(losses)

else:

    def _make_observer(losses: _Losses) -> BaseObserver:  # noqa: ARG001 - these systems tell of no losses
        return Observer()
