"""Starts the engine, sees to it that it runs, and takes it down with the window; no orphan ever stays.

Owned by `desktop.app`. The engine watches its standard input and leaves when that closes, so that it goes even where
the window is killed. An engine that dies is started again, each time after a longer pause, until it has kept running.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

PAUSES_MS = (200, 1_000, 3_000, 10_000, 30_000)
PROVEN_MS = 60_000
"""An engine that ran this long counts as sound: the pauses begin anew."""
LISTENING = b"listening"
FAILED = b"failed "
OCCUPIED_STATUS = 3
LEAVE_MS = 8_000
"""How long the engine may take to let in late answers of services and finish what it writes before it is killed."""

_log = logging.getLogger("desktop.engine")


class EngineProcess(QObject):
    """One engine process at a time."""

    launched = Signal()
    listening = Signal()
    occupied = Signal()
    """Another Propmaster serves the data directory; its engine may answer."""
    refused = Signal(str, str, str)
    """The engine cannot open the library: code, message and hint of the reason. It is tried again all the same."""
    ended = Signal()

    def __init__(self, program: str, arguments: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.failures = 0
        """How often in a row the engine ended before it had run for a while."""
        self.last_words = ""
        """The last line that it wrote to its standard error."""
        self._stopping = False
        self._process = QProcess(self)
        self._process.setProgram(program)
        self._process.setArguments(list(arguments))
        self._process.setProcessEnvironment(QProcessEnvironment.systemEnvironment())
        self._process.started.connect(self._on_started)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.readyReadStandardError.connect(self._on_error_output)
        self._again = self._single_shot(self._process.start)
        self._proven = self._single_shot(self._on_proven)

    @property
    def pid(self) -> int:
        """The system's number of the process, 0 while there is none."""
        return int(self._process.processId())

    @property
    def restarts_in_ms(self) -> int:
        """How long until the engine is started again; −1 while it is not waiting for that."""
        return self._again.remainingTime()

    def start(self) -> None:
        """Start the engine and keep it running from now on."""
        self._stopping = False
        self._process.start()

    def start_now(self) -> None:
        """Do not wait out the pause."""
        if self._again.isActive():
            self._again.stop()
            self._process.start()

    def see_to_it(self) -> None:
        """Start the engine after a pause, unless it runs or is about to."""
        if self._process.state() is QProcess.ProcessState.NotRunning and not self._again.isActive():
            self._plan_restart()

    def stop(self) -> None:
        """Let the engine finish and leave; kill it if it does not. Returns when it is gone."""
        self._stopping = True
        self._again.stop()
        self._proven.stop()
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(LEAVE_MS):
            self._process.kill()
            self._process.waitForFinished()

    def _single_shot(self, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(act)
        return timer

    def _on_started(self) -> None:
        self._proven.start(PROVEN_MS)
        self.launched.emit()

    def _on_finished(self, exit_code: int) -> None:
        self._proven.stop()
        if exit_code == OCCUPIED_STATUS:
            self.occupied.emit()
            return
        self._plan_restart()
        self.ended.emit()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            _log.error("the engine does not start: %s", self._process.errorString())
            self.last_words = self._process.errorString()
            self._plan_restart()
            self.ended.emit()

    def _plan_restart(self) -> None:
        if not self._stopping:
            self._again.start(PAUSES_MS[min(self.failures, len(PAUSES_MS) - 1)])
            self.failures += 1

    def _on_proven(self) -> None:
        self.failures = 0

    def _on_output(self) -> None:
        while self._process.canReadLine():
            said = bytes(self._process.readLine().data()).strip()
            if said == LISTENING:
                self.listening.emit()
            elif said.startswith(FAILED):
                self.refused.emit(*json.loads(said.removeprefix(FAILED)))

    def _on_error_output(self) -> None:
        output = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        for text in filter(str.strip, output.splitlines()):
            self.last_words = text.strip()
            _log.info("%s", text)
