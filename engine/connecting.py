"""How paid and local services are reached, and whoever can ask one whether it answers and takes its key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.compose.generators.opening import Reach, make_ready
from engine.embedding.models import available_models
from engine.services.background import begin
from engine.services.service import Family, Service, ServiceFailed
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.services.dashscope import DashScope

DASHSCOPE = "dashscope"
PATIENCE_S = 20.0
"""How long a service may take to say that it is there."""

_NAMED = Service("DashScope", gives="answer", is_paid=False)


class Connection(Protocol):
    """What belongs to the loop it is made on."""

    async def test_connection(self) -> str:
        """Return what the service says, without cost. Raises ServiceFailed."""

    async def close(self) -> None:
        """Close the connections."""


def reach_of(settings: Settings) -> Reach:
    """Return how the generators' services are reached."""
    return Reach(**{each.name: getattr(settings, each.name) for each in fields(Reach)})


def connection_to(service: str, home: Path, settings: Settings) -> Callable[[], Connection]:
    """Load what a service needs, which may take seconds, and return what makes it on the loop that will use it.

    Raises ServiceFailed for a service that this version does not know or cannot load, and KeyUnusable.
    """
    if service == DASHSCOPE:
        return _dashscope(home, settings)
    return make_ready(service, home, reach_of(settings))


class _DashScopeConnection:
    """DashScope, which makes no pictures: its SDK knows no loop."""

    def __init__(self, open_session: Callable[[], DashScope], model: str) -> None:
        self._session, self._model = open_session(), model

    async def test_connection(self) -> str:
        """Ask beside the loop: the SDK cannot be interrupted."""
        return await asyncio.wrap_future(begin(partial(self._session.test_connection, self._model), "dashscope"))

    async def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _dashscope(home: Path, settings: Settings) -> Callable[[], Connection]:
    from engine.services.keys import KeyStore

    try:
        from engine.services.dashscope import DashScope, DashScopeAccess
    except ImportError:
        raise ServiceFailed(
            Family.GIVE_UP,
            "dashscope_missing",
            "DashScope's package is not installed.",
            "pip install 'propmaster[dashscope]'",
        ) from None
    model = next(
        (row.cloud.model for row in available_models(home) if row.cloud and row.cloud.service == DASHSCOPE), ""
    )
    found = KeyStore(home).find(DASHSCOPE)
    key, deadline_s = None if found is None else found.key, min(float(settings.request_seconds), PATIENCE_S)
    access = DashScopeAccess(key, settings.dashscope_url, settings.proxy, deadline_s)
    return partial(_DashScopeConnection, partial(DashScope, _NAMED, access), model)
