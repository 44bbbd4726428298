"""The one transfer of a model's weights that may be under way: its thread, its progress, its end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine import protocol
from engine.embedding.models import ModelRow
from engine.embedding.shelf import Shelf
from engine.errors import ModelBusy, PropmasterError
from engine.settings import Settings
from engine.weights.watching import Progress, Stopped, Watch

_log = logging.getLogger("engine.serving")

INTERVAL_S = 0.1
CLOSE_PATIENCE_S = 2.0
"""A hub that has stopped answering holds the thread up to ten seconds; what arrived is safe whenever it ends."""


class Transfers:
    """Begins and stops transfers, and tells how they go. Any thread; `close` once."""

    def __init__(self, shelf: Shelf, tell: Callable[[protocol.News], None]) -> None:
        self._shelf, self._tell = shelf, tell
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._row: ModelRow | None = None
        self._now: protocol.Transfer | None = None
        self._told_at = 0.0

    def download(self, row: ModelRow, settings: Settings) -> None:
        """Begin to download. Raises ModelBusy."""
        # The client of hubs costs a moment that only a download should.
        from engine.hub import Hub
        from engine.weights.downloading import download

        hub = Hub(settings.hub_endpoint, settings.proxy)
        self._begin(row, protocol.TransferStep.DOWNLOADING, lambda watch: download(row, hub, self._shelf, watch))

    def import_from(self, row: ModelRow, path: Path) -> None:
        """Begin to copy. Raises ModelBusy."""
        from engine.weights.importing import import_weights

        self._begin(row, protocol.TransferStep.COPYING, lambda watch: import_weights(row, path, self._shelf, watch))

    def stop(self, model: str) -> None:
        """Ask a transfer to end; one that has ended is left alone."""
        with self._lock:
            if self._row is not None and self._row.name == model:
                self._stopped.set()

    def of(self, model: str) -> protocol.Transfer | None:
        """Return how far the transfer of a model is."""
        with self._lock:
            return self._now if self._row is not None and self._row.name == model else None

    def close(self) -> None:
        """Stop, and wait for a moment."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(CLOSE_PATIENCE_S)

    def _begin(self, row: ModelRow, step: protocol.TransferStep, work: Callable[[Watch], None]) -> None:
        with self._lock:
            if self._row is not None:
                raise ModelBusy(f"{self._row.title} is on its way", "wait for it, or stop it")
            self._row, self._now = row, protocol.Transfer(step, 0, 0)
            self._stopped = threading.Event()
            watch = Watch(lambda progress: self._report(row.name, progress), self._stopped)
            self._thread = threading.Thread(target=self._run, args=(row, work, watch), name="transfer", daemon=True)
            self._thread.start()

    def _run(self, row: ModelRow, work: Callable[[Watch], None], watch: Watch) -> None:
        end: protocol.News
        try:
            work(watch)
            end = protocol.ModelArrived(row.name)
        except Stopped:
            end = protocol.ModelStopped(row.name)
        except PropmasterError as error:
            end = protocol.ModelStopped(row.name, error.code, error.message, error.hint)
        # A bug must not leave clients waiting for an end that nobody tells.
        except Exception:  # noqa: BLE001
            _log.exception("a transfer failed")
            end = protocol.ModelStopped(row.name, "bug", "something went wrong in the engine", "see the log")
        finally:
            with self._lock:
                self._row = self._now = None
        self._tell(end)

    def _report(self, model: str, progress: Progress) -> None:
        step = protocol.TransferStep(progress.step.value)
        now = protocol.Transfer(step, progress.done_bytes, progress.total_bytes)
        with self._lock:
            due = self._now is None or self._now.step is not step or time.monotonic() - self._told_at >= INTERVAL_S
            self._now = now
            if due:
                self._told_at = time.monotonic()
        if due:
            self._tell(protocol.ModelProgressed(model, now))
