"""The stage `distil`: open_clip's own text transformer, taught to give the teacher's vectors in two languages.

The token table starts from the teacher's vectors of each token, or of its English gloss, and the first attention from
the mean over tokens: most of the alignment is there before the first step.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from open_clip.transformer import TextTransformer
from torch import Tensor
from torch.nn import functional

from engine.embedding.tokenizer import StarterTokenizer
from starter_encoder.loops import rate_at
from starter_encoder.texts import load_pairs

# Towers in the work folder: as the teacher left it, after the first alignment, and what ships.
DISTILLED = "texts/tower.pt"
ALIGNED = "training/aligned.pt"
FINAL = "training/tower.pt"

WIDTH = 256
LAYERS = 4
HEADS = 4
CONTEXT = 32

_STEPS = 2_000
_BATCH = 512
_RATE = 1e-3
_WARM_UP_STEPS = 100
_TEMPERATURE = 0.06
_BATCHES_SORTED_TOGETHER = 16
_SPLIT_SHARE = 0.35
_SPLIT_CHANCE = 0.25
_PCA_ROWS = 20_000
_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")


def build_text_tower(vocabulary_size: int) -> TextTransformer:
    """Return the tower as open_clip builds it from the configuration that ships."""
    return TextTransformer(
        context_length=CONTEXT, vocab_size=vocabulary_size, width=WIDTH, heads=HEADS, layers=LAYERS,
        output_dim=WIDTH, pool_type="argmax",
    )  # fmt: skip


def encode(tower: TextTransformer, ids: Tensor) -> Tensor:
    """Return float `[n, 256]` of int64 ids; as `tower(ids)`, without the work for padding."""
    ids = ids[:, : int((ids != 0).sum(1).max())]
    length = ids.shape[1]
    hidden = tower.token_embedding(ids) + tower.positional_embedding[:length]
    hidden = tower.transformer(hidden, attn_mask=tower.attn_mask[:length, :length])
    last = tower.ln_final(hidden[torch.arange(len(ids)), ids.argmax(-1)])
    return last @ tower.text_projection


class TextEncoder:
    """A trained tower with its tokenizer, for the stages that need text vectors."""

    def __init__(self, work: Path, tower: str = DISTILLED) -> None:
        self.tokenizer = StarterTokenizer.load(work / "texts/vocab.json", CONTEXT)
        self.tower = build_text_tower(self.tokenizer.vocabulary_size)
        self.tower.load_state_dict(torch.load(work / tower, weights_only=True))
        self.tower.eval()

    @torch.no_grad()
    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return float32 `[n, 256]`, rows L2-normalised, in input order."""
        ids = torch.from_numpy(self.tokenizer(texts))
        order = (ids != 0).sum(1).argsort()
        vectors = torch.empty(len(ids), WIDTH)
        for rows in order.split(256):
            vectors[rows] = encode(self.tower, ids[rows])
        return functional.normalize(vectors, dim=-1)


def distil(work: Path) -> None:
    """Train the tower and write `texts/tower.pt`, unless that is done."""
    path = work / "texts/tower.pt"
    if path.is_file():
        return
    torch.manual_seed(0)
    torch.set_num_threads(1)
    chance, shuffle = np.random.default_rng(0), random.Random(0)
    pairs = load_pairs(work)
    tokenizer = StarterTokenizer.load(work / "texts/vocab.json", CONTEXT)
    targets = torch.from_numpy(np.load(work / "texts/targets.npy")).float()
    basis = torch.linalg.svd(targets[torch.randperm(len(targets))[:_PCA_ROWS]], full_matrices=False)[2][:WIDTH].T
    targets = functional.normalize(targets @ basis, dim=-1)
    tower = build_text_tower(tokenizer.vocabulary_size)
    meanings = torch.from_numpy(np.load(work / "texts/vocab.npy")).float()
    _initialise(tower, functional.normalize(meanings @ basis, dim=-1))
    ids = torch.from_numpy(tokenizer(pairs.texts))
    lengths = (ids != 0).sum(1).numpy()
    rows = torch.from_numpy(pairs.rows)
    share = pairs.weights / pairs.weights.sum()
    optimiser = _optimiser(tower)
    queue: list[np.ndarray] = []
    started, reported = time.monotonic(), time.monotonic()
    for step in range(_STEPS):
        if not queue:
            drawn = chance.choice(len(share), _BATCH * _BATCHES_SORTED_TOGETHER, p=share)
            drawn = drawn[np.argsort(lengths[drawn] + chance.random(len(drawn)) * 2)]
            queue = list(drawn.reshape(-1, _BATCH))
            shuffle.shuffle(queue)
        batch = queue.pop()
        _set_rate(optimiser, step)
        wanted = targets[rows[batch]]
        with torch.autocast("cpu", torch.bfloat16):
            found = encode(tower, with_split_words(ids[batch], batch, pairs.texts, tokenizer, chance))
        loss, cosine = _loss(functional.normalize(found.float(), dim=-1), wanted, rows[batch])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimiser.step()
        if time.monotonic() - reported > 30:
            reported = time.monotonic()
            print(f"step {step} of {_STEPS}, {reported - started:.0f} s, cosine {cosine:.3f}", flush=True)
    torch.save(tower.state_dict(), path)


def _initialise(tower: TextTransformer, meanings: Tensor) -> None:
    with torch.no_grad():
        tower.token_embedding.weight[2:-1] = meanings * 4
        tower.positional_embedding.mul_(0.5)
        tower.text_projection.copy_(torch.eye(WIDTH))
        for layer, block in enumerate(tower.transformer.resblocks):
            block.mlp.c_proj.weight.mul_(0.3)
            if layer:
                block.attn.out_proj.weight.mul_(0.3)
            else:
                block.attn.in_proj_weight[: 2 * WIDTH].mul_(0.1)
                block.attn.in_proj_weight[2 * WIDTH :].copy_(torch.eye(WIDTH))
                block.attn.out_proj.weight.copy_(torch.eye(WIDTH))


def _optimiser(tower: TextTransformer) -> torch.optim.Optimizer:
    decayed = [value for name, value in tower.named_parameters() if value.ndim > 1 and "embedding" not in name]
    plain = [value for name, value in tower.named_parameters() if value.ndim < 2 or "embedding" in name]
    groups = [{"params": plain, "weight_decay": 0.0}, {"params": decayed, "weight_decay": 0.02}]
    return torch.optim.AdamW(groups, lr=_RATE, betas=(0.9, 0.98))


def _set_rate(optimiser: torch.optim.Optimizer, step: int) -> None:
    for group in optimiser.param_groups:
        group["lr"] = _RATE * rate_at(step, _STEPS, _WARM_UP_STEPS)


def with_split_words(
    ids: Tensor, batch: np.ndarray, texts: list[str], tokenizer: StarterTokenizer, chance: np.random.Generator
) -> Tensor:
    """Replace some Chinese texts by ones whose words fall apart, so that characters learn what words mean."""
    ids = ids.clone()
    for place, row in enumerate(batch):
        if _BETWEEN_IDEOGRAPHS.search(texts[row]) and chance.random() < _SPLIT_SHARE:
            text = _BETWEEN_IDEOGRAPHS.sub(lambda _: " " if chance.random() < _SPLIT_CHANCE else "", texts[row])
            ids[place] = torch.from_numpy(tokenizer([text])[0])
    return ids


def _loss(found: Tensor, wanted: Tensor, rows: Tensor) -> tuple[Tensor, float]:
    cosine = (found * wanted).sum(1)
    logits = found @ wanted.T / _TEMPERATURE
    same = rows[:, None] == rows[None]
    same.fill_diagonal_(False)
    logits = logits.masked_fill(same, -1e4)
    own = torch.arange(len(rows))
    contrast = functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)
    return (1 - cosine).mean() * 4 + 0.25 * contrast, float(cosine.detach().mean())
