"""Every family of the table through the real loading code: real architectures, or their shape with fewer numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from engine.embedding import text_towers
from engine.embedding.catalog import find_encoder, load_encoder
from engine.embedding.encoder import Encoder
from engine.embedding.models import available_models
from engine.embedding.open_clip_config import OpenClipModel, TokenizerKind, read_architecture, read_folder
from engine.embedding.open_clip_loading import build_model, check_model, make_tokenizer
from engine.embedding.text_towers import TowerSizes, XlmRobertaTower
from engine.errors import EncoderUnavailable
from engine.images.fit import FitMode, Interpolation
from tests.engine.embedding.conftest import block_network
from tests.helpers.models import random_checkpoint, write_tokenizer

FEW = TowerSizes(vocabulary=300, width=32, layers=2, heads=4, hidden=64, positions=80)
VISION = {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16}
SIGLIP_TEXT = {
    "context_length": 64,
    "vocab_size": 300,
    "hf_tokenizer_name": "timm/ViT-B-16-SigLIP2",
    "tokenizer_kwargs": {"clean": "canonicalize"},
    "width": 32,
    "heads": 2,
    "layers": 2,
    "no_causal_mask": True,
    "proj_bias": True,
    "pool_type": "last",
    "norm_kwargs": {"eps": 1e-6},
    "act_kwargs": {"approximate": "tanh"},
}
XLM_TEXT = {
    "hf_model_name": "xlm-roberta-base",
    "hf_tokenizer_name": "xlm-roberta-base",
    "hf_pooler_type": "mean_pooler",
}


def write_folder(folder: Path, text: dict[str, Any], **more: Any) -> Path:
    folder.mkdir()
    config = {"model_cfg": {"embed_dim": 16, "vision_cfg": VISION, "text_cfg": text, **more}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    return folder


def require_meaning(encoder: Encoder) -> None:
    """Pictures and texts become vectors that depend on what they are."""
    size = encoder.profile.input_spec.size
    pixels = np.random.default_rng(0).integers(0, 255, (2, size, size, 3), dtype=np.uint8)
    vectors = np.vstack([encoder.encode_images(pixels), encoder.encode_texts(["a sword", "一把剑", "a sword"])])
    assert vectors.shape == (5, encoder.profile.dimension)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-4)
    assert not np.allclose(vectors[2], vectors[3], atol=1e-4)
    assert np.allclose(vectors[2], vectors[4], atol=1e-5)


@pytest.mark.parametrize("architecture", ["ViT-S-32-alt", "MobileCLIP2-S0"])
def test_real_architecture_loads_from_a_local_checkpoint(
    tmp_path: Path, architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = random_checkpoint(architecture, tmp_path / "open_clip_model.safetensors")
    block_network(monkeypatch)
    encoder = load_encoder(f"open_clip:{architecture}:{weights}", "cpu")
    require_meaning(encoder)
    encoder.close()


def test_siglip2_s_text_and_tokenizer_load_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path / "siglip", SIGLIP_TEXT, custom_text=True, init_logit_bias=-10)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    write_tokenizer(folder / "tokenizer.json")
    block_network(monkeypatch)
    encoder = load_encoder(str(folder), "cpu")
    require_meaning(encoder)
    # Its training took marks and capitals away.
    same = encoder.encode_texts(["A Sword!", "a sword"])
    assert np.allclose(same[0], same[1], atol=1e-5)
    encoder.close()


def test_xlm_roberta_s_text_and_tokenizer_load_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(text_towers.SIZES, "xlm-roberta-base", FEW)
    folder = write_folder(tmp_path / "xlm", XLM_TEXT)
    write_xlm_weights(folder)
    write_tokenizer(folder / "tokenizer.json", begin="<s>", end="</s>")
    block_network(monkeypatch)
    check_model(read_folder(folder))
    encoder = load_encoder(str(folder), "cpu")
    require_meaning(encoder)
    encoder.close()


def write_xlm_weights(folder: Path) -> None:
    torch.manual_seed(0)
    stub = {"vocab_size": 1, "context_length": 1, "width": 64, "heads": 1, "layers": 1}
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False, pretrained_text=False, text_cfg=stub)
    model.text = XlmRobertaTower(FEW, 16)
    # Older checkpoints hold this as well.
    places = {"text.transformer.embeddings.position_ids": torch.arange(80)[None]}
    save_file({**model.state_dict(), **places}, folder / "open_clip_model.safetensors")


def test_tower_s_parameters_are_called_as_in_published_checkpoints() -> None:
    names = set(XlmRobertaTower(FEW, 16).state_dict())
    for part in ("query", "key", "value"):
        assert f"transformer.encoder.layer.1.attention.self.{part}.weight" in names
    for name in (
        "transformer.embeddings.word_embeddings.weight",
        "transformer.embeddings.position_embeddings.weight",
        "transformer.embeddings.token_type_embeddings.weight",
        "transformer.embeddings.LayerNorm.bias",
        "transformer.encoder.layer.0.attention.output.LayerNorm.weight",
        "transformer.encoder.layer.0.intermediate.dense.bias",
        "transformer.encoder.layer.0.output.dense.weight",
        "proj.0.weight",
        "proj.2.weight",
    ):
        assert name in names
    assert len(names) == 5 + 16 * FEW.layers + 2


def test_tower_computes_what_torch_s_own_encoder_computes() -> None:
    torch.manual_seed(0)
    tower = XlmRobertaTower(FEW, 16).eval()
    for parameter in tower.parameters():
        nn.init.normal_(parameter, std=0.2)
    layer = nn.TransformerEncoderLayer(32, 4, 64, 0.0, "gelu", 1e-5, batch_first=True)
    reference = nn.TransformerEncoder(layer, FEW.layers, enable_nested_tensor=False).eval()
    ours = tower.state_dict()
    theirs = {}
    for number in range(FEW.layers):
        old, new = f"transformer.encoder.layer.{number}.", f"layers.{number}."
        for end in ("weight", "bias"):
            ways = [ours[f"{old}attention.self.{way}.{end}"] for way in ("query", "key", "value")]
            theirs[f"{new}self_attn.in_proj_{end}"] = torch.cat(ways)
            for from_, to in (
                ("attention.output.dense", "self_attn.out_proj"),
                ("attention.output.LayerNorm", "norm1"),
                ("intermediate.dense", "linear1"),
                ("output.dense", "linear2"),
                ("output.LayerNorm", "norm2"),
            ):
                theirs[f"{new}{to}.{end}"] = ours[f"{old}{from_}.{end}"]
    reference.load_state_dict(theirs)
    ids = torch.randint(2, 300, (3, 10))
    ids[0, 4:], ids[1, 9:] = 1, 1
    with torch.no_grad():
        words = reference(tower.transformer.embeddings(ids, ids != 1), src_key_padding_mask=ids == 1)
        means = [words[n, ids[n] != 1].mean(dim=0) for n in range(3)]
        assert torch.allclose(tower(ids), tower.proj(torch.stack(means)), atol=1e-5)


def test_padding_changes_no_text() -> None:
    tower = XlmRobertaTower(FEW, 16).eval()
    ids = torch.tensor([[5, 6, 7, 1, 1, 1]])
    with torch.no_grad():
        assert torch.allclose(tower(ids), tower(ids[:, :3]), atol=1e-6)


def test_text_tower_that_nobody_brings_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(
        tmp_path / "mt5", {"hf_model_name": "google/mt5-base", "hf_tokenizer_name": "google/mt5-base"}
    )
    (folder / "open_clip_model.safetensors").write_bytes(b"")
    write_tokenizer(folder / "tokenizer.json")
    block_network(monkeypatch)
    with pytest.raises(EncoderUnavailable, match="cannot build"):
        load_encoder(str(folder), "cpu")


def test_strangers_trunk_is_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "trunk"
    folder.mkdir()
    vision = {"timm_model_name": "hf-hub:timm/resnet18.a1_in1k", "image_size": 32}
    text = {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1}
    (folder / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": {"embed_dim": 16, "vision_cfg": vision, "text_cfg": text}})
    )
    (folder / "open_clip_model.safetensors").write_bytes(b"")
    block_network(monkeypatch)
    with pytest.raises(EncoderUnavailable, match="cannot build"):
        load_encoder(str(folder), "cpu")


def tokenize(folder: Path, text: dict[str, Any], *texts: str) -> torch.Tensor:
    if not folder.exists():
        write_folder(folder, text)
        (folder / "open_clip_model.safetensors").write_bytes(b"")
    return make_tokenizer(read_folder(folder))(texts)


def test_ids_are_padded_cut_and_ended(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "words", SIGLIP_TEXT)
    (folder / "open_clip_model.safetensors").write_bytes(b"")
    write_tokenizer(folder / "tokenizer.json")
    short, long, empty = tokenize(folder, SIGLIP_TEXT, "ab", "x" * 500, "")
    padding, end = 0, 1
    assert short.tolist()[2:] == [end] + [padding] * 61
    assert long.shape == (64,)
    assert long[-1] == end
    assert empty.tolist() == [end] + [padding] * 63


def test_padding_is_what_the_model_s_own_configuration_says(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "words", SIGLIP_TEXT)
    (folder / "open_clip_model.safetensors").write_bytes(b"")
    write_tokenizer(folder / "tokenizer.json")
    (folder / "tokenizer_config.json").write_text(json.dumps({"pad_token": {"content": "<eos>"}}))
    assert tokenize(folder, SIGLIP_TEXT, "ab")[0, -1] == 1


@pytest.mark.parametrize("content", [None, "", "{}", "not json"])
def test_tokenizer_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    folder = write_folder(tmp_path / "words", SIGLIP_TEXT)
    (folder / "open_clip_model.safetensors").write_bytes(b"")
    if content is not None:
        (folder / "tokenizer.json").write_text(content)
    with pytest.raises(EncoderUnavailable, match=r"tokenizer\.json") as caught:
        tokenize(folder, SIGLIP_TEXT, "ab")
    assert "beside its weights" in caught.value.hint


def test_rows_agree_with_open_clip_s_own_table(tmp_path: Path) -> None:
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    for row in available_models():
        if row.weights is None:
            continue
        model = read_architecture(row.architecture, weights, row.preprocess)
        assert model.dimension == row.dimension
        assert (model.tokenizer is TokenizerKind.FILE) == (row.tokenizer is not None)
        tags = open_clip.list_pretrained_tags_by_model(row.architecture)
        published = [open_clip.get_pretrained_cfg(row.architecture, tag) for tag in tags]
        (ours,) = [one for one in published if one["hf_hub"].rstrip("/") == row.weights.repository]
        assert (model.mean, model.deviation) == (tuple(ours["mean"]), tuple(ours["std"]))
        assert model.input_spec.mode is FitMode(ours["resize_mode"])
        assert model.input_spec.interpolation is Interpolation(ours["interpolation"])


@pytest.mark.parametrize(
    "architecture", ["ViT-B-16", "ViT-B-16-SigLIP-256", "ViT-B-32-SigLIP2-256", "MobileCLIP-S2", "MobileCLIP2-S3"]
)
def test_architectures_that_are_not_listed_see_pictures_as_published(tmp_path: Path, architecture: str) -> None:
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    spec = find_encoder(f"open_clip:{architecture}:{weights}").profile.input_spec
    published = open_clip.get_pretrained_cfg(architecture, open_clip.list_pretrained_tags_by_model(architecture)[0])
    assert spec.mode is FitMode(published["resize_mode"])
    assert spec.interpolation is Interpolation(published["interpolation"])


def test_model_is_built_without_the_package_transformers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(text_towers.SIZES, "xlm-roberta-base", FEW)
    folder = write_folder(tmp_path / "xlm", XLM_TEXT)
    write_xlm_weights(folder)
    model: OpenClipModel = read_folder(folder)
    built = build_model(model)
    assert isinstance(built.text, XlmRobertaTower)
