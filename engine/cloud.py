"""Encoders in the cloud for one open library: where their keys and services are, and a gate for each.

Close it before the spaces, whose threads may wait for an answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.embedding.catalog import EncoderSource
from engine.embedding.cloud import CloudMeans, CloudModel
from engine.embedding.cloud_opening import open_cloud_encoder
from engine.embedding.encoder import Encoder, EncoderProfile
from engine.paying import PaidGate, Purse
from engine.services.keys import ApiKey
from engine.settings import Settings

LONGEST_REQUEST_S = 60.0
"""One vector or description takes seconds; a picture, for which the setting is meant, may take minutes."""


class Cloud:
    """Gives encoders the means to reach their services. Any thread."""

    def __init__(
        self, home: Path, settings: Callable[[], Settings], catalogue: Catalogue, day_cap: Callable[[], int]
    ) -> None:
        self._home, self._settings, self._catalogue, self._day_cap = home, settings, catalogue, day_cap
        self._lock = threading.Lock()
        self._gates: list[PaidGate] = []

    def reached_by(self, source: EncoderSource) -> EncoderSource:
        """Return an encoder that can be loaded: one in the cloud with its means, any other as it is."""
        if source.cloud is None:
            return source
        return replace(source, load=partial(self._open, source.profile, source.cloud))

    def close(self) -> None:
        """Give up every request and let none out any more."""
        with self._lock:
            for gate in self._gates:
                gate.close()

    def _open(self, profile: EncoderProfile, model: CloudModel) -> Encoder:
        settings = self._settings()
        means = CloudMeans(
            gate_of=self._gate_of,
            key_of=self._key_of,
            addresses={"openai": settings.openai_base_url, "dashscope": settings.dashscope_url},
            proxy=settings.proxy,
            deadline_s=min(float(settings.request_seconds), LONGEST_REQUEST_S),
            at_once=settings.requests_at_once,
        )
        return open_cloud_encoder(profile, model, means)

    def _gate_of(self, profile: EncoderProfile) -> PaidGate:
        gate = PaidGate(profile.name, self._catalogue, Purse(self._day_cap, self._settings().requests_per_minute))
        with self._lock:
            self._gates.append(gate)
        return gate

    def _key_of(self, service: str) -> ApiKey | None:
        # Finding keyring's backend takes a moment, which no library without such an encoder should spend.
        from engine.services.keys import KeyStore

        found = KeyStore(self._home).find(service)
        return None if found is None else found.key
