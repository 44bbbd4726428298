"""Where the window's icons, style and translations lie; the only module of the window that knows."""

from __future__ import annotations

from pathlib import Path

from engine import protocol

_ENGINE = Path(protocol.__file__).parents[1]
_INSTALLED = _ENGINE / "_resources"
_CHECKOUT = _ENGINE.parent / "resources"


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT) / name
