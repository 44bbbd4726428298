"""Where the data files that ship with Propmaster lie; the only module that knows.

In an installed package they are `engine/_resources`, in a checkout the top-level `resources` folder.
"""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parents[1] / "resources"


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder. Raises FileNotFoundError if the installation lacks it."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    path = root / name
    if not path.exists():
        raise FileNotFoundError(f"Propmaster's installation is incomplete: {path} is missing; install it again")
    return path
