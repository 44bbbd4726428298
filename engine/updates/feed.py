"""Asks for the manifest over the network; only ever because the user said so. Nothing about the user is sent."""

from __future__ import annotations

import asyncio
import threading

import httpx2

from engine.errors import PropmasterError
from engine.updates.manifest import UpdateDamaged

PATIENCE_S = 20.0
GLANCE_S = 0.1
"""How often it is looked whether anyone still waits."""
MOST_BYTES = 2_000_000
MOST_REDIRECTS = 5


class UpdateUnreachable(PropmasterError):
    """The place that tells of updates does not answer."""

    code = "update_unreachable"


def fetch(address: str, proxy: str, given_up: threading.Event) -> bytes:
    """Return what lies at the address; an empty proxy leaves it to the environment.

    Redirects are followed: it is the signature that counts. Raises UpdateUnreachable, soon where it is given up, or
    UpdateDamaged.
    """
    try:
        return asyncio.run(_fetch(address, proxy, given_up))
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise _unreachable("it does not answer in time") from error
    except httpx2.ConnectError as error:
        raise _unreachable("no connection comes about") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, ImportError) as error:
        raise _unreachable(str(error) or type(error).__name__) from error


async def _fetch(address: str, proxy: str, given_up: threading.Event) -> bytes:
    asking = asyncio.ensure_future(_ask(address, proxy))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not given_up.is_set():
                if (await asyncio.wait((asking,), timeout=GLANCE_S))[0]:
                    return asking.result()
        raise TimeoutError
    finally:
        asking.cancel()


async def _ask(address: str, proxy: str) -> bytes:
    async with (
        httpx2.AsyncClient(
            proxy=proxy or None, timeout=PATIENCE_S, follow_redirects=True, max_redirects=MOST_REDIRECTS
        ) as client,
        client.stream("GET", address) as answer,
    ):
        if answer.status_code != httpx2.codes.OK:
            raise _unreachable(f"it answers {answer.status_code}", "try again later")
        received = bytearray()
        async for chunk in answer.aiter_bytes():
            received += chunk
            if len(received) > MOST_BYTES:
                raise UpdateDamaged("the answer about updates is too long to be one", "check its address")
        return bytes(received)


def _unreachable(why: str, remedy: str = "check the internet connection and the proxy") -> UpdateUnreachable:
    return UpdateUnreachable(
        f"the place for updates cannot be reached: {why}", f"{remedy}; Propmaster works without it"
    )
