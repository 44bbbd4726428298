"""Asks a second space what a query means there, beside the searched one and not for longer than a search can wait.

Where it cannot say in time, or at all, the search is answered without it and the reason told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from engine.errors import PropmasterError, SecondSpaceSilent
from engine.search.meaning import Direction, Meaning, Vector
from engine.search.query import ImageTerm, Query

PATIENCE_S = 5.0
"""How long a search waits: a model that is being loaded, or a service that does not answer, takes longer."""
GLANCE_S = 0.05


class SearchStopped(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a query means in the second space."""

    meaning: Meaning
    direction: Direction


@dataclass(frozen=True, slots=True)
class Asked:
    """A question under way: its answer, None where the space is empty, and the vectors of texts that it waits for."""

    answer: Future[Opinion | None]
    texts: Sequence[Future[Vector]] = ()

    def withdraw(self) -> None:
        """Let what was not begun not be done."""
        for text in self.texts:
            text.cancel()
        self.answer.cancel()


class SecondSpace:
    """A space that is asked, on a thread of its own where that takes time. `close` it before the space it asks."""

    def __init__(self, name: str, meaning: Callable[[], Meaning], patience_s: float = PATIENCE_S) -> None:
        self.name = name
        self._meaning = meaning
        self._patience_s = patience_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="second space")
        self._lock = threading.Lock()
        self._late: Future[Opinion | None] | None = None

    def begin(self, query: Query) -> Asked:
        """Ask. While an earlier answer is overdue, nothing is asked and the answer is its absence."""
        with self._lock:
            if self._late is not None and not self._late.done():
                return _failed(self._silent())
            self._late = None
        try:
            return self._begin(self._meaning(), query)
        except PropmasterError as error:
            return _failed(error)

    def wait_for(self, asked: Asked, stopped: Callable[[], bool]) -> Opinion | PropmasterError | None:
        """Return the answer, None where the space is empty, or why there is none in time.

        Raises SearchStopped once `stopped` says so.
        """
        deadline = time.monotonic() + self._patience_s
        while not stopped():
            if wait((asked.answer,), GLANCE_S).done:
                return _outcome(asked.answer)
            if time.monotonic() > deadline:
                with self._lock:
                    self._late = asked.answer
                return self._silent()
        asked.withdraw()
        raise SearchStopped

    def close(self) -> None:
        """Let the question under way end."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _begin(self, meaning: Meaning, query: Query) -> Asked:
        if not len(meaning.source):
            # Nothing is asked, which may cost, for the sake of an empty space.
            return _done(None)
        texts = meaning.begin_texts(query)
        if any(isinstance(term, ImageTerm) for term in query.terms) or not all(text.done() for text in texts):
            return Asked(self._thread.submit(_answer, meaning, query, texts), texts)
        # What is remembered is answered before another thread would have begun.
        return _done(_answer(meaning, query, texts))

    def _silent(self) -> SecondSpaceSilent:
        return SecondSpaceSilent(
            f"{self.name} did not answer in time", "search again in a moment; its answer is kept once it comes"
        )


def _answer(meaning: Meaning, query: Query, texts: Sequence[Future[Vector]]) -> Opinion:
    return Opinion(meaning, meaning.direction(query, [text.result() for text in texts]))


def _outcome(answer: Future[Opinion | None]) -> Opinion | PropmasterError | None:
    try:
        return answer.result()
    except PropmasterError as error:
        return error


def _done(opinion: Opinion | None) -> Asked:
    done: Future[Opinion | None] = Future()
    done.set_result(opinion)
    return Asked(done)


def _failed(error: PropmasterError) -> Asked:
    failed: Future[Opinion | None] = Future()
    failed.set_exception(error)
    return Asked(failed)
