"""A client finds its engine, greets it, and notices when it has gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Listener
from pathlib import Path

import pytest

from engine.errors import EngineGone, ProtocolMismatch
from engine.protocol import (
    VERSION,
    Command,
    EngineAddress,
    EngineReady,
    Hello,
    ListTags,
    RequestFailed,
    Stage,
    TagsListed,
    connect,
    decode,
    encode,
    find_address,
    link,
)
from tests.capabilities import permissions_bind

KEY = "00ff" * 8


def serve(home: Path, talk: Callable[[Connection], None]) -> threading.Thread:
    """Be an engine for one client."""
    listener = Listener(str(home / "socket"), authkey=bytes.fromhex(KEY))
    EngineAddress(1, str(listener.address), KEY).write(home)

    def accept() -> None:
        with listener, listener.accept() as connection:
            talk(connection)

    thread = threading.Thread(target=accept)
    thread.start()
    return thread


def greet(connection: Connection) -> None:
    assert decode(connection.recv_bytes(), Command) == Hello(0, VERSION)
    connection.send_bytes(encode(EngineReady(0, VERSION, Path("/home"), Path("/home/thumbnails"), Stage.BROWSE)))


def test_command_goes_out_and_answer_comes_in(tmp_path: Path) -> None:
    def talk(connection: Connection) -> None:
        greet(connection)
        assert decode(connection.recv_bytes(), Command) == ListTags(5)
        connection.send_bytes(encode(TagsListed(5, ())))

    engine = serve(tmp_path, talk)
    link = connect(tmp_path)
    assert link.ready.stage is Stage.BROWSE
    link.send(ListTags(5))
    assert link.receive() == TagsListed(5, ())
    engine.join()
    with pytest.raises(EngineGone, match="has gone"):
        link.receive()
    link.close()


def test_other_version_is_told(tmp_path: Path) -> None:
    def talk(connection: Connection) -> None:
        connection.recv_bytes()
        connection.send_bytes(encode(RequestFailed(0, "protocol_mismatch", "other version", "update")))

    engine = serve(tmp_path, talk)
    with pytest.raises(ProtocolMismatch, match="other version"):
        connect(tmp_path)
    engine.join()


@pytest.mark.parametrize("written", [None, b"", b"{}", b'{"is":"EngineAddress","pid":1,"address":"gone","key":"zz"}'])
def test_engine_that_is_not_there_is_told(tmp_path: Path, written: bytes | None) -> None:
    if written is not None:
        (tmp_path / "engine.json").write_bytes(written)
    with pytest.raises(EngineGone):
        connect(tmp_path)


def test_engine_that_was_killed_leaves_an_address_that_nobody_answers(tmp_path: Path) -> None:
    EngineAddress(1, str(tmp_path / "socket"), KEY).write(tmp_path)
    with pytest.raises(EngineGone, match="does not answer"):
        connect(tmp_path)


def test_engine_that_never_greets_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "GREETING_PATIENCE_S", 1)
    with Listener(str(tmp_path / "socket")) as listener:
        EngineAddress(1, str(listener.address), KEY).write(tmp_path)
        with pytest.raises(EngineGone, match="does not answer"):
            connect(tmp_path)


def test_the_key_is_for_the_user_alone(tmp_path: Path) -> None:
    EngineAddress(1, "somewhere", KEY).write(tmp_path)
    with permissions_bind():
        assert (tmp_path / "engine.json").stat().st_mode & 0o777 == 0o600
    assert find_address(tmp_path) == EngineAddress(1, "somewhere", KEY)
