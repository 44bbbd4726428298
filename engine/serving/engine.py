"""What the engine process has for all its clients: the open library, its stage, the indexer, and news to everyone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from engine import protocol
from engine.errors import PropmasterError
from engine.library import Library
from engine.serving.batch_news import BatchNews
from engine.serving.indexer import Indexer
from engine.serving.transfers import Transfers

WARMING_TEXT = "picture"
"""Encoded once in the background, so that the first search finds the model loaded."""

FIRST_LIST_PATIENCE_S = 1.0
"""How long loading and indexing wait for a client to have its first list: they take the interpreter for seconds."""

_log = logging.getLogger("engine.serving")


class Engine:
    """Made by the worker; `close` once, after the clients are gone."""

    def __init__(self, home: Path) -> None:
        """Open the library for writing. Raises what `Library` raises."""
        self.home = home
        self.library = Library(home)
        self.thumbnails = self.library.thumbnails.directory
        self.stage = protocol.Stage.BROWSE
        self.ended = threading.Event()
        self._listeners: list[Callable[[protocol.News], None]] = []
        self._lock = threading.Lock()
        self.indexer = Indexer(self.library, self.tell)
        self.batch_news = BatchNews(self.library.studio, self.tell)
        self.transfers = Transfers(self.library.spaces.shelf, self.tell)
        self._working = threading.Event()
        self._loader = threading.Thread(target=self._work, name="loader")

    def start(self) -> None:
        """Load the index and the model, and index, all in the background, once the first list is answered."""
        self._loader.start()
        self.batch_news.start()

    def begin_work(self) -> None:
        """Load and index without waiting any longer: the first list is answered, or a search needs the model."""
        self._working.set()

    def start_batch(self, batch_id: int) -> None:
        """Send what may be sent of a batch of compositions, and tell how it goes. Raises BatchUnknown."""
        started = self.library.studio.start(batch_id)
        # It counts as running until this moment, so that earlier news would not tell its end.
        started.add_done_callback(lambda _: self.batch_news.note(batch_id))

    def close(self) -> None:
        """Stop everything and release the library."""
        self._working.set()
        self.transfers.close()
        self.batch_news.close()
        self.indexer.close()
        if self._loader.is_alive():
            self._loader.join()
        self.library.close()

    def end(self) -> None:
        """Make the process leave; the window starts another."""
        self.ended.set()

    def add_listener(self, listener: Callable[[protocol.News], None]) -> None:
        """Tell someone all news from now on."""
        with self._lock:
            self._listeners.append(listener)

    def remove_listener(self, listener: Callable[[protocol.News], None]) -> None:
        """Tell them no more."""
        with self._lock:
            self._listeners.remove(listener)

    def tell(self, news: protocol.News) -> None:
        """Tell every client."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(news)

    def _work(self) -> None:
        self._working.wait(FIRST_LIST_PATIENCE_S)
        self.indexer.start()
        self._load()

    def _load(self) -> None:
        try:
            self.library.prepare_search()
            self.stage = protocol.Stage.SEARCH
            self.tell(protocol.StageChanged(self.stage))
            self.library.prepare_search(WARMING_TEXT)
        except PropmasterError as error:
            _log.warning("searching is not possible: %s", error)
            self.stage = protocol.Stage.FAILED
            self.tell(protocol.StageChanged(self.stage, error.code, error.message, error.hint))
