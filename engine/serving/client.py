"""One client of the engine: receives its commands, answers each once, and lets its newest search win.

One thread receives and answers what the catalogue knows at once, one searches, one does what takes longer, and a few
are for compositions, some of which wait for the network or for the user to unlock a keyring. All end when the client
hangs up.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from typing import cast

from engine import protocol
from engine.errors import MessageInvalid, PropmasterError, ProtocolMismatch
from engine.protocol.codec import decode, encode, find_request_id
from engine.protocol.link import hang_up
from engine.search.second import SearchStopped
from engine.serving.composing import AT_ONCE, COMPOSING_HANDLERS
from engine.serving.engine import Engine
from engine.serving.handlers import HANDLERS, SLOW
from engine.serving.lists import Lists
from engine.serving.plans import Plans

COMPOSING_THREADS = 4

_log = logging.getLogger("engine.serving")


class Client:
    """Serves a connection until it ends."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self._engine, self._connection = engine, connection
        self._lists = Lists(engine.library)
        self._plans = Plans(self._lists.closed)
        self._sending = threading.Lock()
        self._news = threading.Condition()
        self._waiting: protocol.Search | None = None
        self._wanted: int | None = None
        """The search whose answer is still waited for."""
        self._gone = False
        self._aside = ThreadPoolExecutor(1, "aside")
        self._composing = ThreadPoolExecutor(COMPOSING_THREADS, "composing")
        self._searcher = threading.Thread(target=self._search_on, name="searcher", daemon=True)

    def serve(self) -> None:
        """Greet, then answer until the client hangs up."""
        try:
            if self._greet():
                self._engine.add_listener(self._send)
                self._searcher.start()
                while True:
                    self._answer_next()
        except (OSError, EOFError):
            pass
        except PropmasterError as error:
            _log.warning("a client was sent away: %s", error)
        finally:
            self._leave()

    def _greet(self) -> bool:
        hello = decode(self._connection.recv_bytes(), protocol.Hello)
        if hello.version != protocol.VERSION:
            error = ProtocolMismatch(
                f"this engine speaks version {protocol.VERSION}, not {hello.version}",
                "close every Propmaster and start it again",
            )
            self._send(_failed(hello.request_id, error))
            return False
        self._send(
            protocol.EngineReady(
                hello.request_id, protocol.VERSION, self._engine.home, self._engine.thumbnails, self._engine.stage
            )
        )
        return True

    def _answer_next(self) -> None:
        data = self._connection.recv_bytes()
        try:
            command = cast(protocol.Command, decode(data, protocol.Command))
        except MessageInvalid as error:
            request_id = find_request_id(data)
            _log.warning("a command was refused: %s", error)
            if request_id is not None:
                self._send(_failed(request_id, error))
            return
        self._answer(command)

    def _answer(self, command: protocol.Command) -> None:
        match command:
            case protocol.Search() if command.query.terms:
                self._engine.begin_work()
                self._take(command)
            case protocol.Search():
                # The catalogue answers at once, whatever a search before it still waits for.
                self._take(None)
                self._send(self._tried(lambda: self._lists.open(command), command.request_id))
                self._engine.begin_work()
            case protocol.CancelSearch():
                self._take(None, command.search_id)
                self._send(protocol.RequestCompleted(command.request_id))
            case _:
                self._handle(command)

    def _handle(self, command: protocol.Command) -> None:
        work = self._work_of(command)
        if work is None:
            error = MessageInvalid("this engine cannot do that", "update Propmaster")
            self._send(_failed(command.request_id, error))
            return
        answer = partial(self._tried, work, command.request_id)
        if isinstance(command, SLOW):
            self._aside.submit(lambda: self._send(answer()))
        elif type(command) in COMPOSING_HANDLERS and not isinstance(command, AT_ONCE):
            self._composing.submit(lambda: self._send(answer()))
        else:
            self._send(answer())

    def _work_of(self, command: protocol.Command) -> Callable[[], protocol.Answer] | None:
        kind = type(command)
        if kind in COMPOSING_HANDLERS:
            return partial(COMPOSING_HANDLERS[kind], self._engine, self._plans, command)
        return partial(HANDLERS[kind], self._engine, self._lists, command) if kind in HANDLERS else None

    def _take(self, search: protocol.Search | None, cancelled: int | None = None) -> None:
        """Put a search in line, or none, in place of the former ones, or only of the cancelled one.

        What waits is answered at once; what runs stops between its stages.
        """
        with self._news:
            former = self._waiting
            if former is not None and cancelled in (None, former.request_id):
                self._waiting = None
                self._send(protocol.SearchSuperseded(former.request_id))
            if cancelled in (None, self._wanted):
                self._wanted = None
            if search is not None:
                self._waiting, self._wanted = search, search.request_id
            self._news.notify()

    def _search_on(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._gone or self._waiting is not None)
                search, self._waiting = self._waiting, None
            if self._gone or search is None:
                return
            self._send(self._tried(partial(self._found, search), search.request_id))

    def _found(self, search: protocol.Search) -> protocol.Answer:
        try:
            return self._lists.open(search, lambda: self._wanted != search.request_id)
        except SearchStopped:
            return protocol.SearchSuperseded(search.request_id)

    def _tried(self, work: Callable[[], protocol.Answer], request_id: int) -> protocol.Answer:
        try:
            return work()
        except PropmasterError as error:
            return _failed(request_id, error)
        # A bug must cost one answer, not the engine.
        except Exception:  # noqa: BLE001
            _log.exception("a command failed")
            return protocol.RequestFailed(request_id, "bug", "something went wrong in the engine", "see the log")

    def _send(self, event: protocol.Event) -> None:
        with self._sending:
            try:
                self._connection.send_bytes(encode(event))
            except OSError:
                # Gone, or it stopped reading; a message may be cut in two, so nothing can follow it.
                hang_up(self._connection)

    def _leave(self) -> None:
        with self._news:
            self._gone = True
            self._news.notify()
        self._lists.closed.set()
        self._aside.shutdown(cancel_futures=True)
        self._composing.shutdown(cancel_futures=True)
        with contextlib.suppress(ValueError):
            self._engine.remove_listener(self._send)
        if self._searcher.is_alive():
            self._searcher.join()
        self._connection.close()


def _failed(request_id: int, error: PropmasterError) -> protocol.RequestFailed:
    return protocol.RequestFailed(request_id, error.code, error.message, error.hint)
