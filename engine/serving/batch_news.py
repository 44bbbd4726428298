"""Tells the clients how batches go: what changed is collected, and told a few times a second as it is by then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from engine import protocol
from engine.compose.progress import JobChanged, Told
from engine.serving.composing_wording import to_batch, to_job
from engine.studio import Studio

INTERVAL_S = 0.1

_log = logging.getLogger("engine.serving")


class BatchNews:
    """One thread, from `start` until `close`, which comes before the studio's. Any thread may say what changed."""

    def __init__(self, studio: Studio, tell: Callable[[protocol.News], None]) -> None:
        self._studio, self._tell = studio, tell
        self._lock = threading.Lock()
        self._changed: dict[int, dict[int, None]] = {}
        self._awake = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="batch news")
        studio.watch(self._on_told)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Tell nothing more."""
        self._closed.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join()

    def note(self, batch_id: int, job_ids: Iterable[int] = ()) -> None:
        """Have it told that a batch changed, and these jobs of it."""
        with self._lock:
            self._changed.setdefault(batch_id, {}).update(dict.fromkeys(job_ids))
        self._awake.set()

    def _on_told(self, told: Told) -> None:
        self.note(told.batch_id, (told.job_id,) if isinstance(told, JobChanged) else ())

    def _run(self) -> None:
        while True:
            self._awake.wait()
            if self._closed.is_set():
                return
            self._awake.clear()
            with self._lock:
                changed, self._changed = self._changed, {}
            for batch_id, job_ids in changed.items():
                # A bug must cost one piece of news, not all that would follow.
                try:
                    self._tell_of(batch_id, list(job_ids))
                except Exception:  # noqa: BLE001
                    _log.exception("news of batch %s was lost", batch_id)
            self._closed.wait(INTERVAL_S)

    def _tell_of(self, batch_id: int, job_ids: list[int]) -> None:
        status = self._studio.batch(batch_id)
        for start in range(0, len(job_ids), protocol.JOBS_PAGE):
            jobs = self._studio.found_jobs(job_ids[start : start + protocol.JOBS_PAGE])
            folder = status.batch.results_folder
            self._tell(protocol.JobsChanged(batch_id, tuple(to_job(job, folder) for job in jobs)))
        self._tell(protocol.BatchChanged(to_batch(status)))
