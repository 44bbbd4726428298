"""A publisher of updates with a key of its own, and a place on this machine that hands out what it signed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.updates.tables import Source
from tests.helpers.loopback import Reply, Request, running

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "packaging"))

import sign_manifest  # noqa: E402 - the build scripts are no package

SERIAL = 5
TABLE = (ROOT / "resources" / "generators.toml").read_text("utf-8")


class Publisher:
    """Signs manifests."""

    def __init__(self) -> None:
        self._private, self.key = sign_manifest.new_key("")

    def source(self, address: str = "") -> Source:
        """Return an installation's side: it shipped with the tables of SERIAL."""
        return Source(SERIAL, address, (self.key,))

    def sign(self, **changes: Any) -> bytes:
        """Return a manifest, one newer than what shipped unless told otherwise."""
        payload = {
            "serial": SERIAL + 1,
            "version": "99.0",
            "notes": "Finds even more.",
            "downloads": {},
            "tables": {"generators.toml": TABLE},
        }
        return sign_manifest.signed({**payload, **changes}, self._private)


@contextmanager
def handing_out(reply: Reply | None) -> Iterator[str]:
    """Hand out one and the same answer; yields the address."""

    async def answer(_: Request) -> Reply | None:
        return reply

    with running(answer) as address:
        yield f"{address}/manifest.json"
