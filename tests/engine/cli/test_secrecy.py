"""Nothing that a composition's failing run leaves behind holds the key: output, logs, settings, catalogue, backups."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.engine.cli.conftest import Propmaster
from tests.helpers.gemini_server import KEY, gemini_server
from tests.helpers.gemini_wire import Fault

FAULTS = {
    "a hat": None,
    "a crown": Fault.IMAGE_SAFETY,
    "a sword": Fault.KEY_INVALID,
    "a shield": Fault.FORBIDDEN,
    "a cloak": Fault.CUT_AFTER,
}


def test_no_failing_run_leaves_the_key_behind(
    propmaster: Propmaster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    told = []
    with gemini_server(by_prompt={words: fault for words, fault in FAULTS.items() if fault}) as gemini:
        monkeypatch.setenv("PROPMASTER_GEMINI_BASE_URL", gemini.address)
        for words, fault in FAULTS.items():
            run = propmaster("compose", words, "--words-only", "--yes", "--to", tmp_path / "made")
            assert (run.status == 0) is (fault is None)
            told += [run.out, run.err]
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert tmp_path / "home" / "catalogue.sqlite" in written
    assert "connect_tcp" in caplog.text
    assert all(record["x-goog-api-key"] == KEY for record in gemini.headers)
    assert [path for path, data in written.items() if KEY.encode() in data] == []
    assert KEY not in caplog.text
    assert KEY not in "".join(told)
