"""The version is said; the network is asked only with --check."""

from __future__ import annotations

import socket

import pytest

from engine import __version__
from engine.updates.tables import Source
from tests.engine.cli.conftest import Propmaster
from tests.helpers.loopback import Reply
from tests.helpers.publisher import Publisher, handing_out


def test_the_version_has_one_home(propmaster: Propmaster) -> None:
    assert propmaster("--version").out == f"propmaster {__version__}\n"
    assert propmaster("update", "--json").document == {"installed": __version__}


def test_without_check_no_socket_is_opened(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    run = propmaster("update")
    assert run.status == 0
    assert "--check" in run.out


def test_check_tells_the_newer_version(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = Publisher()
    with handing_out(Reply(body=publisher.sign())) as address:
        source = Source(1, address, (publisher.key,))
        monkeypatch.setattr("engine.updating.shipped_source", lambda: source)
        run = propmaster("update", "--check")
        again = propmaster("update", "--check", "--json")
    assert "Propmaster 99.0 is out" in run.out
    assert "Took over a newer generators.toml" in run.out
    assert again.document["is_newer"] is True
    assert again.document["tables"] == []


def test_nobody_to_ask_is_an_error_with_a_hint(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.updating.shipped_source", lambda: Source(1, "", ()))
    run = propmaster("update", "--check")
    assert run.status == 1
    assert "look where you got it" in run.err
