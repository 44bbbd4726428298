"""Opens generators by the name that the table of models gives them; imports an SDK only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.compose.generators.generator import Family, GenerationFailed, Generator


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
            from engine.compose.keys import KeyStore

            found = KeyStore(home).find(name)
            access = GeminiAccess(key=None if found is None else found.key, deadline_s=deadline_s)
            return lambda: GeminiGenerator(access)
    raise GenerationFailed(
        Family.GIVE_UP, "unknown_generator", f"There is no generator “{name}”.", "Choose a model of another one."
    )
