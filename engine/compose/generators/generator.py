"""The contract between image generators and everyone who uses them.

A generator takes one request and gives one picture or says why not. It never retries, never books and never saves: the
queue does. It loads its SDK when it is made, not when this module is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from engine.errors import PropmasterError


class Role(StrEnum):
    """What a reference is to the composition; stored in the catalogue, so values never change."""

    PERSON = "person"
    GARMENT = "garment"
    ACCESSORY = "accessory"
    PROP = "prop"
    SCENE = "scene"
    STYLE = "style"


@dataclass(frozen=True, slots=True)
class OutgoingPicture:
    """The exact bytes that leave the machine: downscaled, without any metadata. Sizes in pixels."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    role: Role


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One picture to make. `pictures` are numbered from 1 in `prompt`; `size` is "1K", "2K" or "4K", `ratio` "3:4"."""

    model: str
    prompt: str
    pictures: tuple[OutgoingPicture, ...]
    size: str
    ratio: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer says was used; None where it does not say. `text_tokens` of the output are words."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    text_tokens: int = 0


@dataclass(frozen=True, slots=True)
class GeneratedPicture:
    """A picture as the generator sent it, decodable and not blank. `text` is what the model said beside it."""

    data: bytes = field(repr=False)
    text: str = ""
    request_id: str = ""
    usage: Usage = Usage()


class Family(StrEnum):
    """What a failure asks for: another attempt, the user's decision, or nothing more."""

    RETRY = "retry"
    RETRY_ONCE = "retry_once"
    ASK = "ask"
    GIVE_UP = "give_up"


class GenerationFailed(PropmasterError):
    """No picture came. The message is for the user; it never holds a key, a header or an address with a key.

    `reason` is a stable word for the exact cause ("rate_limited", "image_safety", …). `maybe_billed` says that the
    service may have done the work although its answer was lost. `retry_after_s` is what the service asked to wait.
    """

    code = "generation_failed"

    def __init__(
        self,
        family: Family,
        reason: str,
        message: str,
        hint: str = "",
        *,
        maybe_billed: bool = False,
        retry_after_s: float | None = None,
        model_text: str = "",
        request_id: str = "",
        usage: Usage | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.family, self.reason = family, reason
        self.maybe_billed, self.retry_after_s = maybe_billed, retry_after_s
        self.model_text, self.request_id, self.usage = model_text, request_id, usage


class Generator(Protocol):
    """An image model behind an address. Every member belongs to the loop it was made on."""

    @property
    def name(self) -> str:
        """Return the name in the table of models: "gemini", "draft", …"""

    @property
    def is_local(self) -> bool:
        """Return whether nothing leaves the machine."""

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises GenerationFailed and nothing else."""

    async def test_connection(self) -> str:
        """Return in words that the service answers and the key is good. Raises GenerationFailed."""

    async def close(self) -> None:
        """Free connections; the generator cannot be used afterwards."""
