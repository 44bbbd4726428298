"""What encoders in the cloud have in common: their row in the table, the gate that lets requests out, and the checks.

An encoder asks and understands; it never decides that something may be sent, never books and never tries again: the
gate does, which whoever opens the library hands over. Invariant: only pixels and texts are sent, never a name or place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from engine.embedding.encoder import EncoderProfile, Terms, Vectors, require_unit_rows
from engine.images.fit import FitMode, InputSpec
from engine.services import failures
from engine.services.keys import ApiKey
from engine.services.service import Service, Usage

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CloudModel:
    """The part of a row of the table that says which service has the model, and what it asks.

    `describer` is the model that puts pictures into words, empty where `model` sees them itself. Prices are US dollars
    for a million tokens, which is micro-USD for one: of texts to be embedded, of what is sent with a picture, and of
    the words about it. `picture_tokens` and `answer_tokens` are the most that one picture may count.
    """

    service: str
    model: str
    describer: str
    size_px: int
    text_price: Decimal
    picture_price: Decimal
    answer_price: Decimal
    picture_tokens: int
    answer_tokens: int
    as_of: date
    source: str

    @property
    def terms(self) -> Terms:
        """What is asked, in whole micro-USD."""
        embedded = self.answer_tokens * self.text_price if self.describer else Decimal(0)
        described = self.picture_tokens * self.picture_price + self.answer_tokens * self.answer_price
        return Terms(self.service, whole(described + embedded), whole(1000 * self.text_price), self.as_of, self.source)

    @property
    def input_spec(self) -> InputSpec:
        """Show pictures whole: what is cut off cannot be described."""
        return InputSpec(self.size_px, FitMode.LONGEST)


class Sent(StrEnum):
    """What a request takes along."""

    PICTURES = "pictures"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Outlay:
    """One request before it is sent: what it takes along, how many, and the most that it may cost in micro-USD."""

    sent: Sent
    items: int
    amount: int


@dataclass(frozen=True, slots=True)
class Reply(Generic[_T]):
    """What a request brought and what it cost in micro-USD, as the answer counts."""

    value: _T
    cost: int
    usage: Usage
    request_id: str


class Gate(Protocol):
    """Lets requests of one encoder out."""

    def send(self, outlay: Outlay, begin: Callable[[], Future[Reply[_T]]]) -> _T:
        """Begin a request if it is allowed and paid for, again if it fails for a while; return what it brought.

        Raises ConsentMissing, BudgetExceeded and ServiceFailed.
        """

    def close(self) -> None:
        """Give up what is under way and let nothing out any more."""


@dataclass(frozen=True, slots=True)
class CloudMeans:
    """How encoders in the cloud reach their services. Addresses by the name of the service, empty for its own."""

    gate_of: Callable[[EncoderProfile], Gate]
    key_of: Callable[[str], ApiKey | None]
    addresses: Mapping[str, str]
    proxy: str
    deadline_s: float
    at_once: int


def parse_cloud_model(row: Mapping[str, Any]) -> CloudModel:
    """Read the table `service` of a row."""
    return CloudModel(
        service=row["name"],
        model=row["model"],
        describer=row.get("describer", ""),
        size_px=row["size_px"],
        text_price=Decimal(row["usd_per_million_of_text"]),
        picture_price=Decimal(row["usd_per_million_with_pictures"]),
        answer_price=Decimal(row.get("usd_per_million_of_answers", "0")),
        picture_tokens=row["tokens_with_a_picture"],
        answer_tokens=row.get("tokens_of_an_answer", 0),
        as_of=row["as_of"],
        source=row["source"],
    )


def whole(amount: Decimal) -> int:
    """Return whole micro-USD; a fraction counts as a whole one."""
    return int(amount.to_integral_value(ROUND_CEILING))


def most_tokens(texts: Iterable[str]) -> int:
    """Return more tokens than any service can count in these texts: none is shorter than a byte."""
    return sum(len(text.encode("utf-8", "replace")) for text in texts)


def vectors_in_order(
    service: Service, rows: Sequence[tuple[int, Sequence[float]]], count: int, profile: EncoderProfile
) -> Vectors:
    """Return float32 `[count, dimension]`, rows L2-normalised, of (index, values) in any order.

    Raises ServiceFailed where one is missing, is there twice or has another length, VectorInvalid where it is none.
    """
    if sorted(index for index, _ in rows) != list(range(count)):
        raise failures.unreadable(service, f"{len(rows)} vectors for {count}")
    wrong = next((values for _, values in rows if len(values) != profile.dimension), None)
    if wrong is not None:
        raise failures.unreadable(service, f"{len(wrong)} numbers instead of {profile.dimension}")
    vectors = np.empty((count, profile.dimension), np.float32)
    for index, values in rows:
        vectors[index] = values
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return require_unit_rows(vectors / lengths, profile.name)
