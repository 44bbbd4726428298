"""Watches roots and asks for them to be looked at again.

The engine's composition root makes one FolderWatcher and closes it. One supervisor thread drives every root; what the
system's events leave out is found by the periodic rescan.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from engine.files.observer import WatchdogObserver
from engine.files.rescan import DirtyFolders, RescanReason, RescanRequest
from engine.files.watched_root import WatchedRoot, WatchMode, WatchState, WatchTiming

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["FolderWatcher", "RescanReason", "RescanRequest", "WatchMode", "WatchState", "WatchTiming"]

_logger = logging.getLogger(__name__)

_CLOSE_DEADLINE_SECONDS = 10.0


class FolderWatcher:
    """Calls `on_change` on its supervisor thread, which must not be kept: queue the request and return.

    A request for everything follows whenever watching begins, so a caller watches first and scans when asked. Use
    POLLING for roots on a network: their events stay on the server, and starting to watch one may hang.
    """

    def __init__(self, on_change: Callable[[RescanRequest], None], timing: WatchTiming | None = None) -> None:
        self._on_change = on_change
        self._timing = timing or WatchTiming()
        self._lock = threading.Lock()
        self._roots: dict[Path, WatchedRoot] = {}
        self._retired: list[WatchedRoot] = []
        self._closing = False
        self._wake = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="folder watcher", daemon=True)
        self._supervisor.start()

    def watch(self, root: Path, mode: WatchMode) -> None:
        """Begin to watch a root, there or not; with another mode than before, begin anew. Returns at once."""
        with self._lock:
            known = self._roots.get(root)
            if self._closing or (known is not None and known.requested_mode is mode):
                return
            self._retire(root)
            dirty = DirtyFolders(self._timing.settle_ms / 1000, self._timing.patience_ms / 1000, self._wake.set)
            self._roots[root] = WatchedRoot(root, mode, self._timing, dirty, WatchdogObserver)
        self._wake.set()

    def unwatch(self, root: Path) -> None:
        """Stop watching a root. A request that is under way may still arrive."""
        with self._lock:
            self._retire(root)
        self._wake.set()

    def state(self, root: Path) -> WatchState | None:
        """Return None for a root that is not watched."""
        with self._lock:
            watched = self._roots.get(root)
        return None if watched is None else watched.state

    def close(self) -> None:
        """Stop every thread. No request arrives after this returns, unless `on_change` itself closes."""
        with self._lock:
            self._closing = True
            for root in list(self._roots):
                self._retire(root)
        self._wake.set()
        if threading.current_thread() is self._supervisor:
            return
        self._supervisor.join(_CLOSE_DEADLINE_SECONDS)
        if self._supervisor.is_alive():
            _logger.warning("The folder watcher still waits for a disk that does not answer")

    def _retire(self, root: Path) -> None:
        watched = self._roots.pop(root, None)
        if watched is not None:
            watched.abandon()
            self._retired.append(watched)

    def _supervise(self) -> None:
        while True:
            self._wake.clear()
            with self._lock:
                roots, retired, closing = list(self._roots.values()), self._retired, self._closing
                self._retired = []
            for watched in retired:
                watched.stop()
            if closing:
                return
            for watched in roots:
                self._advance(watched)
            due_at = min((watched.next_due_at() for watched in roots), default=None)
            self._wake.wait(None if due_at is None else max(0.0, due_at - time.monotonic()))

    def _advance(self, watched: WatchedRoot) -> None:
        try:
            requests = watched.advance()
            for request in requests:
                if self._roots.get(watched.path) is watched:
                    self._on_change(request)
        except Exception:  # were this thread to end, every later change would be lost without a word
            _logger.exception("Watching %s failed", watched.path)
            watched.recover()
