"""The threads that touch the encoder, and the line of work before them.

One per encoder, owned by whoever closes it. The model is loaded on first use, by one thread; as many threads work as
the loaded encoder's plan allows. Invariant: work of a higher priority never waits for more than the calls under way.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import IntEnum
from types import TracebackType
from typing import Any, Self, TypeVar

from engine.embedding.encoder import Encoder, EncodingPlan, Pixels, Vectors

_T = TypeVar("_T")


class Priority(IntEnum):
    """Who goes first."""

    QUERY = 0
    BATCH = 1


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Encoder], Any]
    future: Future[Any]


class ModelThread:
    """Runs an encoder for others. Thread-safe. The number of waiting jobs is bounded by the callers only."""

    def __init__(self, load: Callable[[], Encoder]) -> None:
        self._load = load
        self._changed = threading.Condition()
        self._lines: dict[Priority, deque[_Job]] = {priority: deque() for priority in Priority}
        self._threads: list[threading.Thread] = []
        self._encoder: Encoder | None = None
        self._closed = False

    @property
    def loaded(self) -> bool:
        """Whether the encoder is there; false also after it could not be loaded."""
        return self._encoder is not None

    @property
    def plan(self) -> EncodingPlan:
        """Return how to feed the encoder; loads it if need be, and raises what loading raises."""
        return self.run(lambda encoder: encoder.plan, Priority.QUERY).result()

    def encode_images(self, pixels: Pixels, priority: Priority = Priority.BATCH) -> Future[Vectors]:
        """Line up uint8 `[n, size, size, 3]`; the future gives float32 `[n, dimension]` or what the encoder raises."""
        return self.run(lambda encoder: encoder.encode_images(pixels), priority)

    def encode_texts(self, texts: Sequence[str]) -> Future[Vectors]:
        """Line up texts before every waiting batch; the future gives float32 `[n, dimension]`."""
        return self.run(lambda encoder: encoder.encode_texts(texts), Priority.QUERY)

    def close(self) -> None:
        """Cancel what waits, let the calls under way end, stop the threads and free the encoder. May be repeated."""
        with self._changed:
            self._closed = True
            waiting = self._empty_lines()
            threads = list(self._threads)
            self._changed.notify_all()
        for job in waiting:
            job.future.cancel()
        for thread in threads:
            thread.join()
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            encoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, work: Callable[[Encoder], _T], priority: Priority = Priority.BATCH) -> Future[_T]:
        """Line up work with the encoder; the future gives what it returns or raises."""
        future: Future[_T] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("the model thread is closed")
            self._lines[priority].append(_Job(work, future))
            if not self._threads:
                self._start_thread()
            self._changed.notify()
        return future

    def _start_thread(self) -> None:
        # A daemon, so that an owner that died without closing does not keep the process from ending.
        thread = threading.Thread(target=self._run, name=f"model-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while self._run_next():
            pass

    def _run_next(self) -> bool:
        """Run one job. Return False when closed. Its own frame, so that an idle thread holds on to no pixels."""
        job = self._take()
        if job is None:
            return False
        if not job.future.set_running_or_notify_cancel():
            return True
        try:
            job.future.set_result(job.work(self._get_encoder()))
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to the one who waits for the answer
            job.future.set_exception(error)
        return True

    def _take(self) -> _Job | None:
        with self._changed:
            while not self._closed:
                for priority in Priority:
                    if self._lines[priority]:
                        return self._lines[priority].popleft()
                self._changed.wait()
        return None

    def _get_encoder(self) -> Encoder:
        """Only the first thread gets here without an encoder: the others start once it is loaded."""
        if self._encoder is None:
            try:
                self._encoder = self._load()
            except Exception as error:
                self._fail_waiting(error)
                raise
            self._start_other_threads(self._encoder.plan.workers)
        return self._encoder

    def _start_other_threads(self, workers: int) -> None:
        with self._changed:
            while not self._closed and len(self._threads) < workers:
                self._start_thread()

    def _fail_waiting(self, error: Exception) -> None:
        with self._changed:
            waiting = self._empty_lines()
        for job in waiting:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(error)

    def _empty_lines(self) -> list[_Job]:
        waiting = [job for priority in Priority for job in self._lines[priority]]
        for line in self._lines.values():
            line.clear()
        return waiting
