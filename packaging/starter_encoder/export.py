"""The stage `export`: joins the parts into one model folder that stock open_clip loads.

Weights of the last stage are averaged with those of `head`, before the trunk was touched (Wortsman et al., "Robust
fine-tuning", 2022): the share is chosen by evaluation.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from starter_encoder.backbone import DEVIATION, MEAN, NAME, SIZE, Upper, load_trunk
from starter_encoder.model import DIMENSION, Head
from starter_encoder.text_tower import CONTEXT, FINAL, HEADS, LAYERS, WIDTH, build_text_tower

_READABLE = 0o644


def export(work: Path, folder: Path, share: float) -> None:
    """Write configuration, weights in float16 and vocabulary. `share` is that of the fine-tuned weights, 0 … 1."""
    trunk = load_trunk(work / "packages")
    _, head = blend(work, share, trunk, "refine")
    vocabulary = json.loads((work / "texts/vocab.json").read_text(encoding="utf-8"))
    tower = build_text_tower(len(vocabulary))
    tower.load_state_dict(torch.load(work / FINAL, weights_only=True))
    weights = {f"visual.trunk.{name}": one for name, one in trunk.state_dict().items() if "classifier" not in name}
    weights |= {f"visual.head.{name}": one for name, one in head.export().items()}
    weights |= {name: one for name, one in tower.state_dict().items() if name != "attn_mask"}
    projection = torch.zeros(WIDTH, DIMENSION)
    projection[:, :WIDTH] = tower.text_projection.detach() @ head.text.weight.detach().T
    weights |= {"text_projection": projection, "logit_scale": head.log_scale.detach()}
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: _half(one) for name, one in weights.items()}, folder / "open_clip_model.safetensors")
    (folder / "open_clip_config.json").write_text(json.dumps(_config(len(vocabulary)), indent=1), encoding="utf-8")
    shutil.copyfile(work / "texts/vocab.json", folder / "vocab.json")
    for path in folder.iterdir():
        path.chmod(_READABLE)


def blend(work: Path, share: float, trunk: nn.Module, stage: str) -> tuple[Upper, Head]:
    """Give the trunk its upper part as trained by a stage; return that and the head."""
    before, after = (torch.load(work / f"training/{name}.pt", weights_only=True) for name in ("head", stage))
    state = {name: torch.lerp(before[name].float(), after[name].float(), share) for name in before}
    upper, head = Upper(trunk), Head()
    for part, module in (("upper.", upper), ("head.", head)):
        module.load_state_dict({name.removeprefix(part): one for name, one in state.items() if name.startswith(part)})
    return upper.eval(), head


def _half(weights: Tensor) -> Tensor:
    return (weights.detach().half() if weights.is_floating_point() else weights).contiguous().clone()


def _config(vocabulary_size: int) -> dict[str, object]:
    """Return what open_clip builds the model and its preparation of pictures from."""
    return {
        "tokenizer": "starter",
        "model_cfg": {
            "embed_dim": DIMENSION,
            "vision_cfg": {
                "timm_model_name": NAME,
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": "mlp",
                "image_size": SIZE,
            },
            "text_cfg": {
                "context_length": CONTEXT,
                "vocab_size": vocabulary_size,
                "width": WIDTH,
                "heads": HEADS,
                "layers": LAYERS,
            },
        },
        "preprocess_cfg": {
            "mean": [MEAN / 255] * 3,
            "std": [DEVIATION / 255] * 3,
            "interpolation": "bicubic",
            "resize_mode": "longest",
            "fill_color": 255,
        },
    }
