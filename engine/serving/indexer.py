"""Indexing in the background: lists, reads and watches every folder, and can be paused, hurried and begun anew.

Owned by the worker; one thread. What it finds is told to all clients.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine import protocol
from engine.errors import PropmasterError
from engine.files.rescan import RescanReason, RescanRequest
from engine.indexing.control import Control, Progress
from engine.indexing.listing import ListingReport
from engine.indexing.pipeline import IndexReport
from engine.library import Library
from engine.serving.wording import to_progress
from engine.watching import Watching

GENTLE_REST_S = 0.15
"""How long indexing rests after each of its up to ten reports a second while another program is in front."""
NEWS_INTERVAL_S = 1.0
RETRY_S = 30.0
_ROUTINE = (RescanReason.EVENTS, RescanReason.PERIODIC)
"""Looks at folders that are of no interest to anyone unless they find something."""

_log = logging.getLogger("engine.serving")


class Indexer:
    """Keeps the library in step with its folders until closed."""

    def __init__(self, library: Library, tell: Callable[[protocol.News], None]) -> None:
        self._library, self._tell = library, tell
        self._control = Control()
        self._paused = False
        self.quality_activity = protocol.QualityActivity.IDLE
        self._is_bought = False
        self._closed = threading.Event()
        self._renewing = threading.Lock()
        self._told_at = 0.0
        self._searched = library.searched_encoder
        self.state = protocol.IndexingState()
        self._watching = Watching(library, self._on_listed, self._index_pending)
        self._thread = threading.Thread(target=self._run, name="indexer")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop soon and wait for it; what is not finished stays in line."""
        with self._renewing:
            self._closed.set()
            self._control.cancel()
        if self._thread.is_alive():
            self._thread.join()
        self._watching.close()

    def begin_anew(self, *compared: Path) -> None:
        """Go on with the folders as they are by now; first compare these with the disk, and those that are new."""
        for root in compared:
            self._watching.compare(root)
        self._control.cancel()

    def pause(self) -> None:
        """Finish what is in flight and start nothing new."""
        self._paused = True
        self._control.pause()
        self._show(self.state.activity)

    def resume(self) -> None:
        """Go on after a pause."""
        self._paused = False
        self._control.resume()
        activity = protocol.Activity.INDEXING if self.state.total else protocol.Activity.IDLE
        self._become(replace(self.state, activity=activity))

    def buy_quality(self) -> None:
        """Show the quality encoder, which is a service, what was paid for."""
        self._is_bought = True
        self.hold_quality(held=False)

    def hold_quality(self, *, held: bool) -> None:
        """Show the quality encoder no more pictures, or go on with it."""
        self._tell_quality(protocol.QualityActivity.HELD if held else protocol.QualityActivity.IDLE)
        if not held:
            self.begin_anew()

    def throttle(self, throttle: protocol.Throttle) -> None:
        """Work at full speed, or leave the machine to others."""
        self._become(replace(self.state, throttle=throttle))

    def _run(self) -> None:
        while self._renew_control():
            try:
                self._show(protocol.Activity.LISTING)
                self._watching.run(self._control)
            except PropmasterError as error:
                _log.warning("indexing stopped: %s", error)
                self._fail(error.code, error.message, error.hint)
            # A bug must not end indexing for the rest of the day without a word.
            except Exception as error:  # noqa: BLE001
                _log.exception("indexing failed")
                self._fail("bug", f"indexing failed: {error}", "it tries again; see the log")

    def _fail(self, code: str, message: str, hint: str) -> None:
        self._tell(protocol.IndexingFailed(code, message, hint))
        self._control.wait(RETRY_S)

    def _renew_control(self) -> bool:
        """Return whether to go on, with a control that nobody has cancelled."""
        with self._renewing:
            if self._closed.is_set():
                return False
            self._control = Control()
            if self._paused:
                self._control.pause()
            return True

    def _index_pending(self, control: Control) -> bool:
        if self._library.has_pending():
            self._show(protocol.Activity.INDEXING)
            self._on_indexed(self._library.index_pending(control, self._on_progress))
            self._library.keep_house()
        else:
            # Files that went away may have been all that the encoder in the making lacked.
            self._library.spaces.settle()
            self._tell_switched()
            if not self._paused:
                self._show(protocol.Activity.IDLE)
        self._fill_quality(control)
        return self._watching.has_news()

    def _fill_quality(self, control: Control) -> None:
        """Show pictures to the quality encoder while there is nothing else to do."""
        may_run = self._is_bought or self._library.quality.waits()
        if self._is_quality_off() or control.cancelled or not may_run:
            return
        # What is bought meanwhile counts for the next run.
        bought, self._is_bought = self._is_bought, False
        self._tell_quality(protocol.QualityActivity.RUNS)
        self._show(protocol.Activity.INDEXING)
        try:
            self._library.quality.fill(control, self._on_progress, self._must_break_off)
            bought = bought and (control.cancelled or self._must_break_off())
        except PropmasterError as error:
            _log.warning("the quality encoder stopped: %s", error)
            self._tell_quality(protocol.QualityActivity.STOPPED, error)
        self._is_bought |= bought
        if self.quality_activity is protocol.QualityActivity.RUNS:
            self._tell_quality(protocol.QualityActivity.IDLE)
        self._tell_changed()
        self._show(protocol.Activity.IDLE)

    def _is_quality_off(self) -> bool:
        return self.quality_activity in (protocol.QualityActivity.HELD, protocol.QualityActivity.STOPPED)

    def _must_break_off(self) -> bool:
        return self._is_quality_off() or self._watching.has_news()

    def _tell_quality(self, activity: protocol.QualityActivity, error: PropmasterError | None = None) -> None:
        self.quality_activity = activity
        why = () if error is None else (error.code, error.message, error.hint)
        self._tell(protocol.QualityChanged(activity, *why))

    def _on_listed(self, request: RescanRequest, report: ListingReport) -> None:
        if report.changed or report.missing or request.reason not in _ROUTINE:
            self._tell_changed()

    def _on_progress(self, progress: Progress) -> None:
        activity = protocol.Activity.PAUSED if self._paused else protocol.Activity.INDEXING
        self._become(to_progress(progress, replace(self.state, activity=activity)))
        if time.monotonic() - self._told_at >= NEWS_INTERVAL_S:
            self._tell_changed()
        if self.state.throttle is protocol.Throttle.GENTLE:
            self._control.wait(GENTLE_REST_S)

    def _on_indexed(self, _report: IndexReport) -> None:
        self._tell_switched()
        self._tell_changed()
        if not self._paused:
            self._show(protocol.Activity.IDLE)

    def _show(self, activity: protocol.Activity) -> None:
        """Tell what is begun; while paused, that it is held, and how far it was."""
        if self._paused:
            self._become(replace(self.state, activity=protocol.Activity.PAUSED, rate=0.0, seconds_left=None))
        else:
            self._become(protocol.IndexingState(activity, self.state.throttle))

    def _become(self, state: protocol.IndexingState) -> None:
        self.state = state
        self._tell(protocol.IndexingProgressed(state))

    def _tell_switched(self) -> None:
        searched = self._library.searched_encoder
        if searched != self._searched:
            self._searched = searched
            self._tell(protocol.EncoderSwitched(searched))

    def _tell_changed(self) -> None:
        self._told_at = time.monotonic()
        self._tell(protocol.FoldersChanged())
        self._tell(protocol.AssetsChanged())
