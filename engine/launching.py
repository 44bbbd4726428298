"""How Propmaster starts processes of its own: as a module where Python runs it, by a flag where it is one program.

The only place that knows. A frozen program has no `python -m`; `packaging/launcher.py` reads the flag.
"""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

CONSOLE_PROGRAM = "propmaster.exe"
"""On Windows the window's own program has no standard streams, which the parts talk through; this one has."""


class Child(Enum):
    """A part that runs as a process of its own: `flag` runs it where it is frozen, `module` is how Python runs it."""

    ENGINE = "--engine-process", ("-m", "engine.worker")
    DECODER = "--isolated-decoder", ("-P", "-m", "engine.images.isolated_child")

    def __init__(self, flag: str, module: tuple[str, ...]) -> None:
        self.flag = flag
        self.module = module

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs the part."""
        if not is_frozen():
            return [sys.executable, *self.module, *arguments]
        program = Path(sys.executable)
        if sys.platform == "win32":
            program = program.with_name(CONSOLE_PROGRAM)
        return [str(program), self.flag, *arguments]


def is_frozen() -> bool:
    """Tell whether this is a program built by `packaging/`, without a Python beside it."""
    return bool(getattr(sys, "frozen", False))
