"""Talks to the engine: sends commands, and tells every event by the Qt signal of its name, on the GUI thread.

`desktop.app` owns it. What was asked while no engine answered is asked as soon as one does; what an engine left
unanswered is asked once more of the next. A reader thread receives; `close` ends it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject, Qt, Signal

from engine import protocol
from engine.errors import EngineGone, PropmasterError

TRIES = 2
"""How many engines a command is asked of: one that takes engines down is not asked for ever."""

_P = ParamSpec("_P")
_log = logging.getLogger("desktop.engine")


class EngineClient(QObject):
    """One connection at a time; all methods are for the GUI thread."""

    connected = Signal(object)
    lost = Signal(str)

    request_completed = Signal(object)
    request_failed = Signal(object)
    folders_listed = Signal(object)
    search_completed = Signal(object)
    search_superseded = Signal(object)
    rows_fetched = Signal(object)
    ids_fetched = Signal(object)
    assets_fetched = Signal(object)
    details_fetched = Signal(object)
    tags_listed = Signal(object)
    saved_searches_listed = Signal(object)
    history_listed = Signal(object)
    picture_drawn = Signal(object)
    duplicates_found = Signal(object)
    status_fetched = Signal(object)
    models_listed = Signal(object)
    settings_fetched = Signal(object)
    updates_checked = Signal(object)
    description_split = Signal(object)
    candidates_found = Signal(object)
    assets_chosen = Signal(object)
    composition_planned = Signal(object)
    planned_jobs_fetched = Signal(object)
    batch_started = Signal(object)
    jobs_planned = Signal(object)
    batches_listed = Signal(object)
    batch_fetched = Signal(object)
    jobs_fetched = Signal(object)
    job_fetched = Signal(object)
    lineage_fetched = Signal(object)
    picks_exported = Signal(object)
    file_written = Signal(object)
    ledger_fetched = Signal(object)
    generators_listed = Signal(object)
    key_found = Signal(object)
    key_kept = Signal(object)
    connection_tried = Signal(object)
    stage_changed = Signal(object)
    folders_changed = Signal(object)
    assets_changed = Signal(object)
    tags_changed = Signal(object)
    saved_searches_changed = Signal(object)
    indexing_progressed = Signal(object)
    indexing_failed = Signal(object)
    encoder_switched = Signal(object)
    model_progressed = Signal(object)
    model_arrived = Signal(object)
    model_stopped = Signal(object)
    quality_planned = Signal(object)
    quality_changed = Signal(object)
    batch_changed = Signal(object)
    jobs_changed = Signal(object)

    _linked = Signal(object)
    _received = Signal(object)
    _gone = Signal(object, str)

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home
        self._ids = count(protocol.HELLO_ID + 1)
        self._link: protocol.EngineLink | None = None
        # The reader's own: it may have a link that the GUI thread has not heard of yet when that closes.
        self._live: protocol.EngineLink | None = None
        self._closing = False
        self._reader: threading.Thread | None = None
        self._waiting: dict[int, protocol.Command] = {}
        self._tries: dict[int, int] = {}
        self._minded: set[int] = set()
        queued = Qt.ConnectionType.QueuedConnection
        self._linked.connect(self._on_linked, queued)
        self._received.connect(self._on_received, queued)
        self._gone.connect(self._on_gone, queued)

    def open(self) -> None:
        """Call the engine of the data directory, unless a call is under way."""
        if self._reader is None:
            self._reader = threading.Thread(target=self._listen, name="engine reader")
            self._reader.start()

    def send(self, kind: Callable[Concatenate[int, _P], protocol.Command], *args: _P.args, **kwargs: _P.kwargs) -> int:
        """Ask for something; return the id that its answer carries."""
        request_id = next(self._ids)
        command = kind(request_id, *args, **kwargs)
        self._waiting[request_id] = command
        self._ask(command)
        return request_id

    def mind(self, request_id: int) -> int:
        """Leave it to the asker to tell the user should this fail; return its id."""
        self._minded.add(request_id)
        return request_id

    def is_minded(self, request_id: int) -> bool:
        """Return whether the asker itself tells the user of a failure."""
        return request_id in self._minded

    def close(self) -> None:
        """Hang up and wait for the reader; nothing is told from here on."""
        self._closing = True
        self._link = None
        if self._live is not None:
            self._live.close()
        if self._reader is not None:
            self._reader.join()
        self._waiting.clear()

    def _ask(self, command: protocol.Command) -> None:
        if self._link is None:
            return
        self._tries[command.request_id] = self._tries.get(command.request_id, 0) + 1
        try:
            self._link.send(command)
        except EngineGone:
            _log.info("%s waits for the next engine", type(command).__name__)

    def _listen(self) -> None:
        """Run on the reader thread until the engine has gone."""
        link = None
        reason = ""
        try:
            self._live = link = protocol.connect(self._home)
            self._linked.emit(link)
            while not self._closing:
                self._received.emit(link.receive())
        except PropmasterError as error:
            reason = error.message
        self._gone.emit(link, reason)

    def _on_linked(self, link: protocol.EngineLink) -> None:
        self._link = link
        unanswered = list(self._waiting.values())
        self.connected.emit(link.ready)
        for command in unanswered:
            if self._tries.get(command.request_id, 0) < TRIES:
                self._ask(command)
            else:
                self._give_up(command)

    def _on_received(self, event: protocol.Event) -> None:
        request_id = getattr(event, "request_id", None)
        if request_id is not None:
            self._waiting.pop(request_id, None)
            self._tries.pop(request_id, None)
        getattr(self, signal_name(type(event).__name__)).emit(event)
        if request_id is not None:
            self._minded.discard(request_id)

    def _on_gone(self, link: protocol.EngineLink | None, reason: str) -> None:
        if self._reader is not None:
            self._reader.join()
            self._reader = None
        if link is not None:
            link.close()
        self._link = None
        self.lost.emit(reason)

    def _give_up(self, command: protocol.Command) -> None:
        self._on_received(
            protocol.RequestFailed(
                command.request_id,
                EngineGone.code,
                self.tr("The search engine stopped twice over the same request."),
                self.tr("Try something else; the log has the details."),
            )
        )


@cache
def signal_name(event: str) -> str:
    """Return the name of an event's signal: `SearchCompleted` → `search_completed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event).lower()
