"""The life of one watched root: seen, lost, found again; its observer started, renewed, restarted or given up.

Owned by the watcher, whose supervisor thread alone calls `advance` and `stop`; `state` may be read by any thread.
Invariant: whenever watching begins anew, a request for everything follows, since what happened before was not seen.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from engine.files.rescan import DirtyFolders, RescanReason, RescanRequest
from engine.files.roots import RootIdentity, find_root_identity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_logger = logging.getLogger(__name__)

_FIRST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 60.0


class WatchMode(StrEnum):
    EVENTS = "events"
    POLLING = "polling"


@dataclass(frozen=True, slots=True)
class WatchState:
    """`mode` as it is in effect; `detail` tells the user why it is not what was asked for, or what is wrong."""

    mode: WatchMode
    healthy: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WatchTiming:
    settle_ms: int = 1_000
    """A change is told once nothing more happened for this long …"""
    patience_ms: int = 15_000
    """… or at the latest when the first change is this old."""
    rescan_seconds: float = 3_600
    """Everything is looked at this often even with events: Windows and macOS lose some without saying so."""
    poll_seconds: float = 300
    probe_seconds: float = 3
    """How often each root is checked for being there and its observer for being alive."""


class WatchLimitReached(Exception):
    """The system watches no more folders for this user; polling takes over."""


class RootObserver(Protocol):
    """What turns the system's events into marks."""

    def start(self) -> None:
        """Raises WatchLimitReached or OSError."""

    def is_alive(self) -> bool: ...

    @property
    def limit_reached(self) -> bool: ...

    def abandon(self) -> None:
        """Make a `start` that is under way on another thread give up."""

    def stop(self) -> None:
        """End every thread of the observer, also after a failed start."""


class WatchedRoot:
    def __init__(
        self,
        path: Path,
        mode: WatchMode,
        timing: WatchTiming,
        dirty: DirtyFolders,
        new_observer: Callable[[Path, DirtyFolders], RootObserver],
    ) -> None:
        self.path = path
        self.requested_mode = mode
        self.state = WatchState(mode, healthy=False, detail="Watching has not begun yet.")
        self._timing = timing
        self._dirty = dirty
        self._new_observer = new_observer
        self._observer: RootObserver | None = None
        self._identity: RootIdentity | None = None
        self._abandoned = False
        self._begin_for: RescanReason | None = RescanReason.WATCH_BEGUN
        self._announced_missing = False
        self._probe_at = self._begin_at = self._began_at = 0.0
        self._rescan_at = float("inf")
        self._retry_seconds = _FIRST_RETRY_SECONDS

    def advance(self) -> list[RescanRequest]:
        """Do what is due by now; return what the caller is to be asked for."""
        requests: list[RescanRequest] = []
        if time.monotonic() >= self._probe_at:
            requests += self._probe()
            self._probe_at = time.monotonic() + self._timing.probe_seconds
        if self._identity is not None and self._begin_for is not None and time.monotonic() >= self._begin_at:
            requests += self._begin(self._begin_for)
        if time.monotonic() >= self._rescan_at:
            requests += self._rescan()
        due_at = self._dirty.due_at()
        if due_at is not None and time.monotonic() >= due_at:
            requests.append(self._dirty.take(self.path))
        return requests

    def next_due_at(self) -> float:
        begin_at = self._begin_at if self._begin_for is not None and self._identity is not None else float("inf")
        return min(self._probe_at, self._rescan_at, begin_at, self._dirty.due_at() or float("inf"))

    def recover(self) -> None:
        """Begin anew after an `advance` that failed, or whose requests did not arrive."""
        self._probe_at = time.monotonic() + self._timing.probe_seconds
        self._begin_soon(RescanReason.OBSERVER_RESTARTED)
        self._delay_begin("Watching has failed; it is being restarted.")

    def abandon(self) -> None:
        """Make `advance` return soon; any thread may call it."""
        self._abandoned = True
        observer = self._observer
        if observer is not None:
            observer.abandon()

    def stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()

    def _probe(self) -> list[RescanRequest]:
        identity = find_root_identity(self.path)
        if identity is None:
            return self._lose()
        if self._identity is None:
            self._identity = identity
            if self._announced_missing:
                self._begin_for = RescanReason.ROOT_RETURNED
            self._begin_at = 0.0
        elif self._is_another(identity):
            self._identity = identity
            self._begin_soon(RescanReason.ROOT_RETURNED)
        elif self._observer is not None and not self._observer.is_alive():
            self._replace_dead_observer(self._observer)
        elif time.monotonic() - self._began_at > _LONGEST_RETRY_SECONDS:
            self._retry_seconds = _FIRST_RETRY_SECONDS
        return []

    def _is_another(self, identity: RootIdentity) -> bool:
        # Some network file systems number their folders anew as they like.
        if self.requested_mode is WatchMode.POLLING:
            return self._identity is not None and identity.device != self._identity.device
        return identity != self._identity

    def _lose(self) -> list[RescanRequest]:
        self.stop()
        self._identity = None
        self._rescan_at = float("inf")
        self.state = WatchState(
            self.requested_mode, healthy=False, detail=f"{self.path} is not there, or closed to you."
        )
        if self._announced_missing:
            return []
        self._announced_missing = True
        return [RescanRequest(self.path, RescanReason.ROOT_VANISHED)]

    def _begin_soon(self, reason: RescanReason) -> None:
        self.stop()
        self._begin_for = reason
        self._begin_at = 0.0

    def _replace_dead_observer(self, observer: RootObserver) -> None:
        self._begin_soon(RescanReason.OBSERVER_RESTARTED)
        # At the limit the next start finds out and goes over to polling.
        if not observer.limit_reached:
            _logger.warning("The observer of %s has died; it is restarted in %.0f s", self.path, self._retry_seconds)
            self._delay_begin("Watching has stopped by itself; it is being restarted.")

    def _delay_begin(self, detail: str) -> None:
        self._begin_at = time.monotonic() + self._retry_seconds
        self._retry_seconds = min(2 * self._retry_seconds, _LONGEST_RETRY_SECONDS)
        self._rescan_at = min(self._rescan_at, time.monotonic() + self._timing.poll_seconds)
        self.state = WatchState(self.requested_mode, healthy=False, detail=detail)

    def _begin(self, reason: RescanReason) -> list[RescanRequest]:
        try:
            self.state = self._start_observing()
        except OSError as error:
            self._begin_soon(reason)
            self._delay_begin(f"{self.path} cannot be watched: {error.strerror or error}.")
            return []
        self._begin_for = None
        self._began_at = time.monotonic()
        self._announced_missing = False
        return [self._request_everything(reason)]

    def _start_observing(self) -> WatchState:
        if self.requested_mode is WatchMode.POLLING:
            return WatchState(WatchMode.POLLING, healthy=True)
        self._observer = observer = self._new_observer(self.path, self._dirty)
        if self._abandoned:
            observer.abandon()
        try:
            observer.start()
        except WatchLimitReached:
            self.stop()
            _logger.warning("The limit of watched folders is reached; %s is polled", self.path)
            return WatchState(WatchMode.POLLING, healthy=True, detail=self._limit_advice())
        return WatchState(WatchMode.EVENTS, healthy=True)

    def _limit_advice(self) -> str:
        return (
            f"The system watches no more folders for you, so {self.path} is checked every "
            f"{self._timing.poll_seconds:.0f} seconds instead. Raise fs.inotify.max_user_watches "
            "(and max_user_instances) to have changes noticed at once."
        )

    def _rescan(self) -> list[RescanRequest]:
        """Ask for everything, on a fresh observer: one may have died in a way that does not show."""
        self._rescan_at = time.monotonic() + self._timing.poll_seconds
        if self.state.healthy and self.state.mode is WatchMode.EVENTS:
            self.stop()
            return self._begin(RescanReason.PERIODIC)
        return [self._request_everything(RescanReason.PERIODIC)]

    def _request_everything(self, reason: RescanReason) -> RescanRequest:
        watches = self.state.healthy and self.state.mode is WatchMode.EVENTS
        pause = self._timing.rescan_seconds if watches else self._timing.poll_seconds
        self._rescan_at = time.monotonic() + pause
        return RescanRequest(self.path, reason)
