"""Data of a newer Propmaster are refused in words by every command, and stay as they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.catalogue.catalogue import FILE_NAME
from tests.engine.cli.conftest import Propmaster


@pytest.mark.parametrize(
    "command", [("search", "crown"), ("index", "."), ("status",), ("folders",), ("doctor",), ("jobs",)], ids=str
)
def test_newer_data_are_refused(propmaster: Propmaster, tmp_path: Path, command: tuple[str, ...]) -> None:
    catalogue = tmp_path / "home" / FILE_NAME
    catalogue.parent.mkdir()
    with closing(sqlite3.connect(catalogue)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA user_version = 99999")
        database.execute("CREATE TABLE of_next_year (id)")
    before = catalogue.read_bytes()
    run = propmaster(*command)
    assert run.status == 1
    assert "newer Propmaster" in run.out + run.err
    assert catalogue.read_bytes() == before
