"""Reads what an open_clip model expects from its configuration, without loading torch or open_clip.

Used by the catalog of models. A model is either a folder with `open_clip_config.json`, or an architecture that
open_clip knows by name plus a file of weights; both become one `OpenClipModel`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.errors import EncoderUnavailable
from engine.images.fit import LIGHT_GREY, FitMode, InputSpec, Interpolation

CONFIG_NAME = "open_clip_config.json"
VOCABULARY_NAME = "vocab.json"
TOKENIZER_NAME = "tokenizer.json"
CHECKPOINT_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")

# The values of OpenAI's CLIP, which open_clip takes wherever a configuration is silent.
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_DEVIATION = (0.26862954, 0.26130258, 0.27577711)
# The first sign that is part of the architecture's name counts.
_PREPROCESS_BY_NAME: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("SigLIP", {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5), "resize_mode": "squash"}),
    ("MobileCLIP2-S3", {"interpolation": "bilinear"}),
    ("MobileCLIP2-S4", {"interpolation": "bilinear"}),
    ("MobileCLIP2-L", {"interpolation": "bilinear"}),
    ("MobileCLIP", {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0), "interpolation": "bilinear"}),
)
_DEFAULT_CONTEXT_LENGTH = 77
_DEFAULT_SIZE = 224
_IDENTITY_CHARACTERS = 8
_USUAL_CLEANING = "whitespace"

Numbers = tuple[float, float, float]


class TokenizerKind(StrEnum):
    """Who turns texts into ids: open_clip with what it brings, the starter's own module, or the model's file."""

    OPEN_CLIP = "open_clip"
    STARTER = "starter"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class OpenClipModel:
    """Everything the adapter needs.

    `open_clip_name` is an architecture or `local-dir:FOLDER`; mean and deviation are those of channels from 0 to 1.
    `vocabulary` is the file that the tokenizer reads, if it reads one, after the text was cleaned in open_clip's way
    `cleaning`. `text_tower` names a text tower of the package transformers, empty for open_clip's own.
    """

    open_clip_name: str
    checkpoint: Path
    label: str
    dimension: int
    context_length: int
    input_spec: InputSpec
    mean: Numbers
    deviation: Numbers
    tokenizer: TokenizerKind
    vocabulary: Path
    cleaning: str
    text_tower: str

    def name_of(self, checkpoint_blake3: str) -> str:
        """Return the label with a short hash of the weights: the same for the same weights, wherever they lie."""
        return f"{self.label}-{checkpoint_blake3[:_IDENTITY_CHARACTERS]}"


def read_folder(folder: Path) -> OpenClipModel:
    """Read a model folder. Raises EncoderUnavailable if a file is missing or makes no sense."""
    path = folder / CONFIG_NAME
    config = _read_json(path)
    checkpoint = find_checkpoint(folder)
    try:
        # Named after the trunk, not the folder: a folder that is renamed holds the same model.
        label = config["model_cfg"]["vision_cfg"].get("timm_model_name", "open-clip")
        return _parse(config, f"local-dir:{folder.absolute()}", checkpoint, label)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _senseless(path, error) from error


def read_architecture(architecture: str, checkpoint: Path, preprocess: Mapping[str, Any]) -> OpenClipModel:
    """Join one of open_clip's architectures with a file of weights and what its pictures have to look like.

    Raises EncoderUnavailable.
    """
    known = _architectures()
    if architecture not in known:
        raise EncoderUnavailable(
            f"open_clip knows no architecture {architecture!r}",
            f"Names are, for example, ViT-B-32 or ViT-L-14; a folder with {CONFIG_NAME} works for any other model",
        )
    if not checkpoint.is_file():
        raise EncoderUnavailable(f"There are no weights at {checkpoint}", "Give the path of a .safetensors file")
    try:
        config = {"model_cfg": _read_json(known[architecture]), "preprocess_cfg": preprocess}
        return _parse(config, architecture, checkpoint.absolute(), architecture)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _senseless(known[architecture], error) from error


def _architectures() -> Mapping[str, Path]:
    # Finding a top-level package does not import it, which would cost seconds.
    spec = find_spec("open_clip")
    if spec is None or spec.origin is None:
        raise EncoderUnavailable("The package open_clip_torch is not installed", "pip install open_clip_torch")
    return {path.stem: path for path in (Path(spec.origin).parent / "model_configs").glob("*.json")}


def usual_preprocess(architecture: str) -> Mapping[str, Any]:
    """Return how the published weights of an architecture want their pictures; as open_clip's table of weights has it.

    Reading that table would import open_clip, which takes seconds.
    """
    return next((wanted for sign, wanted in _PREPROCESS_BY_NAME if sign in architecture), {})


def find_checkpoint(folder: Path) -> Path:
    """Return the folder's weights: open_clip's own file names first, safetensors before pickles, then by name.

    Raises EncoderUnavailable.
    """

    def rank(path: Path) -> tuple[bool, int, str]:
        return (not path.stem.startswith("open_clip"), CHECKPOINT_SUFFIXES.index(path.suffix), path.name)

    found = [path for path in folder.iterdir() if path.suffix in CHECKPOINT_SUFFIXES and path.is_file()]
    if not found:
        raise EncoderUnavailable(
            f"The model folder {folder} holds no weights",
            "Put its open_clip_model.safetensors beside the configuration",
        )
    return min(found, key=rank).absolute()


def _parse(config: Mapping[str, Any], open_clip_name: str, checkpoint: Path, label: str) -> OpenClipModel:
    model, preprocess = config["model_cfg"], config.get("preprocess_cfg", {})
    # timm models may leave their size to timm, whose default is CLIP's.
    size = _square(model["vision_cfg"].get("image_size", preprocess.get("size", _DEFAULT_SIZE)))
    text = model["text_cfg"]
    kind = _tokenizer_kind(config, open_clip_name)
    return OpenClipModel(
        open_clip_name=open_clip_name,
        checkpoint=checkpoint,
        label=re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "model",
        dimension=int(model["embed_dim"]),
        context_length=int(text.get("context_length", _DEFAULT_CONTEXT_LENGTH)),
        input_spec=_parse_input(size, preprocess),
        mean=_three(preprocess.get("mean", _CLIP_MEAN)),
        deviation=_three(preprocess.get("std", _CLIP_DEVIATION)),
        tokenizer=kind,
        vocabulary=checkpoint.parent / (VOCABULARY_NAME if kind is TokenizerKind.STARTER else TOKENIZER_NAME),
        cleaning=text.get("tokenizer_kwargs", {}).get("clean", _USUAL_CLEANING),
        text_tower=text.get("hf_model_name", ""),
    )


def _tokenizer_kind(config: Mapping[str, Any], open_clip_name: str) -> TokenizerKind:
    """Return what open_clip would take, except that it would look for a model's file on the network."""
    if "tokenizer" in config:
        return TokenizerKind(config["tokenizer"])
    is_siglip = "siglip" in open_clip_name.lower() and not open_clip_name.startswith("local-dir:")
    named = config["model_cfg"]["text_cfg"].get("hf_tokenizer_name")
    return TokenizerKind.FILE if named or is_siglip else TokenizerKind.OPEN_CLIP


def _parse_input(size: int, preprocess: Mapping[str, Any]) -> InputSpec:
    # open_clip's silent default for padding is black, on which dark props vanish; only a colour that is named counts.
    fill = preprocess.get("fill_color")
    return InputSpec(
        size=size,
        mode=FitMode(preprocess.get("resize_mode", FitMode.SHORTEST)),
        interpolation=Interpolation(preprocess.get("interpolation", Interpolation.BICUBIC)),
        ground=LIGHT_GREY if fill is None else (int(fill),) * 3,
    )


def _square(size: int | list[int]) -> int:
    sides = {size} if isinstance(size, int) else set(size)
    if len(sides) != 1:
        raise ValueError(f"pictures of {size} are not square")
    return sides.pop()


def _three(values: list[float] | Numbers) -> Numbers:
    red, green, blue = values
    return (float(red), float(green), float(blue))


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise _senseless(path, error) from error
    if not isinstance(value, dict):
        raise _senseless(path, TypeError("it is no JSON object"))
    return value


def _unreadable(path: Path, error: OSError) -> EncoderUnavailable:
    return EncoderUnavailable(f"{path} cannot be read: {error.strerror or error}", "Put the complete model folder back")


def _senseless(path: Path, error: Exception) -> EncoderUnavailable:
    return EncoderUnavailable(
        f"{path} describes no model that can be used: {type(error).__name__}: {error}", "Put the original file back"
    )
