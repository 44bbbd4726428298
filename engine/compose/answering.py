"""Waits for generators' answers: each within a deadline of our own, and no longer than anyone wants it.

Belongs to the queue's loop. Invariant: whatever a generator does, the outcome is a picture or a ServiceFailed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from engine.compose.generators.generator import GeneratedPicture, GenerationRequest, Generator
from engine.compose.retrying import STOPPED
from engine.services.service import Family, ServiceFailed

_LOST = "The picture may have been made and billed although it did not arrive."
_log = logging.getLogger(__name__)


class Answers:
    """The answers of one generator that are waited for, by job."""

    def __init__(
        self, generator: Generator, deadline_s: float, sleep: Callable[[float], Coroutine[Any, Any, None]]
    ) -> None:
        self._generator = generator
        self._deadline_s = deadline_s
        self._sleep = sleep
        self._awaited: dict[int, asyncio.Task[GeneratedPicture]] = {}
        self._unwanted: set[int] = set()

    async def of(self, job_id: int, request: GenerationRequest) -> GeneratedPicture:
        """Ask for a picture. Raises ServiceFailed, also for one that came too late or was not waited for."""
        task = asyncio.create_task(self._generate(request))
        deadline = asyncio.create_task(self._sleep(self._deadline_s))
        self._awaited[job_id] = task
        try:
            await asyncio.wait((task, deadline), return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._awaited[job_id]
            task.cancel()
            deadline.cancel()
            await asyncio.wait((task, deadline))
        if task.cancelled():
            raise self._stopped() if job_id in self._unwanted else self._late()
        return task.result()

    def drop(self, job_id: int) -> None:
        """Do not wait for a job's answer any more."""
        if job_id in self._awaited:
            self._unwanted.add(job_id)
            self._awaited[job_id].cancel()

    def drop_all(self) -> None:
        """Do not wait for any answer any more."""
        for job_id in self._awaited:
            self.drop(job_id)

    async def _generate(self, request: GenerationRequest) -> GeneratedPicture:
        # Loops may not die of a bug in one generator. Its text may hold what must not be written down; its type tells.
        try:
            return await self._generator.generate(request)
        except ServiceFailed:
            raise
        except Exception as error:  # noqa: BLE001
            name = type(error).__name__
        _log.error("the generator %s raised %s", self._generator.name, name)
        raise ServiceFailed(
            Family.GIVE_UP,
            "internal_error",
            f"Something went wrong inside Propmaster ({name}). {_LOST}",
            "Please report it.",
            maybe_billed=True,
        )

    def _late(self) -> ServiceFailed:
        return ServiceFailed(
            Family.RETRY,
            "timed_out",
            f"No answer came within {self._deadline_s:g} seconds. {_LOST}",
            "Ask for it again, or allow more time in the settings.",
            maybe_billed=True,
        )

    def _stopped(self) -> ServiceFailed:
        return ServiceFailed(
            Family.GIVE_UP, STOPPED, f"It was stopped on its way. {_LOST}", "Ask for it again.", maybe_billed=True
        )
