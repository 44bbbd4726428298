"""OpenAI's image models through its SDK, by `images/edits`; the owner of openai, which is an extra.

Objects alone (props, garments, accessories) are asked for on a transparent ground, which Gemini cannot give.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import openai

from engine.compose.generators import failures
from engine.compose.generators.answers import object_in, picture_in
from engine.compose.generators.generator import (
    Family,
    GeneratedPicture,
    GenerationFailed,
    GenerationRequest,
    Role,
    Usage,
)
from engine.compose.generators.sizes import size_px
from engine.compose.generators.web import open_client, transport_failure
from engine.compose.keys import ApiKey

SERVICE = failures.Service("OpenAI")
MAX_PICTURES = 16
QUALITY = "medium"
"""Said expressly, for the price depends on it: left out, the service chooses, and high costs four times as much."""

_OBJECTS = frozenset({Role.PROP, Role.GARMENT, Role.ACCESSORY, Role.STYLE})
_REFUSALS = frozenset({"moderation_blocked", "content_policy_violation"})
_QUOTAS = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


@dataclass(frozen=True, slots=True)
class OpenAIAccess:
    """How OpenAI is reached; an empty `base_url` stands for OPENAI_BASE_URL or the SDK's default."""

    key: ApiKey | None = None
    base_url: str = ""
    proxy: str = ""
    deadline_s: float = 180.0


@dataclass(frozen=True, slots=True)
class _Answer:
    body: str
    request_id: str


class OpenAIGenerator:
    """One client, kept open; belongs to the loop it is made on."""

    name = "openai"
    is_local = False

    def __init__(self, access: OpenAIAccess) -> None:
        """Open a client without asking anything of the network. Raises GenerationFailed."""
        if access.key is None:
            raise failures.missing_key(SERVICE, "OPENAI_API_KEY")
        self._key, self._deadline_s = access.key, access.deadline_s
        self._client = openai.AsyncOpenAI(
            api_key=access.key.reveal(),
            base_url=access.base_url or None,
            timeout=access.deadline_s,
            max_retries=0,
            http_client=open_client(SERVICE, access.proxy, access.deadline_s),
        )

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises GenerationFailed."""
        if len(request.pictures) > MAX_PICTURES:
            raise GenerationFailed(
                Family.ASK,
                "too_many_references",
                f"{SERVICE} takes at most {MAX_PICTURES} references in one request.",
                "Send fewer.",
            )
        answer = await self._outcome(self._post(request), request.model)
        if isinstance(answer, GenerationFailed):
            raise answer
        return await asyncio.to_thread(_picture_of, answer)

    async def test_connection(self) -> str:
        """Ask for the list of models, which costs nothing. Raises GenerationFailed."""
        outcome = await self._outcome(self._list_models(), "")
        if isinstance(outcome, GenerationFailed):
            raise outcome
        object_in(SERVICE, outcome.body)
        return f"{SERVICE} answers and accepts the key."

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _post(self, request: GenerationRequest) -> _Answer:
        common: dict[str, Any] = {
            "model": request.model,
            "prompt": request.prompt,
            "size": _size(request),
            "quality": QUALITY,
            "n": 1,
        }
        images = self._client.images.with_raw_response
        if request.pictures:
            roles = {each.role for each in request.pictures}
            response = await images.edit(
                image=[
                    (f"{number}-{each.role}.{each.media_type.removeprefix('image/')}", each.data, each.media_type)
                    for number, each in enumerate(request.pictures, 1)
                ],
                background="transparent" if roles <= _OBJECTS else "auto",
                **common,
            )
        else:
            response = await images.generate(**common)
        return _Answer(response.text, response.request_id or "")

    async def _list_models(self) -> _Answer:
        response = await self._client.models.with_raw_response.list()
        return _Answer(response.text, response.request_id or "")

    async def _outcome(self, call: Coroutine[Any, Any, _Answer], model: str) -> _Answer | GenerationFailed:
        """Await a call within the deadline and return what became of it; errors too, for they hold the key."""
        try:
            async with asyncio.timeout(self._deadline_s):
                return await call
        except openai.APIStatusError as error:
            return self._failure(error, model)
        except TimeoutError:
            return failures.timed_out(SERVICE, self._deadline_s)
        except openai.APIConnectionError as error:
            cause = error.__cause__
            if isinstance(cause, Exception):
                return transport_failure(SERVICE, cause, self._deadline_s)
            return failures.cut_off(SERVICE)

    def _failure(self, error: openai.APIStatusError, model: str) -> GenerationFailed:
        details: Mapping[str, Any] = error.body if isinstance(error.body, dict) else {}
        said = self._key.hidden_in(str(details.get("message") or ""))
        failure = _error(error.status_code, str(details.get("code") or ""), said, model)
        if failure.reason == "rate_limited":
            failure.retry_after_s = _seconds(error.response.headers.get("retry-after"))
        failure.request_id = error.request_id or ""
        return failure


def _error(status: int, code: str, said: str, model: str) -> GenerationFailed:
    if code in _REFUSALS:
        return GenerationFailed(
            Family.ASK,
            "moderation_blocked",
            f"{SERVICE} refuses prompt or references: its moderation objects.{failures.quoted(said)}",
            "Change the wording or the references, then ask again.",
        )
    if code in _QUOTAS:
        return failures.quota_used_up(SERVICE, said)
    if code == "unsupported_country_region_territory":
        return failures.wrong_place(SERVICE)
    if status == 401:
        return failures.bad_key(SERVICE, said)
    if status == 404:
        return failures.model_gone(SERVICE, model, said)
    return failures.of_status(SERVICE, status, said)


def _picture_of(answer: _Answer) -> GeneratedPicture:
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


def _seconds(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:  # a date, which this service does not send
        return None
