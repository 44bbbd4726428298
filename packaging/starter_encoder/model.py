"""The trained parts between trunk and search space, in the form that open_clip rebuilds from its configuration.

An image vector is `[meaning, look]`: 256 dimensions that texts are compared with, and 128 that only pictures have, a
linear image of the trunk's features. A text vector is zero there, so one stored vector serves words and likeness.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from starter_encoder.backbone import POOLED
from starter_encoder.text_tower import WIDTH

LOOK = 128
DIMENSION = WIDTH + LOOK
# Length of the part `look` for a part `meaning` of length one.
LOOK_LENGTH = 0.8


class Head(nn.Module):
    """Pooled features `[n, 1280]` to image vectors, and the tower's text vectors into the same space."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(POOLED, 2 * WIDTH)
        self.meaning = nn.Linear(2 * WIDTH, WIDTH, bias=False)
        self.look = nn.Linear(POOLED, LOOK)
        self.text = nn.Linear(WIDTH, WIDTH, bias=False)
        self.log_scale = nn.Parameter(torch.tensor(3.2))
        nn.init.eye_(self.text.weight)

    @torch.no_grad()
    def standardise(self, features: Tensor, mean: Tensor, deviation: Tensor) -> None:
        """Start from standardised features `[n, 1280]`, and from their principal components as `look`.

        Both parts start at the lengths that they are held at; a short `meaning` would hardly be heard beside `look`.
        """
        self.hidden.weight.div_(deviation)
        self.hidden.bias.copy_(-(self.hidden.weight @ mean))
        self.look.weight.copy_(torch.linalg.svd(features - mean, full_matrices=False)[2][:LOOK])
        self.look.bias.copy_(-(self.look.weight @ mean))
        meaning, look = self.parts(features)
        self.meaning.weight.div_(meaning.norm(dim=1).median())
        scale = LOOK_LENGTH / look.norm(dim=1).median()
        self.look.weight.mul_(scale)
        self.look.bias.mul_(scale)

    def parts(self, pooled: Tensor) -> tuple[Tensor, Tensor]:
        """Return `meaning` `[n, 256]` and `look` `[n, 128]`, lengths free."""
        return self.meaning(functional.gelu(self.hidden(pooled))), self.look(pooled)

    def texts(self, vectors: Tensor) -> Tensor:
        """Return unit vectors `[n, 256]`: the part of a text vector that is not zero."""
        return functional.normalize(self.text(vectors), dim=-1)

    def export(self) -> dict[str, Tensor]:
        """Return the weights of open_clip's `mlp` head.

        It has one hidden layer of twice the dimension with GELU; a linear row passes it as the difference of two units,
        because gelu(x) - gelu(-x) = x.
        """
        hidden = torch.cat([self.hidden.weight, self.look.weight, -self.look.weight])
        bias = torch.cat([self.hidden.bias, self.look.bias, -self.look.bias])
        out = torch.zeros(DIMENSION, 2 * DIMENSION)
        out[:WIDTH, : 2 * WIDTH] = self.meaning.weight
        out[WIDTH:, 2 * WIDTH : 2 * WIDTH + LOOK] = torch.eye(LOOK)
        out[WIDTH:, 2 * WIDTH + LOOK :] = -torch.eye(LOOK)
        return {"mlp.fc1.weight": hidden, "mlp.fc1.bias": bias, "mlp.fc2.weight": out}
