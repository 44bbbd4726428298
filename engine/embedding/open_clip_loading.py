"""Builds an open_clip model and its tokenizer from files on this machine; nothing is fetched from the network.

Used by the open_clip adapter only.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence

import huggingface_hub
import open_clip
import torch
from torch import Tensor

from engine.embedding.checkpoint import load_weights
from engine.embedding.open_clip_config import OpenClipModel, TokenizerKind
from engine.embedding.tokenizer import StarterTokenizer
from engine.errors import EncoderUnavailable

Tokenizer = Callable[[Sequence[str]], Tensor]

# open_clip's tokenizer needs quadratic time for a long word; 77 ids never reach this far.
_MAX_CHARACTERS = 1000


def build_model(model: OpenClipModel) -> torch.nn.Module:
    """Return the model with its weights in float32 on the processor. Raises EncoderUnavailable."""
    with _offline(), _silent_root_logger():
        try:
            built: torch.nn.Module = open_clip.create_model(
                model.open_clip_name, load_weights=False, pretrained_image=False, pretrained_text=False
            )
        # A stranger's configuration can trip open_clip, timm and transformers in any way.
        except Exception as error:
            raise EncoderUnavailable(
                f"open_clip cannot build {model.open_clip_name}: {error}",
                "Check the configuration; parts that would have to be downloaded are not fetched",
            ) from error
        load_weights(built, model.checkpoint)
    return built


def make_tokenizer(model: OpenClipModel) -> Tokenizer:
    """Return a function from texts to int64 ids `[n, context]`. Raises EncoderUnavailable."""
    if model.tokenizer is TokenizerKind.STARTER:
        starter = StarterTokenizer.load(model.vocabulary, model.context_length)
        return lambda texts: torch.from_numpy(starter(texts))
    if "siglip" in model.open_clip_name.lower() and not model.open_clip_name.startswith("local-dir:"):
        raise EncoderUnavailable(
            f"open_clip would download the tokenizer of {model.open_clip_name}",
            "Give the model's folder, with its open_clip_config.json and tokenizer files, instead of the weights alone",
        )
    with _offline(), _silent_root_logger():
        try:
            stock = open_clip.get_tokenizer(model.open_clip_name)
        # Missing files, a missing transformers package, offline errors: each library has its own exception.
        except Exception as error:
            raise EncoderUnavailable(
                f"The tokenizer of {model.open_clip_name} is not on this machine: {error}",
                "Put its tokenizer files into the model's folder, and install the package transformers",
            ) from error
    return lambda texts: stock([text[:_MAX_CHARACTERS] for text in texts])


@contextlib.contextmanager
def _offline() -> Iterator[None]:
    """Keep the Hugging Face libraries from the network for a while, whatever the user's environment says."""
    before = huggingface_hub.constants.HF_HUB_OFFLINE
    huggingface_hub.constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        huggingface_hub.constants.HF_HUB_OFFLINE = before


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
