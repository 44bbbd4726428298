"""Chooses assets as references: those that must stay on this machine are refused, with the reason and what to do.

Owned by `desktop.app`; the tray and the compose page choose through it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from desktop.engine_client import EngineClient
from desktop.notifications import Notifications
from desktop.troubles import told
from engine import protocol
from engine.protocol import AssetRow, AssetsChosen, KeptBack

NEVER_SENT = "never_sent"

Act = Callable[[tuple[AssetRow, ...]], object]


class Choosing(QObject):
    """Asks the engine which assets may be sent."""

    def __init__(self, client: EngineClient, notifications: Notifications) -> None:
        super().__init__()
        self._client = client
        self._notifications = notifications
        self._acts: dict[int, Act] = {}
        client.assets_chosen.connect(self._on_chosen)

    def choose(self, asset_ids: Sequence[int], act: Act) -> None:
        """Act on the rows of those that may be sent, as soon as they are known."""
        self._acts[self._client.send(protocol.ChooseAssets, tuple(asset_ids))] = act

    def _on_chosen(self, event: AssetsChosen) -> None:
        act = self._acts.pop(event.request_id, None)
        if act is None:
            return
        if event.kept_back:
            self._refuse(event.kept_back)
        act(event.rows)

    def _refuse(self, kept_back: Sequence[KeptBack]) -> None:
        first = kept_back[0]
        words, hint = told(NEVER_SENT, first.words, first.hint)
        if len(kept_back) > 1:
            words = self.tr("%Ln picture(s) must stay on this computer and cannot be chosen.", "", len(kept_back))
        self._notifications.trouble(words, hint)
