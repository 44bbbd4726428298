"""The stage `align`: the text tower learns what pictures of its words look like, and forgets nothing else.

The pictures stay as they are: each concept is the mean of the vectors of some of its views, and its names are told from
all concepts. Texts of the dictionary are held at what the teacher said.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.embedding.tokenizer import StarterTokenizer
from starter_encoder.backbone import load_trunk
from starter_encoder.batches import Training, load_training
from starter_encoder.export import blend
from starter_encoder.model import Head
from starter_encoder.text_tower import CONTEXT, WIDTH, TextEncoder, encode
from starter_encoder.texts import load_pairs

_STEPS = 700
_NAMED = 192
_HELD = 128
_RATE = 2e-4
_VIEWS_OF_CONCEPT = 4
_BATCH = 128
_HOLD = 4.0


def align(work: Path, share: float) -> None:
    """Write `training/tower.pt`, unless that is done. `share` is that of the fine-tuned weights, as for `export`."""
    path = work / "training/tower.pt"
    if path.is_file():
        return
    torch.manual_seed(0)
    torch.set_num_threads(1)
    training = load_training(work)
    upper, head = blend(work, share, load_trunk(work / "packages"))
    prototypes = _prototypes(training, upper, head)
    encoder = TextEncoder(work)
    _train(training, prototypes, head, encoder, work)
    torch.save(encoder.tower.state_dict(), path)


@torch.no_grad()
def _prototypes(training: Training, upper: torch.nn.Module, head: Head) -> Tensor:
    """Return the unit mean `[concepts, 256]` of each concept's pictures; zero where there is none."""
    order = np.random.default_rng(0).permutation(np.flatnonzero(training.concept_of_view >= 0))
    seen = np.zeros(len(training.texts.labels), np.int64)
    chosen = []
    for view in order:
        concept = training.concept_of_view[view]
        if seen[concept] < _VIEWS_OF_CONCEPT:
            seen[concept] += 1
            chosen.append(view)
    sums = torch.zeros(len(seen), WIDTH)
    for start in range(0, len(chosen), _BATCH):
        rows = np.sort(chosen[start : start + _BATCH])
        maps = torch.from_numpy(training.views.maps[rows]).float().permute(0, 3, 1, 2)
        vectors = functional.normalize(torch.cat(head.parts(upper(maps)), 1), dim=-1)[:, :WIDTH]
        sums.index_add_(0, torch.from_numpy(training.concept_of_view[rows]), vectors)
    return functional.normalize(sums, dim=-1)


def _train(training: Training, prototypes: Tensor, head: Head, encoder: TextEncoder, work: Path) -> None:
    tower = encoder.tower
    known = torch.from_numpy(np.flatnonzero(prototypes.norm(dim=1).numpy() > 0))
    bank = prototypes[known]
    names = training.names
    labels = functional.normalize(training.vectors[training.texts.labels], dim=-1)[known]
    pairs = load_pairs(work).texts
    tokenizer = StarterTokenizer.load(work / "texts/vocab.json", CONTEXT)
    chance = np.random.default_rng(3)
    generator = torch.Generator().manual_seed(4)
    scale = head.log_scale.exp().clamp(max=60.0).detach()
    projection = head.text.weight.detach()
    optimiser = torch.optim.AdamW(tower.parameters(), lr=_RATE, weight_decay=0.0)
    held_texts = [pairs[row] for row in chance.integers(len(pairs), size=20_000)]
    held_vectors = encoder.encode(held_texts)
    started = reported = time.monotonic()
    for step in range(_STEPS):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / 50) * (0.02 + 0.49 * (1 + np.cos(np.pi * step / _STEPS)))
        rows = torch.randint(len(known), (_NAMED,), generator=generator)
        asked = training.texts.draw(generator)[known[rows]]
        held = chance.integers(len(held_texts), size=_HELD)
        texts = [names[int(row)] for row in asked] + [held_texts[row] for row in held]
        found = functional.normalize(encode(tower, torch.from_numpy(tokenizer(texts))), dim=-1)
        logits = scale * functional.normalize(found[:_NAMED] @ projection.T, dim=-1) @ bank.T
        with torch.no_grad():
            near = labels[rows] @ labels.T
            near[torch.arange(_NAMED), rows] = -1
            wanted = 0.15 * torch.softmax(near / 0.06, 1)
            wanted[torch.arange(_NAMED), rows] += 0.85
        before = torch.cat([training.vectors[asked], held_vectors[held]])
        away = (1 - (found * functional.normalize(before, dim=-1)).sum(1)).mean()
        told = -(wanted * functional.log_softmax(logits, 1)).sum(1).mean()
        optimiser.zero_grad()
        (told + _HOLD * away).backward()
        optimiser.step()
        if time.monotonic() - reported > 30:
            reported = time.monotonic()
            print(f"step {step} of {_STEPS}, {reported - started:.0f} s, names {told:.2f} away {away:.3f}", flush=True)
