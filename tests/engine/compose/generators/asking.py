"""How the tests of the generators ask for a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from engine.compose.generators.generator import GeneratedPicture, GenerationRequest, Generator, OutgoingPicture, Role
from engine.services.service import ServiceFailed
from tests.helpers.gemini_wire import picture

PROMPT = "The person of image 1 wears the garment of image 2."
_Outcome = TypeVar("_Outcome")


def request(
    model: str, *, prompt: str = PROMPT, roles: tuple[Role, ...] = (Role.PERSON, Role.GARMENT)
) -> GenerationRequest:
    """Return a request for a picture of 3:4 with a small reference for each role."""
    pictures = tuple(OutgoingPicture(picture(role), "image/png", 96, 96, role) for role in roles)
    return GenerationRequest(model, prompt, pictures, "1K", "3:4")


def using(make: Callable[[], Generator], ask: Callable[[Generator], Awaitable[_Outcome]]) -> _Outcome:
    """Make a generator on a loop of its own, ask it, and close it."""

    async def asked() -> _Outcome:
        generator = make()
        try:
            return await ask(generator)
        finally:
            await generator.close()

    return asyncio.run(asked())


def made(make: Callable[[], Generator], asked: GenerationRequest) -> GeneratedPicture:
    """Return the picture."""
    return using(make, lambda generator: generator.generate(asked))


def failure(make: Callable[[], Generator], asked: GenerationRequest) -> ServiceFailed:
    """Return the failure; a picture fails the test."""
    with pytest.raises(ServiceFailed) as caught:
        made(make, asked)
    return caught.value
