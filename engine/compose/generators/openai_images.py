"""OpenAI's image models, by `images/edits`.

Objects alone (props, garments, accessories) are asked for on a transparent ground, which Gemini cannot give.
"""

from __future__ import annotations

import asyncio
from typing import Any

from engine.compose.generators.answers import picture_in
from engine.compose.generators.generator import GeneratedPicture, GenerationRequest, Role
from engine.compose.generators.sizes import size_px
from engine.services import failures
from engine.services.answers import object_in
from engine.services.openai import Answer, OpenAI, OpenAIAccess, RawAnswer
from engine.services.service import Family, Service, ServiceFailed, Usage

SERVICE = Service("OpenAI")
MAX_PICTURES = 16
QUALITY = "medium"
"""Said expressly, for the price depends on it: left out, the service chooses, and high costs four times as much."""

_OBJECTS = frozenset({Role.PROP, Role.GARMENT, Role.ACCESSORY, Role.STYLE})


class OpenAIGenerator:
    """One client, kept open; belongs to the loop it is made on."""

    name = "openai"

    def __init__(self, access: OpenAIAccess) -> None:
        """Open a client without asking anything of the network. Raises ServiceFailed."""
        self._asked = OpenAI(SERVICE, access)

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises ServiceFailed."""
        if len(request.pictures) > MAX_PICTURES:
            raise ServiceFailed(
                Family.ASK,
                "too_many_references",
                f"{SERVICE} takes at most {MAX_PICTURES} references in one request.",
                "Send fewer.",
            )
        answer = await self._asked.ask(self._post(request), request.model)
        return await asyncio.to_thread(_picture_of, answer)

    async def test_connection(self) -> str:
        """Ask for the list of models, which costs nothing. Raises ServiceFailed."""
        object_in(SERVICE, (await self._asked.list_models()).body)
        return f"{SERVICE} answers and accepts the key."

    async def close(self) -> None:
        """Close the connections."""
        await self._asked.close()

    async def _post(self, request: GenerationRequest) -> RawAnswer:
        common: dict[str, Any] = {
            "model": request.model,
            "prompt": request.prompt,
            "size": _size(request),
            "quality": QUALITY,
            "n": 1,
        }
        images = self._asked.client.images.with_raw_response
        if request.pictures:
            roles = {each.role for each in request.pictures}
            response: RawAnswer = await images.edit(
                image=[
                    (f"{number}-{each.role}.{each.media_type.removeprefix('image/')}", each.data, each.media_type)
                    for number, each in enumerate(request.pictures, 1)
                ],
                background="transparent" if roles <= _OBJECTS else "auto",
                **common,
            )
        else:
            response = await images.generate(**common)
        return response


def _picture_of(answer: Answer) -> GeneratedPicture:
    body = object_in(SERVICE, answer.body)
    pictures = body.get("data") or [{}]
    if not pictures[0].get("b64_json"):
        raise failures.empty_answer(SERVICE)
    usage = body.get("usage") or {}
    return GeneratedPicture(
        picture_in(SERVICE, pictures[0]["b64_json"]),
        str(pictures[0].get("revised_prompt") or ""),
        answer.request_id,
        Usage(usage.get("input_tokens"), usage.get("output_tokens")),
    )


def _size(request: GenerationRequest) -> str:
    """Return WIDTHxHEIGHT: multiples of 16 within the area of 3840x2160; the first models know three sizes only."""
    if request.model.startswith("gpt-image-1"):
        width, height = size_px("1K", request.ratio)
        return "1024x1024" if 4 / 5 <= width / height <= 5 / 4 else "1536x1024" if width > height else "1024x1536"
    width, height = size_px(request.size, request.ratio, step=16, longest=2880)
    return f"{width}x{height}"
