"""Builds an open_clip model and its tokenizer from files on this machine; nothing is fetched from the network.

Used by the open_clip adapter only.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import open_clip
import torch
from open_clip.tokenizer import get_clean_fn
from torch import Tensor

import engine.hub  # noqa: F401  closes the network to timm and open_clip
from engine.embedding.checkpoint import load_weights
from engine.embedding.file_tokenizer import FileTokenizer
from engine.embedding.open_clip_config import OpenClipModel, TokenizerKind
from engine.embedding.text_towers import SIZES, XlmRobertaTower
from engine.embedding.tokenizer import StarterTokenizer
from engine.errors import EncoderUnavailable

Tokenizer = Callable[[Sequence[str]], Tensor]

_SMALLEST_TEXT: dict[str, Any] = {"vocab_size": 1, "context_length": 1, "width": 64, "heads": 1, "layers": 1}
# open_clip's tokenizer needs quadratic time for a long word; 77 ids never reach this far.
_MAX_CHARACTERS = 1000


def build_model(model: OpenClipModel) -> torch.nn.Module:
    """Return the model with its weights in float32 on the processor. Raises EncoderUnavailable."""
    built = _build(model, "cpu")
    load_weights(built, model.checkpoint)
    return built


def check_model(model: OpenClipModel) -> None:
    """Raise EncoderUnavailable unless `build_model` and `make_tokenizer` could use its files; takes next to no memory.

    Weights are fitted into a model without storage, which compares every name and shape.
    """
    make_tokenizer(model)
    with torch.device("meta"):
        built = _build(model, "meta")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*no-op.*", category=UserWarning)
        load_weights(built, model.checkpoint)


def make_tokenizer(model: OpenClipModel) -> Tokenizer:
    """Return a function from texts to int64 ids `[n, context]`. Raises EncoderUnavailable."""
    match model.tokenizer:
        case TokenizerKind.STARTER:
            starter = StarterTokenizer.load(model.vocabulary, model.context_length)
            return lambda texts: torch.from_numpy(starter(texts))
        case TokenizerKind.FILE:
            own = FileTokenizer(model.vocabulary, model.context_length, get_clean_fn(model.cleaning))
            return lambda texts: torch.from_numpy(own(_cut(texts)))
        case TokenizerKind.OPEN_CLIP:
            with _silent_root_logger():
                stock = open_clip.get_tokenizer(model.open_clip_name)
            return lambda texts: stock(_cut(texts))


def _cut(texts: Sequence[str]) -> list[str]:
    return [text[:_MAX_CHARACTERS] for text in texts]


def _build(model: OpenClipModel, device: str) -> torch.nn.Module:
    sizes = SIZES.get(model.text_tower)
    # A tower that is replaced at once; open_clip would ask the package transformers for the real one.
    instead = {} if sizes is None else {"text_cfg": _SMALLEST_TEXT}
    with _silent_root_logger():
        try:
            built: torch.nn.Module = open_clip.create_model(
                model.open_clip_name,
                load_weights=False,
                pretrained_image=False,
                pretrained_text=False,
                device=device,
                **instead,
            )
        # A stranger's configuration can trip open_clip, timm and transformers in any way.
        except Exception as error:
            raise EncoderUnavailable(
                f"open_clip cannot build {model.open_clip_name}: {error}",
                "Check the configuration; parts that would have to be downloaded are not fetched",
            ) from error
        if sizes is not None:
            built.text = XlmRobertaTower(sizes, model.dimension)
    return built


@contextlib.contextmanager
def _silent_root_logger() -> Iterator[None]:
    """Keep open_clip's calls of `logging.info` from installing a handler, and from saying that a model has no weights.

    They are loaded here, after open_clip has built the model.
    """
    root, silence = logging.getLogger(), logging.NullHandler()
    root.addHandler(silence)
    before, root.disabled = root.disabled, True
    try:
        yield
    finally:
        root.disabled = before
        root.removeHandler(silence)
