"""What one step of training looks at: rows of views with their concepts and captions, and made-up ImageNet features.

Deterministic by seed: two runs draw the same batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from starter_encoder.backbone import load_trunk
from starter_encoder.captions import (
    CaptionTexts,
    ConceptTexts,
    TextTable,
    colour_captions,
    concept_texts,
    pair_captions,
)
from starter_encoder.concepts import Concepts, gather_concepts
from starter_encoder.gallery import Gallery
from starter_encoder.pictures import Style
from starter_encoder.text_tower import DISTILLED, TextEncoder
from starter_encoder.views import INTERFACE_SETS, NONE, Views, load_views

# Painted, rendered, photographed and pixelled art is rare beside icons, and is what users have.
_RARE_STYLES = {Style.PHOTO: 2.0, Style.PAINTED: 2.0, Style.PIXEL: 1.5, Style.DRAWN: 1.5}
# Signs of user interfaces have names that say little of what they show; learning them costs recall on painted art.
_SIGNS = INTERFACE_SETS | {
    "streamline-color", "streamline-plump-color", "streamline-freehand-color", "streamline-kameleon-color",
    "streamline-stickies-color", "streamline-pixel",
}  # fmt: skip
_INTERFACE_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Training:
    """Everything that stays the same during training. `names` and the tower's `vectors` `[n, 256]` go by text row."""

    views: Views
    concept_of_view: NDArray[np.int64]
    weight_of_view: NDArray[np.float64]
    texts: ConceptTexts
    colours: CaptionTexts
    pairs: CaptionTexts
    names: tuple[str, ...]
    vectors: Tensor
    mean: Tensor
    deviation: Tensor
    classes: ClassFeatures


@dataclass(frozen=True, slots=True)
class ClassFeatures:
    """Directions of ImageNet's classes in the trunk's feature space, `[n, 1280]`, and the concept of each."""

    directions: Tensor
    concepts: Tensor

    def draw(self, count: int, real: Tensor, mean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return features as photographs of random classes would have, on top of parts of real ones, and concepts."""
        rows = torch.randint(len(self.concepts), (count,), generator=generator)
        rest = torch.rand(count, 1, generator=generator) * 0.6 * (real - mean)
        strength = 0.7 + 0.8 * torch.rand(count, 1, generator=generator)
        return (mean + rest + strength * self.directions[rows]).clamp(min=0), self.concepts[rows]


def load_training(work: Path, tower: str = DISTILLED) -> Training:
    """Read the finished stages and encode every text once; the vectors are kept beside the tower."""
    gallery = Gallery(work / "gallery")
    views = load_views(work)
    concepts = gather_concepts(gallery.pictures, work / "packages")
    table = TextTable()
    texts = concept_texts(concepts, table)
    colours = colour_captions(views, concepts, table)
    pairs = pair_captions(views, concepts, table, np.random.default_rng(1))
    ready = np.repeat(np.load(work / "views/done.npy"), 64)[: len(views.samples)]
    concept_of_view = np.array(
        [
            NONE if not done or sample["partner"] != NONE else _or_none(concepts.of_picture[sample["picture"]])
            for sample, done in zip(views.samples, ready, strict=True)
        ],
        np.int64,
    )
    styles = [gallery.pictures[sample["picture"]].style for sample in views.samples]
    weight = np.array([_RARE_STYLES.get(style, 1.0) for style in styles]) * (concept_of_view != NONE)
    weight[_only_in_interfaces(gallery, concepts)[concept_of_view]] *= _INTERFACE_WEIGHT
    # Recoloured pictures are still what they are called, but less typically so.
    weight[views.samples["colour"] != NONE] *= 0.5
    sample = np.sort(np.random.default_rng(2).choice(np.flatnonzero(ready), 20_000))
    features = torch.from_numpy(views.pooled[sample]).float()
    print(f"{int(ready.sum())} views, {len(concepts.all)} concepts, {len(table)} texts", flush=True)
    return Training(
        views=views,
        concept_of_view=concept_of_view,
        weight_of_view=weight / weight.sum(),
        texts=texts,
        colours=_ready(colours, ready),
        pairs=_ready(pairs, ready),
        names=table.texts,
        vectors=text_vectors(table, work, tower),
        mean=features.mean(0),
        deviation=features.std(0) + 1e-3,
        classes=_class_features(work, concepts, features),
    )


class Batches:
    """Draws rows of views; partners of the same concept come together, in different styles where there are several."""

    def __init__(self, training: Training, seed: int) -> None:
        self._training = training
        self._chance: Generator = np.random.default_rng(seed)
        order = np.argsort(training.concept_of_view, kind="stable")
        sorted_ = training.concept_of_view[order]
        self._order = order
        self._starts = np.searchsorted(sorted_, np.arange(len(training.texts.labels)))
        self._ends = np.searchsorted(sorted_, np.arange(len(training.texts.labels)), side="right")

    def draw_views(self, count: int) -> NDArray[np.int64]:
        """Return `count` rows of named views: every second one shows the concept of the one before it."""
        first = self._chance.choice(len(self._training.weight_of_view), count // 2, p=self._training.weight_of_view)
        concepts = self._training.concept_of_view[first]
        starts, ends = self._starts[concepts], self._ends[concepts]
        second = self._order[starts + (self._chance.random(len(first)) * (ends - starts)).astype(np.int64)]
        return np.stack([first, second], 1).ravel()

    def draw_captions(self, captions: CaptionTexts, count: int) -> tuple[NDArray[np.int64], Tensor]:
        """Return rows of composed views, and the text rows `[count, 1 + misses]` in one of the languages."""
        drawn = torch.from_numpy(self._chance.integers(len(captions.sample), size=count))
        language = torch.from_numpy(self._chance.integers(2, size=count))
        return captions.sample[drawn].numpy(), captions.rows[drawn, language]


def _only_in_interfaces(gallery: Gallery, concepts: Concepts) -> NDArray[np.bool_]:
    """Return which concepts no other picture shows than signs of user interfaces."""
    in_interfaces, elsewhere = np.zeros((2, len(concepts.all)), bool)
    for picture, row in zip(gallery.pictures, concepts.of_picture, strict=True):
        if row is not None:
            (in_interfaces if picture.source in _SIGNS else elsewhere)[row] = True
    return in_interfaces & ~elsewhere


def _or_none(row: int | None) -> int:
    return NONE if row is None else row


def _ready(captions: CaptionTexts, ready: NDArray[np.bool_]) -> CaptionTexts:
    kept = torch.from_numpy(ready)[captions.sample]
    return CaptionTexts(captions.sample[kept], captions.rows[kept])


def text_vectors(table: TextTable, work: Path, tower: str) -> Tensor:
    """Return the tower's vectors `[n, 256]` of all texts, from the file beside it where that fits."""
    path = (work / tower).with_suffix(".vectors.pt")
    if path.is_file():
        vectors: Tensor = torch.load(path, weights_only=True)
        if len(vectors) == len(table):
            return vectors.float()
    vectors = table.encode(TextEncoder(work, tower))
    torch.save(vectors.half(), path)
    return vectors


def _class_features(work: Path, concepts: Concepts, features: Tensor) -> ClassFeatures:
    """Turn the classifier's weights into features: what tells a class apart, as features vary around their mean.

    Haufe et al. (2014): the pattern that belongs to a linear filter is the filter times the covariance.
    """
    weights = load_trunk(work / "packages").classifier.weight.detach()
    centred = features - features.mean(0)
    patterns = (weights - weights.mean(0)) @ (centred.T @ centred / len(centred))
    length = centred.norm(dim=1).median()
    kept = [(number, row) for number, row in enumerate(concepts.of_class) if row is not None]
    directions = patterns[[number for number, _ in kept]]
    return ClassFeatures(
        directions / directions.norm(dim=1, keepdim=True) * length, torch.tensor([row for _, row in kept])
    )
