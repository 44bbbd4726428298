"""Turns file names, titles and captions into the words a person would search for.

Pure functions of text, used by the readers of the sources.
"""

from __future__ import annotations

import html
import re
import zlib

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[_\-./]+")
_DIGITS = re.compile(r"\b[a-z]?\d+[a-z]?\b|\d+(?=\b)")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]")
# Measure words after "one" ("a cat" is 一只猫): a caption's article, not part of the name.
_CHINESE_ARTICLE = re.compile(
    r"^(这是)?一(个|只|张|条|朵|棵|把|辆|座|头|匹|片|颗|顶|件|双|些|架|艘|块|支|本|台|串|盏|根|幅|枚)"
)
_ENGLISH_ARTICLE = re.compile(r"^(this is an?|these are|an?|the|some)\s")


def words_of(name: str) -> str:
    """Return lower-case words of a file or icon name: `FlamingCrown_02` → `flaming crown`."""
    spaced = _SEPARATORS.sub(" ", _CAMEL.sub(" ", name)).lower()
    return " ".join(_DIGITS.sub(" ", spaced).split())


def title_of(text: str) -> str:
    """Return a title without markup, brackets, numbers and punctuation at its ends."""
    plain = re.sub(r"\(.*?\)", " ", html.unescape(html.unescape(text)))
    return words_of(plain).strip(" .,!\"'")


def first_sentence(caption: str) -> str:
    """Return an English caption's first sentence without article and brackets, lower case."""
    sentence = re.split(r"[.!] ", re.sub(r"\(.*?\)", "", caption))[0].strip().lower().rstrip(".!")
    return _ENGLISH_ARTICLE.sub("", sentence)


def first_chinese_sentence(caption: str) -> str:
    """Return a Chinese caption's first sentence without article and brackets; empty if it holds no Chinese."""
    sentence = re.split(r"[。！]", re.sub(r"（.*?）|\(.*?\)", "", caption))[0].strip(" 。！")
    return _CHINESE_ARTICLE.sub("", sentence) if _IDEOGRAPHS.search(sentence) else ""


def is_kept_apart(key: str, one_in: int) -> bool:
    """Tell whether a concept is kept out of training: a fixed share of keys, the same on every run and machine."""
    return zlib.crc32(key.encode()) % one_in == 0
