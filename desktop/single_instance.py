"""One window for each data directory: a second start hands what it was asked for to the window that is there.

Owned by `desktop.app`. They meet at a local socket of the user's own, which is gone with the window.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE_MS = 2_000
TAKEN = b"taken\n"
LONGEST_BYTES = 64_000


class SingleInstance(QObject):
    """Takes in what later starts hand over."""

    asked = Signal(object)
    """A later start: the path of the picture that it wants the likes of, or None."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_call)
        if not self._server.listen(_address(home)):
            QLocalServer.removeServer(_address(home))  # left behind by a window that was killed
            self._server.listen(_address(home))

    def close(self) -> None:
        """Let the next start be the first again."""
        self._server.close()

    def _on_call(self) -> None:
        call = self._server.nextPendingConnection()
        call.readyRead.connect(lambda: self._read(call))
        call.disconnected.connect(call.deleteLater)
        self._read(call)

    def _read(self, call: QLocalSocket) -> None:
        if call.canReadLine():
            similar = json.loads(bytes(call.readLine(LONGEST_BYTES).data()))
            call.write(TAKEN)
            self.asked.emit(None if similar is None else Path(similar))


def hand_over(home: Path, similar: Path | None) -> bool:
    """Ask the window that is there, if any, to show itself and what looks like a picture; return whether it will."""
    call = QLocalSocket()
    call.connectToServer(_address(home))
    if not call.waitForConnected(PATIENCE_MS):
        return False
    call.write(json.dumps(None if similar is None else str(similar)).encode() + b"\n")
    taken = call.waitForReadyRead(PATIENCE_MS) and bytes(call.readAll().data()) == TAKEN
    call.disconnectFromServer()
    return taken


def _address(home: Path) -> str:
    """Return the socket's name; where the system has a folder for the user's sockets, its path there."""
    name = "propmaster-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
    folder = os.environ.get("XDG_RUNTIME_DIR")
    return str(Path(folder) / name) if folder and Path(folder).is_dir() else name
