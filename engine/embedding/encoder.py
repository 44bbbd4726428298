"""The contract between an encoder and everyone who uses its vectors.

Any room above may import it: it loads no model library. An encoder's name stands for its exact weights, so two vectors
may be compared if and only if they carry the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import PropmasterError
from engine.images.fit import InputSpec

Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float32]

_UNIT_TOLERANCE = 1e-3


class VectorInvalid(PropmasterError):
    """The encoder answered a row with NaN, infinity or zero; `row` counts from 0 within the call."""

    code: ClassVar[str] = "vector_invalid"

    def __init__(self, row: int, encoder: str) -> None:
        super().__init__(
            f"The encoder {encoder} gave no usable vector for item {row} of the batch",
            "Try the device 'cpu'; if the error stays, the weights file is damaged",
        )
        self.row = row


@dataclass(frozen=True, slots=True)
class Calibration:
    """Cosines of pairs that have nothing to do with each other: mean and standard deviation over many pairs."""

    text_mean: float
    text_deviation: float
    image_mean: float
    image_deviation: float


@dataclass(frozen=True, slots=True)
class EncoderProfile:
    """What is known of an encoder before its weights are loaded. `languages` are ISO 639-1 codes."""

    name: str
    dimension: int
    languages: tuple[str, ...]
    input_spec: InputSpec
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class EncodingPlan:
    """How to feed a loaded encoder: images a call, and calls that may run at the same time."""

    batch_size: int
    workers: int


class Encoder(Protocol):
    """A loaded model. Every member belongs to the model threads; `plan.workers` of them may encode at once."""

    @property
    def profile(self) -> EncoderProfile:
        """Return what was known before loading."""

    @property
    def plan(self) -> EncodingPlan:
        """Return the plan as it stands; the batch size shrinks when the device ran out of memory."""

    def encode_images(self, pixels: Pixels) -> Vectors:
        """Encode uint8 `[n, size, size, 3]` to float32 `[n, dimension]`, rows L2-normalised, in input order.

        Raises VectorInvalid for the first unusable row, EncoderUnavailable if the device fails.
        """

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode n texts to float32 `[n, dimension]`, rows L2-normalised, in input order. Raises as for images."""

    def close(self) -> None:
        """Free the weights and the device memory; the encoder cannot be used afterwards."""


def require_unit_rows(vectors: Vectors, encoder: str) -> Vectors:
    """Return the vectors as they are. Raises VectorInvalid for the first row that is not finite and of length one."""
    # NaN compares false, hence the test for the good rows instead of the bad ones.
    good = np.abs(np.linalg.norm(vectors, axis=1) - 1.0) < _UNIT_TOLERANCE
    if not good.all():
        raise VectorInvalid(int(np.argmin(good)), encoder)
    return vectors
