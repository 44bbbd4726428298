"""Words of file and folder names, for full-text search in English and Chinese, together with those of descriptions.

SQLite's tokenizers take a run of Chinese characters as one word, and its trigrams miss the two-character words that
most Chinese queries are. So every CJK character is indexed as a word of its own, and a query asks for phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.catalogue.database import Database

COMMON_SHARE = 0.02
COMMON_FLOOR = 200

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|\d+|[^\W\d_{_CJK}]+")
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_CASE_CHANGE = re.compile(rf"(?<=[{_LOWER}])(?=[{_UPPER}])|(?<=[{_UPPER}])(?=[{_UPPER}][{_LOWER}])")
_QUERY_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
SILENT_WORDS = frozenset(
    "a an and at by for from in of on or the to with image img picture photo file asset copy".split()
)


@dataclass(frozen=True, slots=True)
class WordMatches:
    """The assets whose names or descriptions hold one word of a query; `pairs` are (asset id, content id)."""

    word: str
    pairs: tuple[tuple[int, int], ...]


def words_of(*names: str) -> str:
    """Split names at case changes, digits, punctuation and CJK characters: `FlamingCrown_02` → flaming crown 02."""
    return " ".join(word.lower() for name in names for word in _WORD.findall(_CASE_CHANGE.sub(" ", name)))


def query_words(text: str) -> list[str]:
    """Return the distinct words of a query that names are asked for; CJK runs give their overlapping pairs."""
    words: dict[str, None] = {}
    for run in _QUERY_RUN.findall(text):
        if re.match(rf"[{_CJK}]", run):
            pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
            words.update(dict.fromkeys(pairs))
        else:
            words.update(dict.fromkeys(words_of(run).split()))
    return [word for word in words if word not in SILENT_WORDS]


class Names:
    """The full-text index of asset names; rows are keyed by asset id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._common: dict[str, int] = {}
        """Words of too many assets, with the library's size at that time."""

    def put(self, words: Mapping[int, str]) -> None:
        """Index or re-index the names of these assets."""
        with self._database.write() as connection:
            connection.executemany("INSERT OR REPLACE INTO names (rowid, words) VALUES (?, ?)", words.items())

    def remove(self, asset_ids: Iterable[int]) -> None:
        """Forget the names of these assets."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM names WHERE rowid = ?", [(asset_id,) for asset_id in asset_ids])

    def find(self, text: str, library_size: int) -> list[WordMatches]:
        """Return the matches of each word of the query, none for some; a word of too many is left out."""
        most = max(COMMON_FLOOR, int(library_size * COMMON_SHARE))
        telling = []
        for word in query_words(text):
            if self._common.get(word) == library_size:
                continue
            asset_ids = self._assets_said(word, most + 1)
            if len(asset_ids) > most:
                self._common[word] = library_size
            else:
                telling.append(WordMatches(word, self._with_contents(asset_ids)))
        return telling

    def _assets_said(self, word: str, limit: int) -> list[int]:
        phrase = _phrase(word)
        rows = self._database.rows(
            "SELECT rowid FROM names WHERE names MATCH ? UNION SELECT a.id FROM description_words d"
            " JOIN assets a ON a.content_id = d.rowid WHERE description_words MATCH ? LIMIT ?",
            (phrase, phrase, limit),
        )
        return [int(row[0]) for row in rows]

    def _with_contents(self, asset_ids: list[int]) -> tuple[tuple[int, int], ...]:
        sql = "SELECT id, content_id FROM assets WHERE content_id IS NOT NULL AND id IN ({ids})"
        return tuple((row[0], row[1]) for row in self._database.rows_among(sql, asset_ids))


def _phrase(word: str) -> str:
    spaced = " ".join(word) if re.match(rf"[{_CJK}]", word) else word
    return '"' + spaced.replace('"', '""') + '"'
