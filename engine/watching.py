"""Follows watched folders for as long as it runs: what the watcher reports is listed, then indexed.

One per writing Library; driven by the thread that calls `run`.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass

from engine.catalogue.folders import Folder
from engine.files.watcher import FolderWatcher, RescanRequest, WatchMode, WatchTiming
from engine.indexing.control import Control, Progress
from engine.indexing.listing import ListingReport
from engine.indexing.pipeline import IndexReport
from engine.library import Library

LOOK_S = 0.5
"""How soon a cancel is noticed while nothing happens."""


@dataclass(frozen=True, slots=True)
class WatchCallbacks:
    """Told what happens, on the thread of `run`."""

    listed: Callable[[RescanRequest, ListingReport], None]
    progressed: Callable[[Progress], None]
    indexed: Callable[[IndexReport], None]


class Watching:
    """Watches every folder of a library until its control is cancelled."""

    def __init__(self, library: Library, control: Control, callbacks: WatchCallbacks) -> None:
        self._library = library
        self._control = control
        self._callbacks = callbacks
        self._requests: queue.SimpleQueue[RescanRequest] = queue.SimpleQueue()

    def run(self) -> None:
        """Watch, list and index until cancelled. Raises what indexing raises."""
        settings = self._library.settings
        timing = WatchTiming(rescan_seconds=settings.rescan_minutes * 60.0, poll_seconds=settings.poll_seconds)
        watcher = FolderWatcher(self._requests.put, timing)
        try:
            for status in self._library.folders():
                watcher.watch(status.folder.path, WatchMode.POLLING if status.folder.polling else WatchMode.EVENTS)
            while not self._control.cancelled:
                self._answer()
        finally:
            watcher.close()

    def _answer(self) -> None:
        """List everything that is asked for by now, then index once."""
        changed = 0
        for request in self._gathered():
            folder = self._find_folder(request)
            if folder is not None:
                report = self._list(folder, request)
                if report is None:
                    return
                changed += report.changed
                self._callbacks.listed(request, report)
        if changed:
            self._callbacks.indexed(self._library.index_pending(self._control, self._callbacks.progressed))
            self._library.keep_house()

    def _gathered(self) -> list[RescanRequest]:
        gathered: list[RescanRequest] = []
        try:
            gathered.append(self._requests.get(timeout=LOOK_S))
            while True:
                gathered.append(self._requests.get_nowait())
        except queue.Empty:
            return gathered

    def _find_folder(self, request: RescanRequest) -> Folder | None:
        folders = (status.folder for status in self._library.folders())
        return next((folder for folder in folders if folder.path == request.root), None)

    def _list(self, folder: Folder, request: RescanRequest) -> ListingReport | None:
        """Return what was found, None where it was cancelled before it began."""
        if request.directories is None:
            return next(iter(self._library.list_folders([folder], self._control)), None)
        return self._library.list_parts(folder, request.directories, request.trees, self._control)
