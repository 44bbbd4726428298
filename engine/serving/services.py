"""Handlers of what concerns generators, and the keys of services. A keyring may ask the user: these may take long.

A key comes in and goes to the KeyStore; nothing here logs it or sends it back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from itertools import groupby

from engine import protocol
from engine.compose.models import Models
from engine.connecting import PATIENCE_S, Connection, connection_to
from engine.services.service import ServiceFailed
from engine.serving.composing_wording import to_currency, to_generator_model
from engine.serving.engine import Engine
from engine.serving.plans import Plans

GLANCE_S = 0.1
"""How often it is looked whether anyone still waits for that."""


def list_generators(engine: Engine, _: Plans, command: protocol.ListGenerators) -> protocol.Answer:
    """Return the table of models, by generator."""
    table = engine.library.composer.models()
    generators = tuple(_generators(engine, table))
    currencies = tuple(map(to_currency, (table.currency("USD"), *table.currencies)))
    return protocol.GeneratorsListed(command.request_id, generators, currencies)


def keep_key(engine: Engine, _: Plans, command: protocol.KeepKey) -> protocol.Answer:
    """Keep a key. Raises KeyUnusable, DataDirectoryUnusable or DiskFull."""
    from engine.services.keys import KeyStore

    kept = KeyStore(engine.home).keep(command.service, command.key)
    told = protocol.KeptKey(protocol.KeyPlace(kept.place.value), kept.where, kept.warning)
    return protocol.KeyKept(command.request_id, command.service, told)


def forget_key(engine: Engine, _: Plans, command: protocol.ForgetKey) -> protocol.Answer:
    """Forget a key. Raises DataDirectoryUnusable or DiskFull."""
    from engine.services.keys import KeyStore

    KeyStore(engine.home).forget(command.service)
    return protocol.RequestCompleted(command.request_id)


def find_kept_key(engine: Engine, _: Plans, command: protocol.FindKey) -> protocol.Answer:
    """Return where the key of a service is."""
    return protocol.KeyFound(command.request_id, command.service, find_key(engine, command.service))


def try_connection(engine: Engine, plans: Plans, command: protocol.TryConnection) -> protocol.Answer:
    """Ask a service whether it answers. Raises KeyUnusable."""
    try:
        make = connection_to(command.service, engine.home, engine.library.settings)
        said = asyncio.run(_asked(make, plans.closed))
    except ServiceFailed as failure:
        told = failure.message, failure.hint, failure.reason
    except TimeoutError:
        told = "The service does not answer.", "Check the internet connection and the proxy.", "unreachable"
    else:
        return protocol.ConnectionTried(command.request_id, command.service, works=True, said=said)
    return protocol.ConnectionTried(command.request_id, command.service, False, *told)


async def _asked(make: Callable[[], Connection], closed: threading.Event) -> str:
    """Return what a service says. Raises ServiceFailed, or TimeoutError, at once where nobody waits any more."""
    connection = make()
    asking = asyncio.ensure_future(connection.test_connection())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not closed.is_set():
                if (await asyncio.wait((asking,), timeout=GLANCE_S))[0]:
                    return asking.result()
        raise TimeoutError
    finally:
        asking.cancel()
        await connection.close()


def lacks_key(engine: Engine, generator: str) -> bool:
    """Return whether a generator needs a key and there is none."""
    return needs_key(engine, generator) and find_key(engine, generator) is None


def needs_key(engine: Engine, generator: str) -> bool:
    """Return whether a generator's service asks for a key."""
    from engine.services.keys import VARIABLES

    is_on_vertex = generator == "gemini" and bool(engine.library.settings.vertex_project)
    return generator in VARIABLES and not is_on_vertex


def find_key(engine: Engine, service: str) -> protocol.KeptKey | None:
    """Return where the key of a service is; one that cannot be right counts as none."""
    from engine.services.keys import KeyStore, KeyUnusable

    try:
        found = KeyStore(engine.home).find(service)
    except KeyUnusable:
        return None
    if found is None:
        return None
    return protocol.KeptKey(protocol.KeyPlace(found.place.value), found.where, found.warning)


def _generators(engine: Engine, table: Models) -> list[protocol.Generator]:
    # Sorting keeps the table's order among those that are equal.
    first = {row.generator: number for number, row in reversed(list(enumerate(table.rows)))}
    rows = sorted(table.rows, key=lambda row: first[row.generator])
    return [
        protocol.Generator(
            name, tuple(map(to_generator_model, models)), needs_key(engine, name), find_key(engine, name)
        )
        for name, models in groupby(rows, lambda row: row.generator)
    ]
