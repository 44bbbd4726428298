"""The settings page of what makes pictures: each generator with its key, addresses and models, and what all share."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFormLayout, QFrame, QScrollArea, QWidget

from desktop.engine_client import EngineClient
from desktop.settings import PreferenceStore
from desktop.troubles import told
from desktop.views.generator_card import GeneratorCard
from desktop.views.parts import Role, button, column, label, line, paragraph
from desktop.views.setting_fields import SettingFields
from engine import protocol
from engine.protocol import ConnectionTried, GeneratorsListed, KeyKept, RequestCompleted, RequestFailed

RESULTS_FOLDER = "results_folder"
VERTEX_PROJECT = "vertex_project"
MOST_AT_ONCE = 64
MOST_PER_MINUTE = 10_000
MOST_SECONDS = 3_600
LEAST_EDGE_PX, MOST_EDGE_PX = 256, 8_192
LEAST_QUALITY, MOST_QUALITY = 30, 95


class GeneratorsPage(QWidget):
    """Asks for the generators when it is first shown: a keyring may want to be unlocked for that."""

    def __init__(self, client: EngineClient, preferences: PreferenceStore) -> None:
        super().__init__()
        self._client = client
        self._preferences = preferences
        self._asked = 0
        self._cards: dict[str, GeneratorCard] = {}
        self._keeping: dict[int, str] = {}
        self._trying: dict[int, str] = {}
        self._fields = SettingFields(client, self)
        self._list = QWidget()
        self._stack = column(self._list, 12, (0, 0, 12, 0))
        self._stack.addWidget(self._common())
        self._stack.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._list)
        page = column(self, 12)
        page.addWidget(area, 1)
        self._fields.changed.connect(self._on_changed)
        client.generators_listed.connect(self._on_listed)
        client.key_kept.connect(self._on_key)
        client.request_completed.connect(self._on_completed)
        client.request_failed.connect(self._on_failed)
        client.connection_tried.connect(self._on_tried)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Ask for the generators the first time."""
        super().showEvent(event)
        if not self._asked:
            self._ask()

    def _ask(self) -> None:
        self._asked = self._client.send(protocol.ListGenerators)

    def _common(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        stack = column(card, 8, (16, 14, 16, 14))
        stack.addWidget(label(self.tr("All generators"), Role.HEADING))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        results = self.tr("New pictures go to")
        choose = button(self.tr("Choose…"))
        choose.clicked.connect(self._choose_folder)
        row = line()
        row.addWidget(self._fields.text(RESULTS_FOLDER, results, self.tr("“compositions” in the data directory")), 1)
        row.addWidget(choose)
        form.addRow(results, row)
        proxy = self.tr("Proxy of paid services")
        form.addRow(proxy, self._fields.text("proxy", proxy, "http://host:port"))
        for name, title, least, most, suffix in (
            ("requests_at_once", self.tr("Requests at once"), 1, MOST_AT_ONCE, ""),
            ("requests_per_minute", self.tr("Requests a minute"), 0, MOST_PER_MINUTE, ""),
            ("request_seconds", self.tr("Longest wait for one"), 1, MOST_SECONDS, " s"),
            ("outgoing_edge", self.tr("Longest edge that is sent"), LEAST_EDGE_PX, MOST_EDGE_PX, " px"),
            ("outgoing_quality", self.tr("JPEG quality that is sent"), LEAST_QUALITY, MOST_QUALITY, " %"),
        ):
            field = self._fields.number(name, title, least, most)
            field.setSuffix(suffix)
            if not least:
                field.setSpecialValueText(self.tr("no limit"))
            form.addRow(title, field)
        stack.addLayout(form)
        words = self.tr("Another edge or quality starts the engine anew; a batch that runs then can be resumed.")
        stack.addWidget(paragraph(words, Role.MUTED))
        return card

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for new pictures"))
        if chosen:
            self._fields.change(RESULTS_FOLDER, str(Path(chosen)))

    def _on_listed(self, event: GeneratorsListed) -> None:
        for card in self._cards.values():
            self._stack.removeWidget(card)
            card.deleteLater()
        chosen = self._preferences.current.currency
        currency = next((one for one in event.currencies if one.code == chosen), None)
        self._cards = {one.name: GeneratorCard(one, currency, self._fields) for one in event.generators}
        for position, (name, card) in enumerate(self._cards.items()):
            self._stack.insertWidget(position, card)
            self._listen(name, card)
        self._fields.fetch()

    def _listen(self, name: str, card: GeneratorCard) -> None:
        send = self._client.send
        card.key_entered.connect(lambda key: self._keeping.update({send(protocol.KeepKey, name, key): name}))
        card.key_forgotten.connect(lambda: self._keeping.update({send(protocol.ForgetKey, name): name}))
        card.test_wanted.connect(lambda: self._trying.update({send(protocol.TryConnection, name): name}))

    def _on_changed(self, name: str) -> None:
        if name == VERTEX_PROJECT:
            # On Vertex no key is needed.
            self._ask()

    def _on_key(self, event: KeyKept) -> None:
        if self._keeping.pop(event.request_id, None) is not None:
            self._ask()

    def _on_completed(self, event: RequestCompleted) -> None:
        if self._keeping.pop(event.request_id, None) is not None:
            self._ask()

    def _on_tried(self, event: ConnectionTried) -> None:
        name = self._trying.pop(event.request_id, None)
        if name in self._cards:
            self._cards[name].show_outcome(event)

    def _on_failed(self, event: RequestFailed) -> None:
        words = " ".join(filter(None, told(event.code, event.message, event.hint)))
        if (name := self._keeping.pop(event.request_id, None)) in self._cards:
            self._cards[name].show_trouble(words)
        elif (name := self._trying.pop(event.request_id, None)) in self._cards:
            self._cards[name].stop_waiting(words)
