"""The starter encoder's tokenizer: English word pieces and Chinese words, each by greedy longest match.

Used by the open_clip adapter for models whose configuration asks for it. The ids are what the weights were trained
on: any change here silently ruins the text vectors.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EncoderUnavailable

_PADDING_ID = 0
_UNKNOWN_ID = 1
_CONTINUATION = "##"
_FIRST_IDEOGRAPH = "\u3400"
_LAST_IDEOGRAPH = "\u9fff"
# Only the first few dozen ids are ever used; without a limit a pasted book would be normalised from end to end.
_MAX_CHARACTERS = 10_000
_WORD = re.compile(rf"[{_FIRST_IDEOGRAPH}-{_LAST_IDEOGRAPH}]+|[a-z0-9]+|[^\s\w]", re.ASCII | re.IGNORECASE)


class StarterTokenizer:
    """Text to ids. The last entry of the vocabulary ends every text: the model reads its vector at the highest id."""

    def __init__(self, vocabulary: Sequence[str], context_length: int) -> None:
        self._ids = {token: position for position, token in enumerate(vocabulary)}
        self._end_id = len(vocabulary) - 1
        self._context_length = context_length
        self._longest_ideographs = max((len(token) for token in vocabulary if _is_ideographic(token)), default=1)
        self._longest_piece = max((len(token) for token in vocabulary if not _is_ideographic(token)), default=1)

    @classmethod
    def load(cls, path: Path, context_length: int) -> StarterTokenizer:
        """Read a JSON list of tokens. Raises EncoderUnavailable if the file is missing or something else."""
        try:
            vocabulary = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EncoderUnavailable(
                f"The vocabulary {path} cannot be read: {error}", "Put the complete model folder back"
            ) from error
        if not _is_vocabulary(vocabulary):
            raise EncoderUnavailable(
                f"The vocabulary {path} is not a list of distinct tokens", "Put the complete model folder back"
            )
        return cls(vocabulary, context_length)

    @property
    def vocabulary_size(self) -> int:
        return len(self._ids)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return int64 `[n, context_length]`, cut to fit and padded with zeros."""
        rows = np.full((len(texts), self._context_length), _PADDING_ID, dtype=np.int64)
        for row, text in zip(rows, texts, strict=True):
            ids = [*islice(self._find_ids(text), self._context_length - 1), self._end_id]
            row[: len(ids)] = ids
        return rows

    def _find_ids(self, text: str) -> Iterator[int]:
        for match in _WORD.finditer(_normalise(text[:_MAX_CHARACTERS])):
            word = match.group()
            yield from self._split_ideographs(word) if _is_ideographic(word) else self._split_letters(word)

    def _split_ideographs(self, word: str) -> Iterator[int]:
        start = 0
        while start < len(word):
            end = self._find_longest(word, start, self._longest_ideographs)
            yield self._ids[word[start:end]] if end else _UNKNOWN_ID
            start = end or start + 1

    def _split_letters(self, word: str) -> list[int]:
        """One piece without an entry makes the whole word unknown, as in WordPiece (Schuster and Nakajima, 2012)."""
        ids: list[int] = []
        start = 0
        while start < len(word):
            prefix = _CONTINUATION if start else ""
            end = self._find_longest(word, start, self._longest_piece, prefix)
            if not end:
                return [_UNKNOWN_ID]
            ids.append(self._ids[prefix + word[start:end]])
            start = end
        return ids

    def _find_longest(self, word: str, start: int, longest: int, prefix: str = "") -> int:
        """Return where the longest known token from `start` ends, 0 if none is known."""
        for end in range(min(len(word), start + longest), start, -1):
            if prefix + word[start:end] in self._ids:
                return end
        return 0


def _normalise(text: str) -> str:
    """Compatibility forms folded, lower case, accents off."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _is_ideographic(token: str) -> bool:
    return _FIRST_IDEOGRAPH <= token[:1] <= _LAST_IDEOGRAPH


def _is_vocabulary(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) > _UNKNOWN_ID + 1
        and all(isinstance(token, str) for token in value)
        and len(set(value)) == len(value)
    )
