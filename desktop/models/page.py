"""What the middle of the window can be turned to."""

from __future__ import annotations

from enum import Enum, auto


class Page(Enum):
    """PICTURES are the answer to the present search; COMPOSE makes new ones; BATCHES shows what became of those."""

    PICTURES = auto()
    COMPOSE = auto()
    BATCHES = auto()
