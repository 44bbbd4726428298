"""The engine process, `Child.ENGINE`: `python -m engine.worker --home DIR`. Serves until its standard input ends.

Started by the window, which is its first client; it holds the data directory meanwhile, and nothing outlives it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import secrets
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path

import psutil

from engine.errors import LibraryBusy, PropmasterError
from engine.protocol import EngineAddress, find_address
from engine.protocol.link import ADDRESS_NAME, GREETING_PATIENCE_S, end_reading, patience
from engine.serving.client import Client
from engine.serving.engine import Engine

OCCUPIED_STATUS = 3
FAILED_STATUS = 1
LISTENING = "listening"
FAILED = "failed"
PRIVATE_PREFIX = "propmaster-"
SEND_PATIENCE_S = 2
LEAVE_PATIENCE_S = 10
NICENESS = 5

_log = logging.getLogger("engine.worker")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve; return the exit status."""
    parser = argparse.ArgumentParser(prog="engine.worker", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="data directory")
    home: Path = parser.parse_args(arguments).home.expanduser().absolute()
    logging.basicConfig(format="%(name)s: %(message)s", stream=sys.stderr)
    _yield_to_the_window()
    try:
        engine = Engine(home)
    except LibraryBusy as error:
        sys.stderr.write(f"{error}\n")
        return OCCUPIED_STATUS
    except PropmasterError as error:
        sys.stderr.write(f"{error}\n")
        sys.stdout.write(f"{FAILED} {json.dumps([error.code, error.message, error.hint])}\n")
        return FAILED_STATUS
    with contextlib.closing(engine), _place_to_listen(home) as address:
        _serve(engine, address)
    return 0


def _yield_to_the_window() -> None:
    """Let the window, and whatever else the user works with, go first: indexing takes every core for minutes."""
    itself = psutil.Process()
    if sys.platform == "win32":
        itself.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        itself.nice(itself.nice() + NICENESS)


@contextlib.contextmanager
def _place_to_listen(home: Path) -> Iterator[str]:
    """Yield the name of a pipe, or of a socket in a folder of its own: paths in a data directory may be too long."""
    if os.name == "nt":
        yield rf"\\.\pipe\{PRIVATE_PREFIX}{secrets.token_hex(8)}"
        return
    _clear_after_killed(home)
    with tempfile.TemporaryDirectory(prefix=PRIVATE_PREFIX) as private:
        yield str(Path(private) / "engine.sock")


def _clear_after_killed(home: Path) -> None:
    """Remove the folder of this data directory's former engine; one that lives has it where the directory is a copy."""
    former = find_address(home)
    if former is None or psutil.pid_exists(former.pid):
        return
    private = Path(former.address).parent
    if private.name.startswith(PRIVATE_PREFIX):
        with contextlib.suppress(OSError):
            Path(former.address).unlink(missing_ok=True)
            private.rmdir()


def _serve(engine: Engine, address: str) -> None:
    key = secrets.token_bytes(32)
    clients = _Clients(engine, key)
    with Listener(address) as listener:
        EngineAddress(os.getpid(), address, key.hex()).write(engine.home)
        try:
            threading.Thread(target=_accept, args=(engine, listener, clients), name="acceptor", daemon=True).start()
            threading.Thread(target=_leave_with_parent, args=(engine,), name="parent", daemon=True).start()
            sys.stdout.write(f"{LISTENING}\n")
            sys.stdout.flush()
            engine.start()
            engine.ended.wait()
        finally:
            with contextlib.suppress(OSError):
                (engine.home / ADDRESS_NAME).unlink()
            clients.dismiss()


class _Clients:
    """The threads that serve; none may still use the library when it closes."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine, self._key = engine, key
        self._lock = threading.Lock()
        self._served: dict[threading.Thread, Connection] = {}

    def serve(self, connection: Connection) -> None:
        """Serve whoever has the key, on a thread of its own: a greeting that never ends holds up nobody else."""
        thread = threading.Thread(target=self._serve, args=(connection,), name="client", daemon=True)
        with self._lock:
            self._served = {one: line for one, line in self._served.items() if one.is_alive()}
            self._served[thread] = connection
            thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            with patience(connection, GREETING_PATIENCE_S):
                deliver_challenge(connection, self._key)
                answer_challenge(connection, self._key)
        except (AuthenticationError, EOFError, OSError):
            _log.warning("someone without the key was turned away")
            connection.close()
            return
        Client(self._engine, connection).serve()

    def dismiss(self) -> None:
        """Take no more commands and wait until what was begun is answered."""
        with self._lock:
            served = dict(self._served)
        for connection in served.values():
            end_reading(connection)
        for thread in served:
            thread.join(LEAVE_PATIENCE_S)


def _accept(engine: Engine, listener: Listener, clients: _Clients) -> None:
    while not engine.ended.is_set():
        try:
            connection = listener.accept()
        except ConnectionError:
            continue
        except OSError:
            return
        _bound_sending(connection)
        clients.serve(connection)


def _bound_sending(connection: Connection) -> None:
    """Let sending to a client that stopped reading fail, so that it cannot hold up everyone's news. Not on Windows."""
    if os.name != "nt":
        with socket.socket(fileno=os.dup(connection.fileno())) as wire:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", SEND_PATIENCE_S, 0))


def _leave_with_parent(engine: Engine) -> None:
    """The window holds the other end of standard input; its end is the window's."""
    with contextlib.suppress(OSError, ValueError):
        # Not through sys.stdin: at its end the interpreter aborts over a lock that a waiting thread holds.
        while os.read(sys.stdin.fileno(), 4096):
            pass
    engine.end()


if __name__ == "__main__":
    sys.exit(main())
