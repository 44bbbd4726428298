"""OpenAI's SDK: one client, kept open, and what becomes of a call; the owner of openai, which is an extra."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import openai

from engine.services import failures
from engine.services.keys import ApiKey
from engine.services.service import Family, Service, ServiceFailed
from engine.services.web import open_client, transport_failure

_REFUSALS = frozenset({"moderation_blocked", "content_policy_violation"})
_QUOTAS = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


@dataclass(frozen=True, slots=True)
class OpenAIAccess:
    """How OpenAI is reached; an empty `base_url` stands for OPENAI_BASE_URL or the SDK's default."""

    key: ApiKey | None = None
    base_url: str = ""
    proxy: str = ""
    deadline_s: float = 180.0


class RawAnswer(Protocol):
    """What the SDK's `with_raw_response` methods give."""

    @property
    def text(self) -> str:
        """The body."""

    @property
    def request_id(self) -> str | None:
        """What the service calls the request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with a status of 200."""

    body: str
    request_id: str


class OpenAI:
    """A client of OpenAI, kept open; belongs to the loop it is made on."""

    def __init__(self, service: Service, access: OpenAIAccess) -> None:
        """Open a client without asking anything of the network. Raises ServiceFailed."""
        if access.key is None:
            raise failures.missing_key(service, "OPENAI_API_KEY")
        self._service, self._key, self._deadline_s = service, access.key, access.deadline_s
        self.client = openai.AsyncOpenAI(
            api_key=access.key.reveal(),
            base_url=access.base_url or None,
            timeout=access.deadline_s,
            max_retries=0,
            http_client=open_client(service, access.proxy, access.deadline_s),
        )

    async def ask(self, call: Awaitable[RawAnswer], model: str) -> Answer:
        """Await a call of `client.….with_raw_response` within the deadline. Raises ServiceFailed."""
        outcome = await self._outcome(call, model)
        if isinstance(outcome, ServiceFailed):
            raise outcome
        return outcome

    async def list_models(self) -> Answer:
        """Ask for the list of models, which costs nothing. Raises ServiceFailed."""
        return await self.ask(self.client.models.with_raw_response.list(), "")

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _outcome(self, call: Awaitable[RawAnswer], model: str) -> Answer | ServiceFailed:
        """Return what became of a call; errors too, raised elsewhere, for the SDK's own hold the key."""
        try:
            async with asyncio.timeout(self._deadline_s):
                response = await call
                return Answer(response.text, response.request_id or "")
        except openai.APIStatusError as error:
            return self._failure(error, model)
        except TimeoutError:
            return failures.timed_out(self._service, self._deadline_s)
        except openai.APIConnectionError as error:
            cause = error.__cause__
            if isinstance(cause, Exception):
                return transport_failure(self._service, cause, self._deadline_s)
            return failures.cut_off(self._service)

    def _failure(self, error: openai.APIStatusError, model: str) -> ServiceFailed:
        details: Mapping[str, Any] = error.body if isinstance(error.body, dict) else {}
        said = self._key.hidden_in(str(details.get("message") or ""))
        failure = self._meaning(error.status_code, str(details.get("code") or ""), said, model)
        if failure.reason == "rate_limited":
            failure.retry_after_s = _seconds(error.response.headers.get("retry-after"))
        failure.request_id = error.request_id or ""
        return failure

    def _meaning(self, status: int, code: str, said: str, model: str) -> ServiceFailed:
        service = self._service
        if code in _REFUSALS:
            return ServiceFailed(
                Family.ASK,
                "moderation_blocked",
                f"{service} refuses prompt or pictures: its moderation objects.{failures.quoted(said)}",
                "Change the wording or the pictures, then ask again.",
            )
        if code in _QUOTAS:
            return failures.quota_used_up(service, said)
        if code == "unsupported_country_region_territory":
            return failures.wrong_place(service)
        if status == 401:
            return failures.bad_key(service, said)
        if status == 404:
            return failures.model_gone(service, model, said)
        return failures.of_status(service, status, said)


def _seconds(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:  # a date, which this service does not send
        return None
