"""The stage `align`: the text tower learns what pictures of its words look like.

The pictures stay as they are: each concept is the mean of the vectors of some of its views, and its names are told from
all concepts. Words that no picture shows are held at what the teacher said, and so are captions of composed pictures,
which the trunk was trained on as they are.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from starter_encoder.backbone import load_trunk
from starter_encoder.batches import Training, load_training
from starter_encoder.export import blend
from starter_encoder.loops import near_synonyms, rate_at
from starter_encoder.model import Head
from starter_encoder.text_tower import (
    ALIGNED,
    DISTILLED,
    FINAL,
    WIDTH,
    TextEncoder,
    encode,
    with_split_words,
)
from starter_encoder.texts import load_pairs

_STEPS = 800
_NAMED = 256
_HELD = 128
_HELD_TEXTS = 40_000
_RATE = 4e-4
_WARM_UP_STEPS = 50
_VIEWS_OF_CONCEPT = 4
_BATCH = 128
_HOLD = 2.0
# Of the stage's weights, the rest from before the trunk was touched, as for `export`.
_TRUNK_SHARE = 0.7
# Of the aligned weights, the rest from before: all of them find one more seen concept of a hundred, and two unseen ones
# fewer.
_SHARE = 0.6
_SYNONYM_MASS = 0.15


@dataclass(frozen=True, slots=True)
class Round:
    """One alignment: a tower to start from, weights of the stage `pictures`, and the tower that comes of it."""

    tower: str
    pictures: str
    result: str


FIRST = Round(DISTILLED, "fine", ALIGNED)
SECOND = Round(ALIGNED, "refine", FINAL)


def align(work: Path, turn: Round) -> None:
    """Write the tower of a round, unless that is done."""
    path = work / turn.result
    if path.is_file():
        return
    torch.manual_seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    training = load_training(work, turn.tower)
    upper, head = blend(work, _TRUNK_SHARE, load_trunk(work / "packages"), turn.pictures)
    prototypes = _mean_pictures(training, upper, head)
    encoder = TextEncoder(work, turn.tower)
    before = {name: one.clone() for name, one in encoder.tower.state_dict().items()}
    _Aligner(training, prototypes, head, encoder, load_pairs(work).texts).run()
    aligned = encoder.tower.state_dict()
    torch.save({name: torch.lerp(one, aligned[name], _SHARE) for name, one in before.items()}, path)


@torch.no_grad()
def _mean_pictures(training: Training, upper: torch.nn.Module, head: Head) -> Tensor:
    """Return the unit mean `[concepts, 256]` of each concept's pictures; zero where there is none."""
    order = np.random.default_rng(0).permutation(np.flatnonzero(training.concept_of_view >= 0))
    seen = np.zeros(len(training.texts.labels), np.int64)
    chosen = []
    for view in order:
        concept = training.concept_of_view[view]
        if seen[concept] < _VIEWS_OF_CONCEPT:
            seen[concept] += 1
            chosen.append(view)
    chosen = np.sort(chosen)
    sums = torch.zeros(len(seen), WIDTH)
    for start in range(0, len(chosen), _BATCH):
        rows = chosen[start : start + _BATCH]
        maps = torch.from_numpy(training.views.maps[rows]).float().permute(0, 3, 1, 2)
        vectors = functional.normalize(torch.cat(head.parts(upper(maps)), 1), dim=-1)[:, :WIDTH]
        sums.index_add_(0, torch.from_numpy(training.concept_of_view[rows]), vectors)
    return functional.normalize(sums, dim=-1)


class _Aligner:
    """The loop. Concepts of interfaces alone are drawn as seldom as for the head."""

    def __init__(
        self, training: Training, prototypes: Tensor, head: Head, encoder: TextEncoder, phrases: list[str]
    ) -> None:
        self._texts, self._names = training.texts, training.names
        self._encoder = encoder
        weight = np.zeros(len(prototypes))
        shown = training.concept_of_view >= 0
        np.maximum.at(weight, training.concept_of_view[shown], training.weight_of_view[shown])
        self._known = np.flatnonzero(prototypes.norm(dim=1).numpy() > 0)
        self._share = weight[self._known] / weight[self._known].sum()
        self._bank = prototypes[self._known]
        self._vectors = functional.normalize(training.vectors, dim=-1)
        self._labels = self._vectors[training.texts.labels][self._known]
        self._projection = head.text.weight.detach()
        self._scale = float(head.log_scale.detach().exp())
        self._chance = np.random.default_rng(3)
        self._generator = torch.Generator().manual_seed(4)
        captions = np.concatenate([training.colours.rows[:, :, 0].ravel(), training.pairs.rows[:, :, 0].ravel()])
        self._captions = np.unique(captions)
        self._phrases = [phrases[row] for row in self._chance.integers(len(phrases), size=_HELD_TEXTS)]
        self._phrase_vectors = encoder.encode(self._phrases)

    def run(self) -> None:
        self._encoder.tower.train()
        optimiser = torch.optim.AdamW(self._encoder.tower.parameters(), lr=_RATE, weight_decay=0.0)
        started = reported = time.monotonic()
        for step in range(_STEPS):
            for group in optimiser.param_groups:
                group["lr"] = _RATE * rate_at(step, _STEPS, _WARM_UP_STEPS)
            told, away = self._step_loss()
            optimiser.zero_grad()
            (told + _HOLD * away).backward()
            optimiser.step()
            if time.monotonic() - reported > 30:
                reported = time.monotonic()
                seconds = reported - started
                print(f"step {step} of {_STEPS}, {seconds:.0f} s, names {told:.2f} away {away:.3f}", flush=True)
        self._encoder.tower.eval()

    def _step_loss(self) -> tuple[Tensor, Tensor]:
        """Return how badly names are told from one another, and how far held texts went (1 - cosine)."""
        rows = self._chance.choice(len(self._known), _NAMED, p=self._share)
        asked = self._texts.draw(self._generator)[self._known[rows]]
        held_texts, held = self._draw_held()
        texts = [self._names[int(row)] for row in asked] + held_texts
        ids = torch.from_numpy(self._encoder.tokenizer(texts))
        ids = with_split_words(ids, np.arange(len(texts)), texts, self._encoder.tokenizer, self._chance)
        with torch.autocast("cpu", torch.bfloat16):
            found = encode(self._encoder.tower, ids)
        found = functional.normalize(found.float(), dim=-1)
        logits = self._scale * functional.normalize(found[:_NAMED] @ self._projection.T, dim=-1) @ self._bank.T
        with torch.no_grad():
            wanted = _SYNONYM_MASS * near_synonyms(self._labels[rows], self._labels, torch.from_numpy(rows))
            wanted[torch.arange(_NAMED), rows] += 1 - _SYNONYM_MASS
        told = -(wanted * functional.log_softmax(logits, 1)).sum(1).mean()
        return told, (1 - (found[_NAMED:] * held).sum(1)).mean()

    def _draw_held(self) -> tuple[list[str], Tensor]:
        captions = self._chance.choice(self._captions, _HELD // 2)
        phrases = self._chance.integers(len(self._phrases), size=_HELD // 2)
        texts = [self._names[row] for row in captions] + [self._phrases[row] for row in phrases]
        return texts, torch.cat([self._vectors[captions], self._phrase_vectors[phrases]])
