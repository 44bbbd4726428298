"""Splits a description into the parts that a composition is made of: "elf archer" and "flaming crown".

Rules, not a model: they go by the words that link parts (wearing, with, 戴着 …) and by what nouns are (`words`). What
they get wrong, the user edits: the result is a plain list. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from engine.compose.generators.generator import Role

_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a description: what it shows, in the user's words, and what it is to the picture."""

    text: str
    role: Role


class Link(Enum):
    """How a part hangs on the ones before it."""

    HEAD = auto()
    WITH = auto()
    WORN = auto()
    HELD = auto()
    RIDDEN = auto()
    IN = auto()
    PLACE = auto()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a description: the linking word before it, what kind that is, and the phrase up to the next."""

    link: Link
    word: str
    text: str


def cut(text: str, links: re.Pattern[str], tidy: Callable[[str], str]) -> list[Segment]:
    """Cut a text at linking words, whose groups are named after Link; `tidy` empties a phrase that says nothing."""
    segments, link, word, start = [], Link.HEAD, "", 0
    for match in [*links.finditer(text), None]:
        phrase = tidy(text[start : match.start() if match else len(text)])
        if phrase:
            segments.append(Segment(link, word, phrase))
        if match is not None:
            link, word, start = Link[match.lastgroup or ""], match[0], match.end()
    return segments


def role_of_unknown_head(segments: Sequence[Segment]) -> Role:
    """Return what a head is that no list knows: whatever wears, holds or rides is a person."""
    lives = any(segment.link in (Link.WORN, Link.HELD, Link.RIDDEN) for segment in segments)
    return Role.PERSON if lives else Role.PROP


def split_parts(text: str) -> list[Part]:
    """Return the parts of a description in English or Chinese, the head first; empty for an empty one."""
    from engine.compose.chinese_parts import split_chinese
    from engine.compose.english_parts import split_english

    tidy = " ".join(text.split()).strip(" .。!！?？;；,，、")
    if not tidy:
        return []
    return split_chinese(tidy) if _CHINESE.search(tidy) else split_english(tidy)


def role_under(link: Link, known: Role | None, head: Role) -> Role:
    """Return the role of a part by its link, what its noun is (None where nobody knows) and what the head is."""
    match link:
        case Link.HEAD:
            return known or head
        case Link.WORN:
            if known in (Role.GARMENT, Role.ACCESSORY):
                return known
            return Role.ACCESSORY if known is Role.PROP else Role.GARMENT
        case Link.HELD:
            return known if known in (Role.PERSON, Role.ACCESSORY, Role.GARMENT) else Role.PROP
        case Link.RIDDEN:
            return Role.PROP
        case Link.PLACE:
            return Role.SCENE
        case Link.WITH:
            return known or (Role.ACCESSORY if head is Role.PERSON else Role.PROP)
        case Link.IN:
            return known if known in (Role.GARMENT, Role.ACCESSORY, Role.STYLE) else Role.SCENE
