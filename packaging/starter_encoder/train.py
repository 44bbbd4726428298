"""The stages `head` and `finetune`: the head on cached features, then the upper trunk with it.

Every picture is told from thousands of concepts at once (softmax over the names of a new choice of them each step, some
of the mass on near synonyms), from the others in its batch, and composed pictures from near misses of their captions.
Two processes share each step. Features are held near the untouched trunk's: what ImageNet taught about painted art and
photographs is worth more than what icons teach.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from starter_encoder.backbone import Upper, load_trunk
from starter_encoder.batches import Batches, Training, load_training
from starter_encoder.loops import near_synonyms, rate_at
from starter_encoder.model import LOOK_LENGTH, Head
from starter_encoder.text_tower import ALIGNED, DISTILLED, WIDTH

# Naming all 17,700 took four times as long a step.
_BANK = 3_000
_SYNONYM_MASS = 0.2
_WARM_UP_STEPS = 50
_DROPOUT = 0.25
_LARGEST_SCALE = 60.0
_SCALE_RATE = 5e-3
# Of the head; with a twentieth of it and a dropout of 0.4, five points of recall were missing after 1,600 steps.
_DECAY = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """One stage of training. `views`, `colours`, `pairs`, `classes` count rows a step and process."""

    name: str
    steps: int
    views: int
    colours: int
    pairs: int
    classes: int
    head_rate: float
    trunk_rate: float
    hold: float
    start: str = ""
    tower: str = DISTILLED
    by_pair: float = 0.5
    lengths: float = 0.2


HEAD = Recipe("head", 1_500, views=224, colours=32, pairs=48, classes=64, head_rate=3e-3, trunk_rate=0.0, hold=0.0)
FINE = Recipe(
    "fine",
    1_000,
    views=112,
    colours=12,
    pairs=16,
    classes=40,
    head_rate=1.5e-3,
    trunk_rate=3e-4,
    hold=0.05,
    start="head",
)
# Vectors of like lengths keep the part that texts are compared with from being scaled differently in each picture.
REFINE = replace(
    FINE,
    name="refine",
    views=104,
    pairs=24,
    head_rate=1e-3,
    trunk_rate=2e-4,
    start="fine",
    tower=ALIGNED,
    by_pair=1.0,
    lengths=1.0,
)


def train(work: Path, recipe: Recipe) -> None:
    """Run a recipe in one process a core and write `training/NAME.pt`, unless that is done."""
    if (work / f"training/{recipe.name}.pt").is_file():
        return
    (work / "training").mkdir(exist_ok=True)
    load_training(work, recipe.tower)
    workers = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_run, args=(work, recipe, rank, workers)) for rank in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"A process of the stage {recipe.name} failed")


class Trained(nn.Module):
    """Upper trunk and head."""

    def __init__(self, upper: Upper, head: Head) -> None:
        super().__init__()
        self.upper, self.head = upper, head


def _run(work: Path, recipe: Recipe, rank: int, workers: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{work}/training/{recipe.name}.meet-{os.getppid()}", rank=rank, world_size=workers
    )
    training = load_training(work, recipe.tower)
    model = Trained(Upper(load_trunk(work / "packages")), Head())
    if recipe.start:
        model.load_state_dict(torch.load(work / f"training/{recipe.start}.pt", weights_only=True))
    else:
        _standardise(model.head, training)
    _Trainer(training, recipe, model, rank, workers, work / f"training/{recipe.name}.pt").run()
    torch.distributed.destroy_process_group()


def _standardise(head: Head, training: Training) -> None:
    ready = np.flatnonzero(training.concept_of_view >= 0)[:12_000]
    features = torch.from_numpy(training.views.pooled[ready]).float()
    head.standardise(features, training.mean, training.deviation)


class _Trainer:
    """The loop of one process."""

    def __init__(self, training: Training, recipe: Recipe, model: Trained, rank: int, workers: int, path: Path) -> None:
        self._training, self._recipe, self._model = training, recipe, model
        self._rank, self._workers, self._path = rank, workers, path
        self._batches = Batches(training, seed=100 + rank)
        self._random = torch.Generator().manual_seed(200 + rank)
        # Every process must name concepts by the same texts in a step.
        self._naming = torch.Generator().manual_seed(300)
        labels = training.vectors[training.texts.labels]
        self._labels = functional.normalize(labels, dim=-1)
        self._optimiser = self._make_optimiser()
        self._rates = [group["lr"] for group in self._optimiser.param_groups]

    def run(self) -> None:
        started = reported = time.monotonic()
        self._model.eval()
        for step in range(self._recipe.steps):
            self._set_rates(step)
            loss, told = self._step_loss()
            self._optimiser.zero_grad()
            loss.backward()
            self._share_gradients()
            self._optimiser.step()
            if not self._rank and time.monotonic() - reported > 30:
                reported = time.monotonic()
                seconds = reported - started
                print(f"{self._recipe.name} step {step} of {self._recipe.steps}, {seconds:.0f} s, {told}", flush=True)
        if not self._rank:
            torch.save(self._model.state_dict(), self._path)

    def _step_loss(self) -> tuple[Tensor, str]:
        recipe, training = self._recipe, self._training
        views = self._batches.draw_views(recipe.views)
        colours, colour_rows = self._batches.draw_captions(training.colours, recipe.colours)
        pairs, pair_rows = self._batches.draw_captions(training.pairs, recipe.pairs)
        features, held = self._features(np.concatenate([views, colours, pairs]))
        made, made_concepts = training.classes.draw(
            recipe.classes, features[torch.randint(recipe.views, (recipe.classes,), generator=self._random)].detach(),
            training.mean, self._random,
        )  # fmt: skip
        meaning, look = self._model.head.parts(functional.dropout(torch.cat([features, made]), _DROPOUT))
        vectors = functional.normalize(torch.cat([meaning, look], 1), dim=-1)
        concepts = torch.from_numpy(training.concept_of_view[views])
        named = torch.cat([vectors[: recipe.views], vectors[len(features) :]])
        scale = self._model.head.log_scale.exp().clamp(max=_LARGEST_SCALE)
        by_name = self._naming_loss(named[:, :WIDTH], torch.cat([concepts, made_concepts]), scale)
        alike = _likeness_loss(vectors[: recipe.views], concepts, scale)
        start = recipe.views
        by_colour = self._caption_loss(vectors[start : start + recipe.colours, :WIDTH], colour_rows, scale)
        start += recipe.colours
        by_pair = self._caption_loss(vectors[start : start + recipe.pairs, :WIDTH], pair_rows, scale)
        lengths = (meaning.norm(dim=1) - 1).square().mean() + (look.norm(dim=1) / LOOK_LENGTH - 1).square().mean()
        loss = by_name + 0.3 * alike + 0.4 * by_colour + recipe.by_pair * by_pair
        loss = loss + recipe.lengths * lengths + recipe.hold * held
        told = (
            f"names {by_name.item():.2f} alike {alike.item():.2f} colours {by_colour.item():.2f}"
            f" pairs {by_pair.item():.2f} lengths {lengths.item():.3f} held {held.item():.3f} scale {scale.item():.0f}"
        )
        return loss, told

    def _features(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return pooled features of views, and how far they went from the untouched trunk's."""
        cached = torch.from_numpy(self._training.views.pooled[rows]).float()
        if not self._recipe.trunk_rate:
            return cached, torch.zeros(())
        # The cached maps have channels last, as the convolutions want them.
        features = self._model.upper(torch.from_numpy(self._training.views.maps[rows]).float().permute(0, 3, 1, 2))
        return features, ((features - cached) / self._training.deviation).square().mean()

    def _naming_loss(self, meaning: Tensor, concepts: Tensor, scale: Tensor) -> Tensor:
        texts = self._training.texts
        others = torch.randint(len(texts.labels), (_BANK,), generator=self._random)
        offered, own = torch.unique(torch.cat([concepts, others]), return_inverse=True)
        own = own[: len(concepts)]
        rows = texts.draw(self._naming)[offered]
        bank = self._model.head.texts(self._training.vectors[rows])
        with torch.no_grad():
            # Two concepts may bear the same name in a step (a tag, a translation); both are right then.
            same = (rows[own][:, None] == rows[None]).float()
            near = near_synonyms(self._labels[concepts], self._labels[offered], own)
            wanted = (1 - _SYNONYM_MASS) * same / same.sum(1, keepdim=True) + _SYNONYM_MASS * near
        over_bank = -(wanted * functional.log_softmax(scale * meaning @ bank.T, 1)).sum(1).mean()
        alike = (concepts[:, None] == concepts[None]).float()
        told = functional.log_softmax(scale * bank[own] @ meaning.T, 1)
        return over_bank - 0.4 * (alike / alike.sum(1, keepdim=True) * told).sum(1).mean()

    def _caption_loss(self, meaning: Tensor, rows: Tensor, scale: Tensor) -> Tensor:
        """Tell each caption from its own near misses and from the captions of the others."""
        count, misses = rows.shape
        texts = self._model.head.texts(self._training.vectors[rows.flatten()]).unflatten(0, (count, misses))
        own = torch.einsum("nd,nmd->nm", meaning, texts)
        others = meaning @ texts[:, 0].T
        others = others.masked_fill(rows[:, 0][:, None] == rows[:, 0][None], -1e4)
        return functional.cross_entropy(scale * torch.cat([own, others], 1), torch.zeros(count, dtype=torch.long))

    def _make_optimiser(self) -> torch.optim.Optimizer:
        head, recipe = self._model.head, self._recipe
        layers = [head.hidden.weight, head.hidden.bias, head.meaning.weight]
        groups = [
            {"params": layers, "lr": recipe.head_rate, "weight_decay": _DECAY},
            {"params": [*head.look.parameters()], "lr": recipe.head_rate * 0.3, "weight_decay": 0.0},
            {"params": [head.text.weight], "lr": recipe.head_rate * 0.3, "weight_decay": 0.0},
            {"params": [head.log_scale], "lr": _SCALE_RATE, "weight_decay": 0.0},
        ]
        if recipe.trunk_rate:
            groups.append({"params": [*self._model.upper.trained()], "lr": recipe.trunk_rate, "weight_decay": 0.02})
        return torch.optim.AdamW(groups)

    def _set_rates(self, step: int) -> None:
        share = rate_at(step, self._recipe.steps, _WARM_UP_STEPS)
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * share

    def _share_gradients(self) -> None:
        trained = [one for group in self._optimiser.param_groups for one in group["params"] if one.grad is not None]
        flat = torch.cat([one.grad.flatten() for one in trained])
        torch.distributed.all_reduce(flat)
        flat /= self._workers
        for one, grad in zip(trained, flat.split([one.numel() for one in trained]), strict=True):
            one.grad.copy_(grad.view_as(one))


def _likeness_loss(vectors: Tensor, concepts: Tensor, scale: Tensor) -> Tensor:
    """Pull views of one concept together, against the rest of the batch (Khosla et al., 2020)."""
    logits = (scale * vectors @ vectors.T).masked_fill(torch.eye(len(vectors), dtype=torch.bool), -1e4)
    alike = (concepts[:, None] == concepts[None]).float().fill_diagonal_(0)
    return -(alike / alike.sum(1, keepdim=True) * functional.log_softmax(logits, 1)).sum(1).mean()
