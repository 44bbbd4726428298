"""What a user asks to be composed: a mode, groups of alternatives, words, and how the picture should be.

A group is one side of a matrix: "these three persons", "these ten outfits". Each alternative holds the elements that go
together, so that an outfit may be a suit and a watch, and a scene a picture, words, or both. Values only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.compose.generators.generator import Role
from engine.errors import PropmasterError


class InvalidBrief(PropmasterError):
    """What is asked for cannot be composed as it stands."""

    code = "invalid_brief"


class NeverSent(PropmasterError):
    """A picture was chosen that is marked to stay on this machine."""

    code = "never_sent"


class Mode(StrEnum):
    """What kind of picture is made; names of the templates."""

    DRESS = "dress"
    PROP = "prop"
    SCENE = "scene"
    VARIATION = "variation"


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture file that may be sent. `content_hash` is the hexadecimal hash of its bytes when it was chosen.

    `asset_id` is None for a file outside the library.
    """

    path: Path
    content_hash: str
    asset_id: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A part of the picture: words, a reference, or a reference and what it is in the user's words."""

    role: Role
    text: str = ""
    reference: Reference | None = None


Choice = tuple[Element, ...]
Group = tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a plan is made of. Empty `model` and `ratio` stand for the table's first, empty `size` for 1K.

    `text` is the user's own words for the whole; `count` is how many pictures each combination gets.
    """

    mode: Mode
    text: str = ""
    groups: tuple[Group, ...] = ()
    model: str = ""
    size: str = ""
    ratio: str = ""
    count: int = 1


def same_for_all(*elements: Element) -> Group:
    """Return a group of one alternative: elements that every picture has."""
    return (elements,)
