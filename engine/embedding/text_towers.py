"""The text tower of multilingual CLIP models: XLM-RoBERTa with a mean over its words and a small head, in plain torch.

open_clip leaves this tower to the package transformers, which is large, slow to import and looks for its configuration
on the network. The parameters carry the names of open_clip's `HFTextEncoder`, so that its checkpoints load as they are.

XLM-RoBERTa: Conneau et al., Unsupervised Cross-lingual Representation Learning at Scale, 2020. Used by
`open_clip_loading` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

_EPSILON = 1e-5
_PADDING_ID = 1


@dataclass(frozen=True, slots=True)
class TowerSizes:
    """The numbers that make one XLM-RoBERTa; `positions` includes the two that padding takes."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    positions: int


SIZES = {
    "xlm-roberta-base": TowerSizes(250_002, 768, 12, 12, 3072, 514),
    "xlm-roberta-large": TowerSizes(250_002, 1024, 24, 16, 4096, 514),
}
"""By open_clip's `hf_model_name`."""


class XlmRobertaTower(nn.Module):
    """From int64 ids `[n, context]`, padded with 1, to `[n, dimension]`."""

    def __init__(self, sizes: TowerSizes, dimension: int) -> None:
        super().__init__()
        self.transformer = _Transformer(sizes)
        between = (sizes.width + dimension) // 2
        self.proj = nn.Sequential(
            nn.Linear(sizes.width, between, bias=False), nn.GELU(), nn.Linear(between, dimension, bias=False)
        )

    def forward(self, ids: Tensor) -> Tensor:
        real = ids != _PADDING_ID
        words = self.transformer(ids, real)
        weight = real.unsqueeze(-1).to(words.dtype)
        return cast("Tensor", self.proj((words * weight).sum(dim=1) / weight.sum(dim=1)))


class _Transformer(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.embeddings = _Embeddings(sizes)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_Layer(sizes) for _ in range(sizes.layers))})

    def forward(self, ids: Tensor, real: Tensor) -> Tensor:
        words = self.embeddings(ids, real)
        # One row for all heads and all words that ask.
        mask = real[:, None, None, :]
        for layer in cast("nn.ModuleList", self.encoder["layer"]):
            words = layer(words, mask)
        return cast("Tensor", words)


class _Embeddings(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(sizes.vocabulary, sizes.width, padding_idx=_PADDING_ID)
        self.position_embeddings = nn.Embedding(sizes.positions, sizes.width, padding_idx=_PADDING_ID)
        self.token_type_embeddings = nn.Embedding(1, sizes.width)
        self.LayerNorm = nn.LayerNorm(sizes.width, eps=_EPSILON)

    def forward(self, ids: Tensor, real: Tensor) -> Tensor:
        # Counted from the place after padding's own.
        places = real.long().cumsum(dim=1) * real + _PADDING_ID
        words = self.word_embeddings(ids) + self.position_embeddings(places) + self.token_type_embeddings.weight[0]
        return cast("Tensor", self.LayerNorm(words))


class _Layer(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        width = sizes.width
        self.heads = sizes.heads
        ways = nn.ModuleDict({name: nn.Linear(width, width) for name in ("query", "key", "value")})
        self.attention = nn.ModuleDict({"self": ways, "output": _joint(width, width)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, sizes.hidden)})
        self.output = _joint(sizes.hidden, width)

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        ways = cast("nn.ModuleDict", self.attention["self"])
        query, key, value = (self._split(ways[name](words)) for name in ("query", "key", "value"))
        seen = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        joined = seen.transpose(1, 2).flatten(start_dim=2)
        words = _join(cast("nn.ModuleDict", self.attention["output"]), joined, words)
        return _join(self.output, gelu(self.intermediate["dense"](words)), words)

    def _split(self, words: Tensor) -> Tensor:
        texts, context, width = words.shape
        return words.view(texts, context, self.heads, width // self.heads).transpose(1, 2)


def _joint(inward: int, outward: int) -> nn.ModuleDict:
    return nn.ModuleDict({"dense": nn.Linear(inward, outward), "LayerNorm": nn.LayerNorm(outward, eps=_EPSILON)})


def _join(joint: nn.ModuleDict, new: Tensor, words: Tensor) -> Tensor:
    return cast("Tensor", joint["LayerNorm"](joint["dense"](new) + words))
