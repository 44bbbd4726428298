"""How a client finds the engine of a data directory and talks to it; the engine writes the same file.

Part of `engine.protocol`. The file `engine.json` in the data directory, readable by its user only, says where the
engine listens and with which key; it is there while the engine runs, and may outlive one that was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import cast

from engine.errors import EngineGone, PropmasterError, ProtocolMismatch
from engine.launching import Child
from engine.protocol.codec import decode, encode
from engine.protocol.commands import Command, Hello
from engine.protocol.events import EngineReady, Event, RequestFailed

VERSION = 4
ADDRESS_NAME = "engine.json"
HELLO_ID = 0
GREETING_PATIENCE_S = 20


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where an engine listens: `address` is a socket's path or a pipe's name, `key` its secret in hexadecimal."""

    pid: int
    address: str
    key: str

    def write(self, home: Path) -> None:
        """Put it into the data directory, whole and readable by this user only."""
        path = home / ADDRESS_NAME
        partial = path.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(encode(self))
        partial.replace(path)


def find_address(home: Path) -> EngineAddress | None:
    """Return where the engine of a data directory listens, or did when it was last seen."""
    try:
        found = decode((home / ADDRESS_NAME).read_bytes(), EngineAddress)
    except (OSError, json.JSONDecodeError, PropmasterError):
        return None
    return cast(EngineAddress, found)


class EngineLink:
    """A connection to a running engine. One thread may send while another receives."""

    def __init__(self, connection: Connection, ready: EngineReady) -> None:
        self._connection = connection
        self.ready = ready

    def send(self, command: Command) -> None:
        """Ask for something. Raises EngineGone."""
        with _gone_if_closed():
            self._connection.send_bytes(encode(command))

    def receive(self) -> Event:
        """Wait for the next event. Raises EngineGone once the engine has gone or `close` was called."""
        with _gone_if_closed():
            try:
                data = self._connection.recv_bytes()
            except TypeError as error:
                # One that another thread closes between two reads has no number any more.
                raise EOFError from error
        return cast(Event, decode(data, Event))

    def close(self) -> None:
        """Hang up; a `receive` on another thread ends once the engine has noticed."""
        with contextlib.suppress(OSError):
            hang_up(self._connection)
            self._connection.close()


def hang_up(connection: Connection) -> None:
    """End a read that waits on another thread; closing the number alone does not wake it on Linux."""
    _shut(connection, socket.SHUT_RDWR)


def end_reading(connection: Connection) -> None:
    """As `hang_up`, but what is being answered can still be sent."""
    _shut(connection, socket.SHUT_RD)


def _shut(connection: Connection, direction: int) -> None:
    if os.name != "nt":
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as wire:
            wire.shutdown(direction)


def engine_command(home: Path) -> list[str]:
    """Return the command line that starts an engine."""
    return Child.ENGINE.command("--home", str(home))


def connect(home: Path) -> EngineLink:
    """Call the engine of a data directory. Raises EngineGone where none answers, ProtocolMismatch."""
    address = find_address(home)
    if address is None:
        raise EngineGone(f"no engine runs for {home}", "start Propmaster")
    try:
        connection = Client(address.address)
    except (OSError, ValueError) as error:
        raise _silent(home, error) from error
    try:
        with patience(connection, GREETING_PATIENCE_S):
            key = bytes.fromhex(address.key)
            answer_challenge(connection, key)
            deliver_challenge(connection, key)
            ready = _greet(connection)
        return EngineLink(connection, ready)
    except (OSError, EOFError, AuthenticationError, ValueError) as error:
        connection.close()
        raise _silent(home, error) from error
    except BaseException:
        connection.close()
        raise


@contextlib.contextmanager
def patience(connection: Connection, seconds: int) -> Iterator[None]:
    """Let receiving fail with OSError after this long. Without effect on Windows."""
    _set_patience(connection, seconds)
    yield
    _set_patience(connection, 0)


def _set_patience(connection: Connection, seconds: int) -> None:
    if os.name != "nt":
        with socket.socket(fileno=os.dup(connection.fileno())) as wire:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", seconds, 0))


def _silent(home: Path, error: Exception) -> EngineGone:
    return EngineGone(f"the engine of {home} does not answer ({error})", "start Propmaster again")


def _greet(connection: Connection) -> EngineReady:
    with _gone_if_closed():
        connection.send_bytes(encode(Hello(HELLO_ID, VERSION)))
        answer = decode(connection.recv_bytes(), EngineReady | RequestFailed)
    if isinstance(answer, RequestFailed):
        raise ProtocolMismatch(answer.message, answer.hint)
    return cast(EngineReady, answer)


@contextlib.contextmanager
def _gone_if_closed() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError) as error:
        raise EngineGone("the engine has gone", "it starts again by itself; if not, start Propmaster again") from error
