"""Starts and ends a real engine process, as the window does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PATIENCE_S = 90.0


def start(home: Path) -> subprocess.Popen[bytes]:
    """Return an engine that listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.worker", "--home", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
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
