"""Starts and ends a real engine process, as the window does."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

PATIENCE_S = 90.0


def start(home: Path, errors: Path | None = None) -> subprocess.Popen[bytes]:
    """Return an engine that listens; what it writes to its standard error goes into a file, or to ours."""
    with contextlib.ExitStack() as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", "engine.worker", "--home", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if errors is None else opened.enter_context(errors.open("ab")),
        )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"listening"
    return process


def leave(process: subprocess.Popen[bytes]) -> int:
    """Close its standard input and return its exit status."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    status = process.wait(PATIENCE_S)
    process.stdout.close()
    return status
