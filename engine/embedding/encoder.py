"""The contract between an encoder and everyone who uses its vectors.

Any room above may import it: it loads no model library. An encoder's name stands for its exact weights, so two vectors
may be compared if and only if they carry the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
class Terms:
    """What a cloud service asks for its vectors, in micro-USD, as `source` said on a day.

    `per_image` is the most that one picture may cost, from its pixels to its vector; `per_text` is for 1,000 tokens of
    a query. `service` is the name that the service's key has among the keys.
    """

    service: str
    per_image: int
    per_text: int
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class EncoderProfile:
    """What is known of an encoder before its weights are loaded. `languages` are ISO 639-1 codes.

    Without `terms` nothing leaves the machine. With them, pictures and the words of queries are sent to a service and
    paid for, which only the user may allow.
    """

    name: str
    dimension: int
    languages: tuple[str, ...]
    input_spec: InputSpec
    calibration: Calibration
    terms: Terms | None = None


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


class DescribingEncoder(Encoder, Protocol):
    """An encoder that sees pictures through words: the vector of a picture is that of its description."""

    def describe(self, pixels: Pixels) -> Sequence[str]:
        """Put uint8 `[n, size, size, 3]` into n texts, in input order; each is to be kept and embedded as a text."""


def require_unit_rows(vectors: Vectors, encoder: str) -> Vectors:
    """Return the vectors as they are. Raises VectorInvalid for the first row that is not finite and of length one."""
    # NaN compares false, hence the test for the good rows instead of the bad ones.
    good = np.abs(np.linalg.norm(vectors, axis=1) - 1.0) < _UNIT_TOLERANCE
    if not good.all():
        raise VectorInvalid(int(np.argmin(good)), encoder)
    return vectors
