"""Rows of the table of models for tests, and weights that fit them: real architectures of open_clip, random weights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import open_clip
import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE

from engine.embedding import models
from engine.embedding.models import ModelRow, find_model
from engine.resources import resource
from engine.updates import tables

SMALL = "small"
SMALL_ARCHITECTURE = "ViT-S-32-alt"
REPOSITORY = "studio/small"
WEIGHTS = "open_clip_model.safetensors"


def small_row(**changes: str) -> str:
    """Return a row as somebody would add it; changed values are written in TOML."""
    values = {
        "name": f'"{SMALL}"',
        "title": '"Small"',
        "architecture": f'"{SMALL_ARCHITECTURE}"',
        "dimension": "256",
        "languages": '["en"]',
        "licence": '"MIT"',
        "commercial": "true",
        "disk_mb": "70",
        "templates": '["{}"]',
        "note": '"For tests."',
        "calibration": "{ text_mean = 0.1, text_deviation = 0.1, image_mean = 0.5, image_deviation = 0.1 }",
        "weights": f'{{ repo = "{REPOSITORY}", file = "{WEIGHTS}" }}',
        **changes,
    }
    return "[[model]]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())


@contextmanager
def table_with(folder: Path, *rows: str) -> Iterator[ModelRow]:
    """Read the table of models with rows added until the block ends; yield the last one."""
    table = folder / "models.toml"
    table.write_text("\n".join([resource("models.toml").read_text("utf-8"), *rows]), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "resource", lambda name: table if name == models.FILE_NAME else resource(name))
        row = models.available_models()[-1]
        assert find_model(row.name) is row
        yield row


def sha256_of(path: Path) -> str:
    """Return a file's checksum as the table writes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def random_checkpoint(architecture: str, path: Path, seed: int = 0) -> Path:
    """Write weights for one of open_clip's architectures in half precision."""
    torch.manual_seed(seed)
    model = open_clip.create_model(architecture, load_weights=False)
    save_file({name: tensor.contiguous().half() for name, tensor in model.state_dict().items()}, path)
    return path


def write_tokenizer(path: Path, padding: str = "<pad>", begin: str = "", end: str = "<eos>") -> Path:
    """Write a tokenizer of single bytes, in the form that multilingual models have theirs."""
    marks = [mark for mark in (padding, end, begin) if mark]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: position for position, token in enumerate([*marks, *letters])}
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=[]))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(marks)
    tokenizer.save(str(path))
    return path
