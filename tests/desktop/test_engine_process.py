"""The engine process is kept running and never outlives the window."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import psutil
import pytest
from pytestqt.qtbot import QtBot

from desktop import engine_process as module
from desktop.engine_process import EngineProcess

LEAVES_ON_EOF = "import sys; sys.stdin.read()"
DIES_AT_ONCE = "raise SystemExit('no room left')"
CLINGS = "import time; time.sleep(60)"


def process(script: str) -> EngineProcess:
    return EngineProcess(sys.executable, ["-c", script])


def test_the_engine_leaves_when_it_is_told_to(qtbot: QtBot) -> None:
    engine = process(LEAVES_ON_EOF)
    with qtbot.waitSignal(engine.launched):
        engine.start()
    pid = engine.pid
    engine.stop()
    assert not psutil.pid_exists(pid)


def test_an_engine_that_does_not_leave_is_killed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVE_MS", 100)
    engine = process(CLINGS)
    with qtbot.waitSignal(engine.launched):
        engine.start()
    pid = engine.pid
    engine.stop()
    assert not psutil.pid_exists(pid)


def test_a_killed_engine_is_started_again(qtbot: QtBot) -> None:
    engine = process(LEAVES_ON_EOF)
    with qtbot.waitSignal(engine.launched):
        engine.start()
    with qtbot.waitSignal(engine.launched):
        psutil.Process(engine.pid).kill()
    engine.stop()


def test_an_engine_that_keeps_dying_is_started_ever_more_seldom(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES_MS", (1, 60_000))
    engine = process(DIES_AT_ONCE)
    with qtbot.waitSignals([engine.ended, engine.ended]):
        engine.start()
    assert engine.restarts_in_ms > 1_000
    assert (engine.failures, engine.last_words) == (2, "no room left")
    engine.stop()
    assert engine.restarts_in_ms == -1


def test_the_user_need_not_wait_for_the_next_start(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES_MS", (60_000,))
    engine = process(DIES_AT_ONCE)
    with qtbot.waitSignal(engine.ended):
        engine.start()
    with qtbot.waitSignal(engine.launched):
        engine.start_now()
    with qtbot.waitSignal(engine.ended):
        pass
    engine.stop()


def test_a_program_that_is_not_there_is_tried_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES_MS", (60_000,))
    engine = EngineProcess("/no/such/python", [])
    with qtbot.waitSignal(engine.ended):
        engine.start()
    assert engine.restarts_in_ms > 0
    engine.stop()


def test_the_engine_goes_when_the_window_is_killed() -> None:
    window = textwrap.dedent(f"""
        import sys
        from PySide6.QtCore import QCoreApplication
        from desktop.engine_process import EngineProcess
        app = QCoreApplication([])
        engine = EngineProcess(sys.executable, ["-c", {LEAVES_ON_EOF!r}])
        engine.launched.connect(lambda: print(engine.pid, flush=True))
        engine.start()
        app.exec()
    """)
    with subprocess.Popen([sys.executable, "-c", window], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    engine.wait(timeout=10)


def test_an_engine_that_listens_is_told(qtbot: QtBot) -> None:
    engine = process("print('listening', flush=True); " + LEAVES_ON_EOF)
    with qtbot.waitSignal(engine.listening):
        engine.start()
    engine.stop()


def test_a_data_directory_that_another_engine_serves_is_no_failure(qtbot: QtBot) -> None:
    engine = process("raise SystemExit(3)")
    with qtbot.assertNotEmitted(engine.ended), qtbot.waitSignal(engine.occupied):
        engine.start()
    assert engine.restarts_in_ms == -1
    engine.see_to_it()
    assert engine.restarts_in_ms >= 0
    engine.stop()


def test_an_engine_that_cannot_open_the_library_says_why(qtbot: QtBot) -> None:
    engine = process("""print('failed ["disk_full", "No room.", "Free some."]', flush=True)""")
    with qtbot.waitSignal(engine.refused) as refused:
        engine.start()
    assert refused.args == ["disk_full", "No room.", "Free some."]
    engine.stop()
