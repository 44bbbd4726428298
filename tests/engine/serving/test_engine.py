"""What the engine process does in the background, and when it begins."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import psutil
import pytest

from engine.serving import engine as serving
from engine.serving.engine import Engine
from tests.helpers.engine_process import PATIENCE_S, leave, start

MOMENT_S = 0.2


def test_loading_waits_until_the_first_list_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "FIRST_LIST_PATIENCE_S", PATIENCE_S)
    engine = Engine(tmp_path)
    loading = threading.Event()
    monkeypatch.setattr(engine.library, "prepare_search", lambda *_: loading.set())
    with contextlib.closing(engine):
        engine.start()
        assert not loading.wait(MOMENT_S)
        engine.begin_work()
        assert loading.wait(PATIENCE_S)


def test_engine_process_lets_the_window_go_first(tmp_path: Path) -> None:
    process = start(tmp_path)
    priority = psutil.Process(process.pid).nice()
    assert leave(process) == 0
    assert priority != psutil.Process().nice()
