"""What is typed into the search bar, taken apart: words to find, and words after a minus not to find."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MINUS = "−－-"
_NOT = re.compile(rf'(?:(?<=\s)|^)[{_MINUS}](?:"([^"]+)"|([^\s"{_MINUS}]\S*))')


@dataclass(frozen=True, slots=True)
class QueryText:
    """Words wanted, as one text, and words not wanted, each on its own."""

    wanted: str
    unwanted: tuple[str, ...]


def parse_query(typed: str) -> QueryText:
    """Take apart what was typed: `red potion -bottle -"wooden table"`. A hyphen inside a word is part of it."""
    unwanted = tuple(match[1] or match[2] for match in _NOT.finditer(typed))
    return QueryText(" ".join(_NOT.sub(" ", typed).split()), unwanted)
