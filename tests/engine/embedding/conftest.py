"""Encoders on real files: a tiny one, made on the spot, and the one that ships."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.embedding.catalog import load_encoder
from engine.embedding.encoder import Encoder
from tests.helpers.tiny_encoder import random_weights, write_config


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    folder = write_config(tmp_path_factory.mktemp("random"))
    return random_weights(folder)


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
        encoder = load_encoder("starter-4", "cpu")
    yield encoder
    encoder.close()


def block_network(patch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(f"the network was opened: {arguments} {options}")

    patch.setattr(socket.socket, "connect", refuse)
    patch.setattr(socket, "getaddrinfo", refuse)
