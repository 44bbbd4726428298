"""Follows watched folders: what the watcher reports is listed, then indexed.

One per writing Library; driven by the thread that calls `run`. A run that is cancelled loses nothing: the next goes on
with what is left, and looks anew only at folders that came meanwhile.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path

from engine.catalogue.folders import Folder
from engine.files.watcher import FolderWatcher, RescanReason, RescanRequest, WatchMode, WatchTiming
from engine.indexing.control import Control
from engine.indexing.listing import ListingReport
from engine.library import Library

LOOK_S = 0.5
"""How soon a cancel is noticed while nothing happens."""
FIRST_LOOK_S = 10.0
"""How long indexing waits for the first look at every folder; starting to watch one may hang."""


class Watching:
    """Watches every folder of a library until it is closed.

    `listed` is told of every look at a folder, `index` is to do what may wait since, and returns whether it broke off
    because there was news; both on the thread of `run`.
    """

    def __init__(
        self, library: Library, listed: Callable[[RescanRequest, ListingReport], None], index: Callable[[Control], bool]
    ) -> None:
        self._library = library
        self._listed, self._index = listed, index
        settings = library.settings
        self._requests: queue.SimpleQueue[RescanRequest] = queue.SimpleQueue()
        self._left: list[RescanRequest] = []
        self._watched: dict[Path, WatchMode] = {}
        self._unlisted: set[Path] = set()
        timing = WatchTiming(rescan_seconds=settings.rescan_minutes * 60.0, poll_seconds=settings.poll_seconds)
        self._watcher = FolderWatcher(self._requests.put, timing)

    def close(self) -> None:
        """Stop watching, after the last run."""
        self._watcher.close()

    def compare(self, root: Path) -> None:
        """Let the next look be at this folder; any thread. One that is not watched yet is looked at once it is."""
        if root in self._watched:
            self._requests.put(RescanRequest(root, RescanReason.ASKED))

    def has_news(self) -> bool:
        """Return whether something is to be looked at; any thread."""
        return bool(self._left) or not self._requests.empty()

    def run(self, control: Control) -> None:
        """List and index until cancelled. Raises what indexing raises."""
        self._follow_folders()
        may_wait = True
        patience_ends_at = time.monotonic() + FIRST_LOOK_S
        while not control.cancelled:
            may_wait |= self._list_asked(control)
            if may_wait and not control.cancelled and (not self._unlisted or time.monotonic() > patience_ends_at):
                may_wait = self._index(control)

    def _follow_folders(self) -> None:
        """Watch the folders that came or are to be watched otherwise, and those that went no more."""
        folders = [status.folder for status in self._library.folders()]
        wanted = {folder.path: WatchMode.POLLING if folder.polling else WatchMode.EVENTS for folder in folders}
        for root in self._watched.keys() - wanted:
            self._watcher.unwatch(root)
            self._unlisted.discard(root)
        for root, mode in wanted.items():
            if self._watched.get(root) is not mode:
                self._watcher.watch(root, mode)
                self._unlisted.add(root)
        self._watched = wanted

    def _list_asked(self, control: Control) -> bool:
        """List everything that is asked for by now; return whether something may wait to be indexed since."""
        found = False
        self._left += self._gathered()
        while self._left and not control.cancelled:
            request = self._left[0]
            folder = self._find_folder(request)
            if folder is not None:
                report = self._list(folder, request, control)
                if report is None or control.cancelled:
                    break
                found |= report.changed > 0 or request.directories is None
                self._listed(request, report)
            self._left.pop(0)
            self._unlisted.discard(request.root)
        return found

    def _gathered(self) -> list[RescanRequest]:
        gathered: list[RescanRequest] = []
        try:
            if not self._left:
                gathered.append(self._requests.get(timeout=LOOK_S))
            while True:
                gathered.append(self._requests.get_nowait())
        except queue.Empty:
            return gathered

    def _find_folder(self, request: RescanRequest) -> Folder | None:
        folders = (status.folder for status in self._library.folders())
        return next((folder for folder in folders if folder.path == request.root), None)

    def _list(self, folder: Folder, request: RescanRequest, control: Control) -> ListingReport | None:
        """Return what was found, None where it was cancelled before it began."""
        if request.directories is None:
            return next(iter(self._library.list_folders([folder], control)), None)
        return self._library.list_parts(folder, request.directories, request.trees, control)
