"""A tiny CLIP of two layers, made on the spot, and real files that hold its weights."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import open_clip
import pytest
import torch
from safetensors.torch import save_file

from engine.embedding.catalog import load_encoder
from engine.embedding.encoder import Encoder

TINY: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "resize_mode": "squash"},
}


def write_config(folder: Path, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps({**TINY, **changes}))
    return folder


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    folder = write_config(tmp_path_factory.mktemp("random"))
    torch.manual_seed(0)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    return {name: tensor.contiguous() for name, tensor in model.state_dict().items()}


@pytest.fixture
def tiny_folder(tmp_path: Path, tiny_weights: dict[str, torch.Tensor]) -> Path:
    folder = write_config(tmp_path / "tiny")
    save_file(tiny_weights, folder / "open_clip_model.safetensors")
    return folder


@pytest.fixture
def tiny(tiny_folder: Path) -> Iterator[Encoder]:
    encoder = load_encoder(str(tiny_folder), "cpu")
    yield encoder
    encoder.close()


@pytest.fixture(scope="session")
def starter() -> Iterator[Encoder]:
    with pytest.MonkeyPatch.context() as patch:
        block_network(patch)
        encoder = load_encoder("starter-3", "cpu")
    yield encoder
    encoder.close()


def block_network(patch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(f"the network was opened: {arguments} {options}")

    patch.setattr(socket.socket, "connect", refuse)
    patch.setattr(socket, "getaddrinfo", refuse)
