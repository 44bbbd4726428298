"""The texts of training: every name's vector, and captions of composed pictures with near misses.

Text vectors come from the finished tower and are computed once; the trainer only looks rows up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from starter_encoder.concepts import Concept, Concepts
from starter_encoder.lexicon import COLOURS
from starter_encoder.text_tower import TextEncoder
from starter_encoder.views import NONE, Views

_NAMES = 4
_TAGS = 6
_MISSES_OF_PAIR = 3


class TextTable:
    """Rows for texts, numbered as they are asked for and encoded together."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}

    def row(self, text: str) -> int:
        return self._rows.setdefault(text, len(self._rows))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in the order of their rows."""
        return tuple(self._rows)

    def encode(self, encoder: TextEncoder) -> Tensor:
        """Return float32 `[n, 256]`."""
        return encoder.encode(list(self._rows))


@dataclass(frozen=True, slots=True)
class ConceptTexts:
    """Rows of each concept's English names, Chinese names and tags, repeated to a fixed number."""

    english: Tensor
    chinese: Tensor
    tags: Tensor
    labels: Tensor

    def draw(self, generator: torch.Generator) -> Tensor:
        """Return one text row for each concept: an English name, a Chinese one or a tag."""
        count = len(self.labels)
        kind = torch.rand(count, generator=generator)
        every = torch.arange(count)

        def pick(rows: Tensor) -> Tensor:
            return rows[every, torch.randint(rows.shape[1], (count,), generator=generator)]

        return torch.where(
            kind < 0.5, pick(self.english), torch.where(kind < 0.82, pick(self.chinese), pick(self.tags))
        )


@dataclass(frozen=True, slots=True)
class CaptionTexts:
    """For each composed sample the rows of its caption and of its near misses, in English and in Chinese.

    `rows` is int64 `[n, 2, 1 + misses]`, the caption first; `sample` numbers the views.
    """

    sample: Tensor
    rows: Tensor


def concept_texts(concepts: Concepts, table: TextTable) -> ConceptTexts:
    """Number the names of all concepts."""

    def repeated(texts: list[str], count: int) -> list[int]:
        return [table.row(texts[place % len(texts)]) for place in range(count)]

    return ConceptTexts(
        torch.tensor([repeated(concept.en, _NAMES) for concept in concepts.all]),
        torch.tensor([repeated(concept.zh or concept.en, _NAMES) for concept in concepts.all]),
        torch.tensor([repeated(concept.tags or concept.en, _TAGS) for concept in concepts.all]),
        torch.tensor([table.row(concept.label) for concept in concepts.all]),
    )


def colour_captions(views: Views, concepts: Concepts, table: TextTable) -> CaptionTexts:
    """Caption recoloured pictures; the misses are the other colours."""
    samples, rows = [], []
    for number, sample in enumerate(views.samples):
        concept = _concept(concepts, sample["picture"])
        if sample["colour"] == NONE or concept is None:
            continue
        own = int(sample["colour"])
        order = [own, *(other for other in range(len(COLOURS)) if other != own)]
        chinese = concept.zh[0] if concept.zh else ""
        english = [table.row(f"{COLOURS[one].en} {concept.label}") for one in order]
        rows.append([english, [table.row(f"{COLOURS[one].zh}的{chinese}") for one in order] if chinese else english])
        samples.append(number)
    return CaptionTexts(torch.tensor(samples), torch.tensor(rows))


def pair_captions(views: Views, concepts: Concepts, table: TextTable, chance: Generator) -> CaptionTexts:
    """Caption pictures of two objects; the misses name one of them with something else."""
    samples, rows = [], []
    for number, sample in enumerate(views.samples):
        if sample["partner"] == NONE:
            continue
        first, second = (_concept(concepts, sample[part]) for part in ("picture", "partner"))
        if first is None or second is None:
            continue
        others = [concepts.all[row] for row in chance.integers(len(concepts.all), size=_MISSES_OF_PAIR)]
        pairs = [(first, second), (first, others[0]), (others[1], second), (first, others[2])]
        rows.append(
            [
                [table.row(f"{one.label} and {two.label}") for one, two in pairs],
                [table.row(f"{_chinese(one)}和{_chinese(two)}") for one, two in pairs],
            ]
        )
        samples.append(number)
    return CaptionTexts(torch.tensor(samples), torch.tensor(rows))


def _concept(concepts: Concepts, picture: np.integer) -> Concept | None:
    row = concepts.of_picture[int(picture)]
    return None if row is None else concepts.all[row]


def _chinese(concept: Concept) -> str:
    return concept.zh[0] if concept.zh else concept.label
