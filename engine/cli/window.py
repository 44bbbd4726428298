"""Opens the window from the command line, where there is a screen to open it on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def has_screen() -> bool:
    """Tell whether a window could be seen."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in _SCREENS)


def open_window(home: Path, similar: Path | None = None) -> int:
    """Run the window until it is closed, showing what looks like a picture if one is given; return its exit status."""
    from desktop.app import main

    return main(home, similar)
