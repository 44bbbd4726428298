"""Plans what is put together as soon as it has come to rest; nothing is sent by that, and the newest plan wins.

Owned by `desktop.app`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.engine_client import EngineClient
from desktop.settings import PreferenceStore
from desktop.troubles import told
from engine import protocol
from engine.protocol import Brief, CompositionPlanned, RequestFailed

REST_MS = 250


class Planning(QObject):
    """Holds the present plan, or why there is none."""

    changed = Signal()
    stale = Signal()
    """A picture may not be sent any more, or is gone."""

    def __init__(self, client: EngineClient, preferences: PreferenceStore) -> None:
        super().__init__()
        self.planned: CompositionPlanned | None = None
        self.trouble = self.hint = ""
        self._client = client
        self._preferences = preferences
        self._wanted: tuple[Brief, Path | None] | None = None
        self._request_id = 0
        self._currency = preferences.current.currency
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)
        client.connected.connect(self.renew)
        client.composition_planned.connect(self._on_planned)
        client.request_failed.connect(self._on_failed)
        preferences.changed.connect(self._on_preferences)

    @property
    def waits(self) -> bool:
        """Whether the newest plan is on its way."""
        return self._rest.isActive() or bool(self._request_id)

    def want(self, brief: Brief | None, folder: Path | None) -> None:
        """Plan this from now on; None for nothing."""
        wanted = None if brief is None else (brief, folder)
        if wanted != self._wanted:
            self._wanted = wanted
            self.renew()

    def renew(self) -> None:
        """Plan anew: the engine, its budget or its marks changed, or the plan was run."""
        self._request_id = 0
        if self._wanted is None:
            self._rest.stop()
            self._show(None)
        else:
            self._rest.start()
            self.changed.emit()

    def _ask(self) -> None:
        if self._wanted is not None:
            brief, folder = self._wanted
            self._request_id = self._client.mind(
                self._client.send(protocol.PlanComposition, brief, folder, self._currency)
            )

    def _on_planned(self, event: CompositionPlanned) -> None:
        if event.request_id == self._request_id:
            self._request_id = 0
            self._show(event)

    def _on_failed(self, event: RequestFailed) -> None:
        if event.request_id != self._request_id:
            return
        self._request_id = 0
        self._show(None, *told(event.code, event.message, event.hint))
        if event.code in ("never_sent", "asset_unknown"):
            self.stale.emit()

    def _on_preferences(self) -> None:
        if self._currency != self._preferences.current.currency:
            self._currency = self._preferences.current.currency
            self.renew()

    def _show(self, planned: CompositionPlanned | None, trouble: str = "", hint: str = "") -> None:
        self.planned, self.trouble, self.hint = planned, trouble, hint
        self.changed.emit()
