"""What the training loops share: the course of the learning rate, and which names are nearly right."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

_SYNONYM_TEMPERATURE = 0.06
_LAST_SHARE = 0.02


def rate_at(step: int, steps: int, warm_up: int) -> float:
    """Return the share of the full learning rate: up over `warm_up` steps, then down a cosine to 0.02."""
    cosine = _LAST_SHARE + (1 - _LAST_SHARE) * 0.5 * (1 + np.cos(np.pi * step / steps))
    return float(min(1.0, (step + 1) / warm_up) * cosine)


def near_synonyms(asked: Tensor, offered: Tensor, own: Tensor) -> Tensor:
    """Return how right the other concepts are, float `[n, m]` with rows that add up to 1.

    `asked` `[n, d]` and `offered` `[m, d]` are unit vectors of labels; `own` says which of the offered each is itself.
    """
    near = asked @ offered.T
    near[torch.arange(len(asked)), own] = -1
    return torch.softmax(near / _SYNONYM_TEMPERATURE, 1)
