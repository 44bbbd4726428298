"""The key of a service beside what needs it: where it is kept, a way to change it, and whether the service takes it."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.engine_client import EngineClient
from desktop.reasons import told_reason
from desktop.troubles import told
from desktop.views.key_row import KeyRow
from desktop.views.parts import Role, button, column, line, paragraph
from engine import protocol
from engine.protocol import ConnectionTried, KeptKey, KeyFound, KeyKept, RequestCompleted, RequestFailed


class ServiceKey(QWidget):
    """Asks for the key once it is seen: a keyring may want to be unlocked for that."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._service = ""
        self._finding = self._keeping = self._trying = 0
        self._row: KeyRow | None = None
        self._test = button(self.tr("Test connection"))
        self._test.clicked.connect(self._try)
        self._outcome = paragraph()
        self._stack = column(self, 6)
        foot = line()
        foot.addWidget(self._test)
        foot.addWidget(self._outcome, 1)
        self._stack.addLayout(foot)
        client.connected.connect(self._find)
        client.key_found.connect(self._on_found)
        client.key_kept.connect(self._on_kept)
        client.request_completed.connect(self._on_kept)
        client.connection_tried.connect(self._on_tried)
        client.request_failed.connect(self._on_failed)

    def show_service(self, service: str) -> None:
        """Show the key of a service by its name among the keys."""
        if service != self._service:
            self._service = service
            self._show(None)
            self._tell("")
            self._find()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Ask where the key is."""
        super().showEvent(event)
        self._find()

    def _find(self) -> None:
        if self._service and self.isVisible():
            self._finding = self._client.send(protocol.FindKey, self._service)

    def _show(self, kept: KeptKey | None) -> None:
        if self._row is not None:
            self._stack.removeWidget(self._row)
            self._row.deleteLater()
        self._row = KeyRow(kept)
        self._row.entered.connect(self._keep)
        self._row.forgotten.connect(self._forget)
        self._stack.insertWidget(0, self._row)

    def _keep(self, key: str) -> None:
        self._keeping = self._client.send(protocol.KeepKey, self._service, key)

    def _forget(self) -> None:
        self._keeping = self._client.send(protocol.ForgetKey, self._service)

    def _try(self) -> None:
        self._test.setEnabled(False)
        self._tell(self.tr("Asking…"))
        self._trying = self._client.send(protocol.TryConnection, self._service)

    def _on_found(self, event: KeyFound) -> None:
        if event.request_id == self._finding:
            self._show(event.kept)

    def _on_kept(self, event: KeyKept | RequestCompleted) -> None:
        if event.request_id == self._keeping:
            self._tell("")
            self._find()

    def _on_tried(self, event: ConnectionTried) -> None:
        if event.request_id != self._trying:
            return
        self._test.setEnabled(True)
        if event.works:
            self._tell(self.tr("The connection works."))
        else:
            self._tell(" ".join(filter(None, told_reason(event.reason, event.said, event.hint))), Role.WARNING)

    def _on_failed(self, event: RequestFailed) -> None:
        words = " ".join(filter(None, told(event.code, event.message, event.hint)))
        if event.request_id == self._keeping and self._row is not None:
            self._row.show_trouble(words)
        elif event.request_id == self._trying:
            self._test.setEnabled(True)
            self._tell(words, Role.WARNING)

    def _tell(self, words: str, role: Role = Role.MUTED) -> None:
        self._outcome.setProperty("role", role.value)
        self._outcome.style().polish(self._outcome)
        self._outcome.setText(words)
