"""Asks a generator that runs on the user's own machine or network; shared by Stable Diffusion and ComfyUI.

Nothing of it costs money, so nothing that is lost is said to be billed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.services import failures
from engine.services.service import Family, Service, ServiceFailed
from engine.services.web import TRANSPORT_ERRORS, open_local_client, transport_failure

_MEMORY_WORDS = ("out of memory", "outofmemory")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with a status of 200."""

    data: bytes
    text: str


class LocalService:
    """One client, kept open; belongs to the loop it is made on. `said_in` finds a service's own words in an error."""

    def __init__(self, service: Service, address: str, deadline_s: float, said_in: Callable[[str], str]) -> None:
        self.service = service
        self._address, self._deadline_s, self._said_in = address.rstrip("/"), deadline_s, said_in
        self._client = open_local_client(deadline_s)

    async def ask(self, method: str, path: str, **content: Any) -> Answer:
        """Send one request; `content` is httpx's json, files, data or params. Raises ServiceFailed."""
        try:
            response = await self._client.request(method, self._address + path, **content)
        except TRANSPORT_ERRORS as error:
            raise transport_failure(self.service, error, self._deadline_s) from None
        if response.status_code != 200:
            raise self._refusal(response.status_code, self._said_in(response.text))
        return Answer(response.content, response.text)

    async def within_deadline(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Return what the work gives. Raises ServiceFailed if it takes too long."""
        try:
            async with asyncio.timeout(self._deadline_s):
                return await work
        except TimeoutError:
            raise failures.timed_out(self.service, self._deadline_s) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _refusal(self, status: int, said: str) -> ServiceFailed:
        if any(words in said.lower() for words in _MEMORY_WORDS):
            return failures.out_of_memory(self.service, said)
        if status in (401, 403):
            return ServiceFailed(
                Family.GIVE_UP,
                "access_refused",
                f"{self.service} asks for a password, which Propmaster cannot give.",
                "Start it without a password, open to this computer only.",
            )
        if status == 404:
            return ServiceFailed(
                Family.GIVE_UP,
                "no_interface",
                f"What answers at the address of {self.service} does not offer its interface.",
                self.service.when_down,
            )
        return failures.of_status(self.service, status, said)
