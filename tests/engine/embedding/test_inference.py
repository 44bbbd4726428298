from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from torch import Tensor, nn

from engine.embedding.catalog import find_encoder
from engine.embedding.device import Precision, choose_device
from engine.embedding.encoder import Pixels
from engine.embedding.inference import convert, fold
from engine.embedding.open_clip import OpenClipEncoder
from engine.embedding.open_clip_config import read_folder
from engine.embedding.open_clip_loading import build_model
from engine.images.decode import decode_image
from engine.images.fit import fit
from engine.images.picture import DecodeLimits
from engine.resources import resource

CPU = torch.device("cpu")


def settled(network: nn.Module) -> nn.Module:
    """Give batch normalisations statistics worth folding."""
    torch.manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias)
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return network.eval()


def layers(network: nn.Module, kind: type[nn.Module]) -> int:
    return sum(isinstance(module, kind) for module in network.modules())


@pytest.fixture(scope="module")
def starter_tower() -> nn.Module:
    return build_model(read_folder(resource("starter_encoder"))).eval().get_submodule("visual")


def test_starter_without_its_normalisations_answers_the_same(starter_tower: nn.Module) -> None:
    folded = fold(starter_tower, 224)
    assert layers(starter_tower, nn.BatchNorm2d) > 40
    assert layers(folded, nn.BatchNorm2d) == 0
    noise = torch.randn(2, 3, 224, 224)
    with torch.inference_mode():
        torch.testing.assert_close(folded(noise), starter_tower(noise), rtol=1e-3, atol=1e-3)


def test_mobileclip_has_its_branches_merged_and_answers_the_same() -> None:
    # The family of MobileCLIP's towers, at its smallest.
    tower = settled(timm.create_model("fastvit_t8", num_classes=8))
    folded = fold(tower, 64)
    assert layers(folded, nn.Conv2d) < layers(tower, nn.Conv2d)
    noise = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(folded(noise), tower(noise), rtol=1e-3, atol=1e-3)


class Misleading(nn.Module):
    """Its layers lie side by side, but the normalisation works on something else than the convolution's answer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)
        self.norm = nn.BatchNorm2d(3)

    def forward(self, values: Tensor) -> Tensor:
        mixed: Tensor = self.norm(self.conv(values).abs() + values)
        return mixed.mean(dim=(2, 3))


def test_network_that_folding_would_change_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    tower = settled(Misleading())
    assert fold(tower, 8) is tower
    assert "Folding changes" in caplog.text
    caplog.clear()


def test_transformer_is_left_alone() -> None:
    tower = nn.Sequential(nn.Conv2d(3, 8, 4, 4), nn.Flatten(2), nn.LayerNorm(4)).eval()
    assert fold(tower, 8) is tower


def test_bfloat16_keeps_the_first_fine_layers_exact() -> None:
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, 2),
        nn.Conv2d(8, 8, 3, groups=8),
        nn.Conv2d(8, 16, 1),
        nn.Conv2d(16, 16, 3, 2, groups=16),
        nn.Conv2d(16, 16, 3, groups=16),
    )
    weights = [layer.weight.detach().clone() for layer in network]
    converted = convert(copy.deepcopy(network), CPU, torch.bfloat16)
    kept = [name for name, parameter in converted.named_parameters() if parameter.dtype is torch.float32]
    assert kept == [f"{layer}.layer.{part}" for layer in (0, 1, 3) for part in ("weight", "bias")]
    torch.testing.assert_close(converted.get_parameter("3.layer.weight"), weights[3], rtol=0, atol=0)
    assert converted(torch.randn(1, 3, 32, 32).bfloat16()).dtype is torch.bfloat16


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_other_formats_are_the_same_everywhere(dtype: torch.dtype) -> None:
    converted = convert(nn.Sequential(nn.Conv2d(3, 8, 3)), CPU, dtype)
    assert {parameter.dtype for parameter in converted.parameters()} == {dtype}


def test_patches_of_a_transformer_are_rounded_like_the_rest() -> None:
    converted = convert(nn.Sequential(nn.Conv2d(3, 8, 16, 16)), CPU, torch.bfloat16)
    assert {parameter.dtype for parameter in converted.parameters()} == {torch.bfloat16}


def sample_pixels(count: int) -> Pixels:
    paths = sorted(Path(resource("sample_library")).rglob("*.png"))[:count]
    spec = read_folder(resource("starter_encoder")).input_spec
    return np.stack([fit(decode_image(path, DecodeLimits(edge=512)).image, spec) for path in paths])


def test_starter_in_bfloat16_finds_what_it_finds_in_float32() -> None:
    pixels = sample_pixels(48)
    source, plan = find_encoder("starter-4"), choose_device("cpu")
    model = read_folder(resource("starter_encoder"))
    exact, rounded = (
        OpenClipEncoder(model, source.profile, ["{}"], replace(plan, precision=precision)).encode_images(pixels)
        for precision in (Precision.FLOAT32, Precision.BFLOAT16)
    )
    assert (exact * rounded).sum(axis=1).min() > 0.999
    neighbours = [vectors @ exact.T - 2 * np.eye(len(pixels)) for vectors in (exact, rounded)]
    firsts = [scores.argmax(axis=1) for scores in neighbours]
    assert (firsts[0] == firsts[1]).mean() > 0.95
