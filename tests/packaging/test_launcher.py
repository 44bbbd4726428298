"""The one program runs each part by its flag; this is what a frozen Propmaster starts as its children."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from engine import __version__
from engine.images.isolation_wire import GREETING, read_answer
from engine.launching import Child

ROOT = Path(__file__).parents[2]
LAUNCHER = [sys.executable, str(ROOT / "packaging" / "launcher.py")]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
PATIENCE_S = 60


def test_without_a_flag_it_is_the_command_line() -> None:
    said = subprocess.check_output([*LAUNCHER, "--version"], env=ENVIRONMENT, text=True)
    assert said == f"propmaster {__version__}\n"


def test_the_engines_flag_runs_an_engine(tmp_path: Path) -> None:
    engine = subprocess.Popen(
        [*LAUNCHER, Child.ENGINE.flag, "--home", str(tmp_path)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert engine.stdin is not None
    assert engine.stdout is not None
    assert engine.stdout.readline() == b"listening\n"
    engine.stdin.close()
    assert engine.wait(PATIENCE_S) == 0
    engine.stdout.close()


def test_the_decoders_flag_runs_a_decoder() -> None:
    decoder = subprocess.Popen(
        [*LAUNCHER, Child.DECODER.flag],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert decoder.stdin is not None
    assert decoder.stdout is not None
    assert read_answer(decoder.stdout) == GREETING
    decoder.stdin.close()
    assert decoder.wait(PATIENCE_S) == 0
    decoder.stdout.close()
