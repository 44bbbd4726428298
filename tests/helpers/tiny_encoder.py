"""A tiny CLIP of two layers, made on the spot, as a model folder that Propmaster takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import open_clip
import torch
from safetensors.torch import save_file

TINY: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "resize_mode": "squash"},
}


def write_config(folder: Path, **changes: Any) -> Path:
    """Write the configuration alone, with parts of it changed."""
    folder.mkdir(exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps({**TINY, **changes}))
    return folder


def random_weights(folder: Path, seed: int = 0) -> dict[str, torch.Tensor]:
    """Return weights for the configuration in a folder."""
    torch.manual_seed(seed)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    return {name: tensor.contiguous() for name, tensor in model.state_dict().items()}


def write_tiny_encoder(folder: Path, seed: int = 0) -> Path:
    """Write configuration and weights; other seeds make other encoders."""
    write_config(folder)
    save_file(random_weights(folder, seed), folder / "open_clip_model.safetensors")
    return folder
