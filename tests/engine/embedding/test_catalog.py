from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from blake3 import blake3

from engine.embedding.catalog import find_encoder
from engine.embedding.models import available_models
from engine.errors import EncoderUnavailable
from engine.images.fit import LIGHT_GREY, FitMode
from engine.resources import resource
from tests.helpers.tiny_encoder import TINY, write_config


def test_shipped_weights_are_those_the_name_stands_for() -> None:
    shipped = [row for row in available_models() if row.ships]
    assert shipped
    for row in shipped:
        weights = resource(row.folder) / "open_clip_model.safetensors"
        assert blake3(weights.read_bytes()).hexdigest() == row.checkpoint_blake3, "new weights need a new name"
        assert abs(weights.stat().st_size - row.disk_bytes) < 0.1 * row.disk_bytes


def test_table_agrees_with_the_model_folders() -> None:
    for row in available_models():
        if row.ships:
            profile = find_encoder(row.name).profile
            assert (profile.name, profile.dimension) == (row.name, row.dimension)
            assert profile.languages == row.languages


def test_finding_an_encoder_loads_no_model_library() -> None:
    program = (
        "import sys; from engine.embedding.catalog import find_encoder; import engine.embedding.model_thread;"
        "find_encoder('starter-4'); print(sorted({'torch', 'open_clip', 'timm'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert result.stdout.strip() == "[]"


def test_folder_is_named_after_its_weights_wherever_it_lies(tiny_folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(tiny_folder, moved)
    name = find_encoder(str(tiny_folder)).profile.name
    assert find_encoder(str(moved)).profile.name == name
    with (moved / "open_clip_model.safetensors").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x7f")
    assert find_encoder(str(moved)).profile.name != name


def test_configuration_says_how_pictures_are_fitted(tiny_folder: Path) -> None:
    spec = find_encoder(str(tiny_folder)).profile.input_spec
    assert (spec.size, spec.mode, spec.ground) == (32, FitMode.SQUASH, LIGHT_GREY)
    write_config(tiny_folder, preprocess_cfg={"resize_mode": "longest", "fill_color": 255})
    spec = find_encoder(str(tiny_folder)).profile.input_spec
    assert (spec.mode, spec.ground) == (FitMode.LONGEST, (255, 255, 255))


def test_architecture_takes_dimension_from_open_clip_and_the_rest_from_the_table(tmp_path: Path) -> None:
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes(b"anything")
    profile = find_encoder(f"open_clip:ViT-B-32:{weights}").profile
    row = next(row for row in available_models() if row.architecture == "ViT-B-32")
    assert profile.name.startswith("vit-b-32-")
    assert (profile.dimension, profile.calibration) == (row.dimension, row.calibration)
    assert (profile.input_spec.size, profile.input_spec.mode) == (224, FitMode.SHORTEST)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("no-such-model", "no-such-model"),
        ("/no/such/folder", "/no/such/folder"),
        ("", "There is no encoder"),
        ("~nobody-here/model", "There is no encoder"),
        ("clip-vit-b-32", "are not on this computer"),
        ("open_clip:ViT-B-32", "names no weights"),
        ("open_clip::", "names no weights"),
        ("open_clip:ViT-B-32:/no/such/file.safetensors", "/no/such/file.safetensors"),
        ("open_clip:ViT-Q-99:/no/such/file.safetensors", "ViT-Q-99"),
    ],
)
def test_unknown_encoder_is_refused_with_what_to_do(spec: str, words: str) -> None:
    with pytest.raises(EncoderUnavailable) as caught:
        find_encoder(spec)
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "config",
    [
        "",
        "[]",
        "{}",
        '{"model_cfg": []}',
        json.dumps({**TINY, "preprocess_cfg": {"resize_mode": "sideways"}}),
        json.dumps({**TINY, "preprocess_cfg": {"mean": [0.5]}}),
        json.dumps({**TINY, "tokenizer": "unheard-of"}),
        json.dumps({"model_cfg": {**TINY["model_cfg"], "vision_cfg": {"image_size": [32, 64]}}}),
    ],
)
def test_senseless_configuration_is_named(tiny_folder: Path, config: str) -> None:
    (tiny_folder / "open_clip_config.json").write_text(config)
    with pytest.raises(EncoderUnavailable, match=r"open_clip_config\.json"):
        find_encoder(str(tiny_folder))


def test_folder_without_weights_or_configuration_is_named(tiny_folder: Path, tmp_path: Path) -> None:
    (tiny_folder / "open_clip_model.safetensors").unlink()
    with pytest.raises(EncoderUnavailable, match="no weights"):
        find_encoder(str(tiny_folder))
    with pytest.raises(EncoderUnavailable, match=r"open_clip_config\.json"):
        find_encoder(str(tmp_path))


def test_loading_says_nothing_where_logging_is_set_up() -> None:
    script = (
        "import logging; logging.basicConfig(level=logging.INFO)\n"
        "from engine.embedding.catalog import load_encoder\n"
        "load_encoder('starter-4', 'cpu').close()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "random" not in done.stderr
