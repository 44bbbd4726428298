"""Loads weights from a file into an open_clip model, without ever running code that the file may carry.

Used by the open_clip adapter only.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import open_clip
import torch

from engine.embedding.open_clip_config import CHECKPOINT_SUFFIXES
from engine.errors import EncoderUnavailable

LONGEST_REASON = 200
"""Characters; the names of all weights that are missing would fill pages."""
_SAFETENSORS = ".safetensors"


def load_weights(model: torch.nn.Module, path: Path) -> None:
    """Fill the model. Raises EncoderUnavailable if the file is missing, unsafe, damaged or made for another model."""
    if not path.is_file():
        raise EncoderUnavailable(f"There are no weights at {path}", "Put the file back, or choose another encoder")
    if path.suffix not in CHECKPOINT_SUFFIXES:
        raise EncoderUnavailable(
            f"{path.name} is no checkpoint that can be read", f"Known are {', '.join(CHECKPOINT_SUFFIXES)}"
        )
    if path.suffix != _SAFETENSORS:
        _require_plain_tensors(path)
    try:
        open_clip.load_checkpoint(model, str(path), strict=True, weights_only=True)
    # A stranger's file can trip open_clip's conversions in any way.
    except Exception as error:
        raise EncoderUnavailable(
            f"The weights in {path} do not fit the model: {_reason(error)}",
            "Check that the architecture is the one they were trained with, and that the file is complete",
        ) from error


def _require_plain_tensors(path: Path) -> None:
    """Raise EncoderUnavailable unless torch's restricted unpickler reads the file to its end.

    open_clip asks for the same, but tries again without the restriction where it sees a TypeError, which a file can
    provoke; a file that passes here provokes none.
    """
    try:
        torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    # A crafted or cut-off pickle can raise anything.
    except Exception as error:
        raise EncoderUnavailable(
            # Torch's own words tell how to load it all the same.
            f"{path} is damaged or holds more than tensors, which could run code",
            "Get the weights as .safetensors, or save the plain state_dict anew",
        ) from error


def _reason(error: Exception) -> str:
    """Return the first line, and where that only announces a list, what stands first in it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    told = " ".join(line.strip() for line in lines[: 2 if lines[0].endswith(":") else 1])
    return f"{told[:LONGEST_REASON]}…" if len(told) > LONGEST_REASON else told
