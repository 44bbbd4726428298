"""Stable Diffusion on the user's own machine, by the web API of AUTOMATIC1111 and Forge (`--api`).

It takes one reference at most: the first person, else the first scene, and so on. The others are in the prompt only,
and the answer's text says so. A cancelled picture is finished by the web UI and thrown away: its interruption would hit
whatever runs there just then. https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from engine.compose.generators.answers import picture_in
from engine.compose.generators.generator import GeneratedPicture, GenerationRequest, OutgoingPicture, Role
from engine.compose.generators.local_service import LocalService
from engine.compose.generators.sizes import size_px
from engine.services import failures
from engine.services.answers import object_in
from engine.services.service import Service

SERVICE = Service(
    "Stable Diffusion", is_paid=False, when_down="Start the web UI with the option --api, or set its address."
)
LOADED_MODEL = "stable-diffusion"
"""The model that stands for whichever checkpoint is loaded; any other name is asked for as a checkpoint."""
STEPS = 30
DENOISING = 0.65
"""How far the picture may go from its reference, 0…1."""

_FIRST = (Role.PERSON, Role.SCENE, Role.PROP, Role.GARMENT, Role.ACCESSORY, Role.STYLE)


class StableDiffusionGenerator:
    """One client, kept open; belongs to the loop it is made on."""

    name = "stable_diffusion"

    def __init__(self, address: str, deadline_s: float) -> None:
        self._local = LocalService(SERVICE, address, deadline_s, _said)

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises ServiceFailed."""
        return await self._local.within_deadline(self._generate(request))

    async def test_connection(self) -> str:
        """Ask which checkpoints there are. Raises ServiceFailed."""
        answer = await self._local.ask("GET", "/sdapi/v1/sd-models")
        try:
            names = [str(each["model_name"]) for each in json.loads(answer.text)]
        except (ValueError, TypeError, KeyError):
            raise failures.unreadable(SERVICE, "something unknown") from None
        return f"{SERVICE} answers; its checkpoints are: {', '.join(names) or 'none'}."

    async def close(self) -> None:
        """Close the connections."""
        await self._local.close()

    async def _generate(self, request: GenerationRequest) -> GeneratedPicture:
        reference = min(request.pictures, key=lambda each: _FIRST.index(each.role), default=None)
        route = "/sdapi/v1/img2img" if reference else "/sdapi/v1/txt2img"
        answer = await self._local.ask("POST", route, json=_payload(request, reference))
        images = object_in(SERVICE, answer.text).get("images") or []
        if not images:
            raise failures.empty_answer(SERVICE)
        data = await asyncio.to_thread(picture_in, SERVICE, images[0])
        return GeneratedPicture(data, _said_of_the_others(request, reference))


def _payload(request: GenerationRequest, reference: OutgoingPicture | None) -> dict[str, Any]:
    width, height = size_px(request.size, request.ratio, step=8)
    payload: dict[str, Any] = {"prompt": request.prompt, "width": width, "height": height, "steps": STEPS}
    if reference is not None:
        picture = base64.b64encode(reference.data).decode()
        payload |= {"init_images": [picture], "denoising_strength": DENOISING}
    if request.model != LOADED_MODEL:
        payload["override_settings"] = {"sd_model_checkpoint": request.model}
    return payload


def _said_of_the_others(request: GenerationRequest, reference: OutgoingPicture | None) -> str:
    others = len(request.pictures) - 1
    if reference is None or not others:
        return ""
    return f"Only the {reference.role} was used as a reference; {others} more stand in the words alone."


def _said(body: str) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    said = (answer.get("errors") or answer.get("detail") or answer.get("error")) if isinstance(answer, dict) else ""
    return said if isinstance(said, str) else json.dumps(said)
