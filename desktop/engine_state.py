"""How the engine is, put together from its process and from what it tells; one word for the whole window.

Owned by `desktop.app`; it also sees to it that process and client find each other.
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from desktop.engine_client import EngineClient
from desktop.engine_process import EngineProcess
from engine.protocol import Activity, EngineReady, IndexingState, Stage, StageChanged


class EngineState(Enum):
    """How the engine is, as the user sees it."""

    STARTING = auto()
    READY = auto()
    BUSY = auto()
    GONE = auto()


class EngineHealth(QObject):
    """Tells the state, and that of indexing, whenever they change."""

    changed = Signal(object)
    indexing_changed = Signal(object)

    def __init__(self, process: EngineProcess, client: EngineClient) -> None:
        super().__init__()
        self.state = EngineState.STARTING
        self.indexing = IndexingState()
        """The last that was heard of it."""
        self._process = process
        self._client = client
        self._stage = Stage.BROWSE
        process.launched.connect(lambda: self._become(EngineState.STARTING))
        process.listening.connect(client.open)
        process.occupied.connect(client.open)
        process.ended.connect(lambda: self._become(EngineState.GONE))
        client.connected.connect(self._on_connected)
        client.lost.connect(self._on_lost)
        client.stage_changed.connect(self._on_stage)
        client.indexing_progressed.connect(lambda event: self._on_indexing(event.state))
        client.status_fetched.connect(lambda event: self._on_indexing(event.status.indexing))

    def _on_connected(self, ready: EngineReady) -> None:
        self._stage = ready.stage
        self._settle()

    def _on_lost(self) -> None:
        self._become(EngineState.GONE)
        self._process.see_to_it()

    def _on_stage(self, event: StageChanged) -> None:
        self._stage = event.stage
        self._settle()

    def _on_indexing(self, state: IndexingState) -> None:
        self.indexing = state
        self.indexing_changed.emit(state)
        self._settle()

    def _settle(self) -> None:
        if self._stage is not Stage.SEARCH:
            self._become(EngineState.STARTING)
        else:
            working = self.indexing.activity in (Activity.LISTING, Activity.INDEXING)
            self._become(EngineState.BUSY if working else EngineState.READY)

    def _become(self, state: EngineState) -> None:
        if state is not self.state:
            self.state = state
            self.changed.emit(state)
