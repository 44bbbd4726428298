"""A client's newest search wins: those before it are dropped where they wait, and stop where they run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from multiprocessing import Pipe
from pathlib import Path

import pytest

from engine import protocol
from engine.protocol import AssetQuery, Event, SearchCompleted, SearchSuperseded, TextTerm, decode, encode
from engine.search.query import Query
from engine.search.searcher import SearchResult
from engine.search.second import SearchStopped
from engine.serving.client import Client
from engine.serving.engine import Engine

PATIENCE_S = 60


def test_superseded_searches_are_not_run_to_their_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, released = threading.Event(), threading.Event()

    def search(_query: Query, _limit: int, stopped: Callable[[], bool]) -> SearchResult:
        begun.set()
        assert released.wait(PATIENCE_S)
        if stopped():
            raise SearchStopped
        return SearchResult((), 0, 0.0)

    ours, theirs = Pipe()
    with closing(Engine(tmp_path)) as engine, ours:
        monkeypatch.setattr(engine.library, "search", search)
        serving = threading.Thread(target=Client(engine, theirs).serve)
        serving.start()
        ours.send_bytes(encode(protocol.Hello(0, protocol.VERSION)))
        ours.recv_bytes()

        def ask(search_id: int) -> None:
            ours.send_bytes(encode(protocol.Search(search_id, AssetQuery((TextTerm("crown"),)))))

        ask(1)
        assert begun.wait(PATIENCE_S)
        ask(2)
        ask(3)
        assert decode(ours.recv_bytes(), Event) == SearchSuperseded(2)
        released.set()
        assert decode(ours.recv_bytes(), Event) == SearchSuperseded(1)
        assert decode(ours.recv_bytes(), Event) == SearchCompleted(3, 0, ())
        ours.close()
        serving.join(PATIENCE_S)
