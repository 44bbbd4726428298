"""Turns texts into ids with the `tokenizer.json` of a model, the format of the package tokenizers.

Used by `open_clip_loading` for models that open_clip would hand to the package transformers: the ids are the same, and
nothing has to be fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from engine.errors import EncoderUnavailable

CONFIG_NAME = "tokenizer_config.json"
_USUAL_PADDING = "<pad>"
_ENDS = ("</s>", "<eos>")


class FileTokenizer:
    """Text to ids; each text ends with the model's end mark, also where the file itself would not set one."""

    def __init__(self, path: Path, context_length: int, clean: Callable[[str], str]) -> None:
        """Read the file. Raises EncoderUnavailable."""
        self._clean = clean
        self._tokenizer = _read(path)
        padding = _find_padding(path.with_name(CONFIG_NAME))
        padding_id = self._tokenizer.token_to_id(padding)
        if padding_id is None:
            raise _useless(path, f"it has no token {padding}")
        self._tokenizer.enable_padding(length=context_length, pad_id=padding_id, pad_token=padding)
        self._tokenizer.enable_truncation(context_length)
        self._end_texts(path)

    @property
    def vocabulary_size(self) -> int:
        """How many ids there are."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def __call__(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return int64 `[n, context_length]`, cut to fit and padded."""
        encodings = self._tokenizer.encode_batch([self._clean(text) for text in texts])
        return np.array([encoding.ids for encoding in encodings], dtype=np.int64)

    def _end_texts(self, path: Path) -> None:
        end = next((end for end in _ENDS if self._tokenizer.token_to_id(end) is not None), None)
        if end is None:
            raise _useless(path, f"it has none of the end marks {', '.join(_ENDS)}")
        end_id = self._tokenizer.token_to_id(end)
        if end_id not in self._tokenizer.encode("a").ids:
            # open_clip says so to the class that reads the file, where the file leaves it to its reader.
            self._tokenizer.post_processor = TemplateProcessing(single=f"$A {end}", special_tokens=[(end, end_id)])


def _read(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_str(path.read_text(encoding="utf-8"))
    # The package raises plain Exception for a file it does not understand.
    except Exception as error:
        raise _useless(path, str(error)) from error


def _find_padding(path: Path) -> str:
    """Return the token that fills up; SigLIP's first version took the end mark for it."""
    try:
        token = json.loads(path.read_text(encoding="utf-8")).get("pad_token", _USUAL_PADDING)
    except FileNotFoundError:
        return _USUAL_PADDING
    except (OSError, ValueError, AttributeError) as error:
        raise _useless(path, str(error)) from error
    return str(token["content"] if isinstance(token, dict) else token)


def _useless(path: Path, reason: str) -> EncoderUnavailable:
    return EncoderUnavailable(
        f"The tokenizer {path} cannot be used: {reason}", "Put the model's own tokenizer.json beside its weights"
    )
