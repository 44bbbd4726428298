"""What words tell of a part of a picture: a crown is worn, a sword is held, a forest is a place.

The lists lie in `resources/composition_words.toml`. Pure lookups.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from engine.compose.generators.generator import Role
from engine.resources import resource

FILE_NAME = "composition_words.toml"

_NOUN_ENDS = re.compile(r"\b(?:of|from|made|for|full|with|that|which|on|in|at|around|over|under|behind)\b")
_IRREGULAR = {"men": "man", "women": "woman", "children": "child", "knives": "knife", "wolves": "wolf", "elves": "elf",
              "dwarves": "dwarf", "scarves": "scarf", "staves": "staff", "thieves": "thief"}  # fmt: skip
_MEASURES = re.compile(r"^(?:(?:a|an|the)\s+)?(?:pair|set|bunch|piece|bundle|handful) of (?=\S)")


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of one language; nouns by role, features of bodies, styles, and English colours and style nouns."""

    nouns: Mapping[str, Role]
    features: frozenset[str]
    styles: frozenset[str]
    colours: frozenset[str] = frozenset()
    style_nouns: frozenset[str] = frozenset()


@cache
def load_words(language: str) -> Words:
    """Return the lists of "en" or "zh"."""
    table = tomllib.loads(resource(FILE_NAME).read_text("utf-8"))[language]
    nouns = {noun: Role(role) for role, listed in table["nouns"].items() for noun in listed.split()}
    lists = {name: frozenset(listed.split()) for name, listed in table.items() if name != "nouns"}
    return Words(nouns, **lists)


def find_english_role(phrase: str) -> Role | None:
    """Return what an English noun phrase is, by its head noun: the last word before "of", "on" and the like."""
    nouns = load_words("en").nouns
    words = head_words(phrase)
    for width in (2, 1):  # "bow tie" before "tie"
        found = nouns.get("-".join(words[-width:])) if len(words) >= width else None
        if found is not None:
            return found
    return nouns.get(singular(words[-1])) if words else None


def head_words(phrase: str) -> list[str]:
    """Return the words of an English phrase up to its head noun, in lower case."""
    lowered = _MEASURES.sub("", phrase.lower())
    head = _NOUN_ENDS.split(lowered, maxsplit=1)[0] or lowered
    return re.findall(r"[\w'-]+", head)


def singular(noun: str) -> str:
    """Return the singular of a regular or listed English plural."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    nouns = load_words("en").nouns
    for ending, replacement in (("ies", "y"), ("es", ""), ("s", "")):
        stem = noun.removesuffix(ending) + replacement
        if noun.endswith(ending) and stem in nouns:
            return stem
    return noun


def find_chinese_role(phrase: str) -> Role | None:
    """Return what a Chinese noun phrase is, by the longest listed noun that it ends in."""
    nouns = load_words("zh").nouns
    return next((nouns[phrase[start:]] for start in range(len(phrase)) if phrase[start:] in nouns), None)
