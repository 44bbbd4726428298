"""Opens generators by the name that the table of models gives them; imports an SDK only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.compose.generators.generator import Generator
from engine.services.service import Family, ServiceFailed

if TYPE_CHECKING:
    from engine.services.keys import ApiKey


@dataclass(frozen=True, slots=True)
class Reach:
    """How the generators' services are reached; each field is the setting of its name, which says what it means."""

    request_seconds: int = 300
    proxy: str = ""
    gemini_base_url: str = ""
    gemini_api_version: str = ""
    vertex_project: str = ""
    vertex_location: str = ""
    openai_base_url: str = ""
    stable_diffusion_url: str = "http://127.0.0.1:7860"
    comfyui_url: str = "http://127.0.0.1:8188"
    comfyui_workflow: str = ""


def make_ready(name: str, home: Path, reach: Reach) -> Callable[[], Generator]:
    """Load what a generator needs, which may take seconds, and return what makes it on the loop that will use it.

    Raises ServiceFailed for a generator that this version does not know or cannot load, and KeyUnusable.
    """
    match name:
        case "draft":
            from engine.compose.generators.draft import DraftGenerator

            return DraftGenerator
        case "gemini":
            return _gemini(home, reach)
        case "openai":
            return _openai(home, reach)
        case "stable_diffusion":
            from engine.compose.generators.stable_diffusion import StableDiffusionGenerator

            return partial(StableDiffusionGenerator, reach.stable_diffusion_url, reach.request_seconds)
        case "comfyui":
            return _comfyui(reach)
    raise ServiceFailed(
        Family.GIVE_UP, "unknown_generator", f"There is no generator “{name}”.", "Choose a model of another one."
    )


def _gemini(home: Path, reach: Reach) -> Callable[[], Generator]:
    from engine.compose.generators.gemini import GeminiAccess, GeminiGenerator

    access = GeminiAccess(
        key=None if reach.vertex_project else _key_of("gemini", home),
        base_url=reach.gemini_base_url,
        version=reach.gemini_api_version,
        proxy=reach.proxy,
        project=reach.vertex_project,
        location=reach.vertex_location,
        deadline_s=reach.request_seconds,
    )
    return partial(GeminiGenerator, access)


def _openai(home: Path, reach: Reach) -> Callable[[], Generator]:
    try:
        from engine.compose.generators.openai_images import OpenAIGenerator
        from engine.services.openai import OpenAIAccess
    except ImportError:
        raise ServiceFailed(
            Family.GIVE_UP,
            "extra_missing",
            "OpenAI's package is not installed.",
            "pip install 'propmaster[openai]'",
        ) from None
    access = OpenAIAccess(_key_of("openai", home), reach.openai_base_url, reach.proxy, reach.request_seconds)
    return partial(OpenAIGenerator, access)


def _comfyui(reach: Reach) -> Callable[[], Generator]:
    from engine.compose.generators.comfyui import ComfyUIGenerator

    if not reach.comfyui_workflow:
        raise ServiceFailed(
            Family.GIVE_UP,
            "workflow_missing",
            "ComfyUI needs a workflow to run.",
            "Export one with “Export (API)” and name its file in the settings, as comfyui_workflow.",
        )
    workflow = Path(reach.comfyui_workflow).expanduser()
    return partial(ComfyUIGenerator, reach.comfyui_url, workflow, reach.request_seconds)


def _key_of(service: str, home: Path) -> ApiKey | None:
    from engine.services.keys import KeyStore

    found = KeyStore(home).find(service)
    return None if found is None else found.key
