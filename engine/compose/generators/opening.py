"""Opens generators by the name that the table of models gives them; imports an SDK only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.compose.generators.generator import Family, GenerationFailed, Generator

if TYPE_CHECKING:
    from engine.compose.keys import ApiKey


def make_ready(name: str, home: Path, deadline_s: float) -> Callable[[], Generator]:
    """Load what a generator needs, which may take seconds, and return what makes it on the loop that will use it.

    Raises GenerationFailed for a name that this version does not know, and KeyUnusable.
    """
    match name:
        case "draft":
            from engine.compose.generators.draft import DraftGenerator

            return DraftGenerator
        case "gemini":
            from engine.compose.generators.gemini import GeminiAccess, GeminiGenerator

            return partial(GeminiGenerator, GeminiAccess(key=_key_of(name, home), deadline_s=deadline_s))
        case "openai":
            from engine.compose.generators.openai_images import OpenAIAccess, OpenAIGenerator

            return partial(OpenAIGenerator, OpenAIAccess(key=_key_of(name, home), deadline_s=deadline_s))
    raise GenerationFailed(
        Family.GIVE_UP, "unknown_generator", f"There is no generator “{name}”.", "Choose a model of another one."
    )


def _key_of(service: str, home: Path) -> ApiKey | None:
    from engine.compose.keys import KeyStore

    found = KeyStore(home).find(service)
    return None if found is None else found.key
