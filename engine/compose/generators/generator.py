"""The contract between image generators and everyone who uses them.

A generator takes one request and gives one picture or says why not. It never retries, never books and never saves: the
queue does. It loads its SDK when it is made, not when this module is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from engine.services.service import Usage


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
class GeneratedPicture:
    """A picture as the generator sent it, decodable and not blank. `text` is what the model said beside it."""

    data: bytes = field(repr=False)
    text: str = ""
    request_id: str = ""
    usage: Usage = field(default_factory=Usage)


class Generator(Protocol):
    """An image model behind an address. Every member belongs to the loop it was made on."""

    @property
    def name(self) -> str:
        """Return the name in the table of models: "gemini", "draft", …"""

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises ServiceFailed and nothing else."""

    async def test_connection(self) -> str:
        """Return in words that the service answers and the key is good. Raises ServiceFailed."""

    async def close(self) -> None:
        """Free connections; the generator cannot be used afterwards."""
