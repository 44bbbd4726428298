"""The settings page of encoders: what searches, where its files come from, on which device, how far its index is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFormLayout, QScrollArea, QWidget

from desktop.engine_client import EngineClient
from desktop.views.model_card import ModelCard
from desktop.views.model_questions import ask_to_download, ask_to_drop, ask_to_remove, ask_what_to_import
from desktop.views.parts import Role, column, label, paragraph
from desktop.views.setting_fields import SettingFields
from engine import protocol
from engine.protocol import (
    EngineStatus,
    IndexingProgressed,
    Model,
    ModelProgressed,
    ModelsListed,
    ModelStopped,
    RequestCompleted,
    SettingsFetched,
    StatusFetched,
)

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
ENCODER = "encoder"
DEVICE = "device"
HUB = "hub_endpoint"
SHARE = "models_share"


class ModelsPage(QWidget):
    """Switching builds a new index beside the old one; searching goes on."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._list = QWidget()
        self._stack = column(self._list, 10)
        self._cards: list[ModelCard] = []
        self._stopped: dict[str, ModelStopped] = {}
        self._changing: set[int] = set()
        self._device = QComboBox()
        self._device.setEditable(True)
        self._device.addItems(list(DEVICES))
        self._running = label(role=Role.MUTED)
        self._fields = SettingFields(client, self)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._list)
        page = column(self, 12)
        words = self.tr(
            "Each model has an index of its own. The former one answers searches until the new one is built,"
            " and stays until you delete it: switching back costs nothing."
        )
        page.addWidget(paragraph(words, Role.MUTED))
        page.addWidget(self._area, 1)
        page.addLayout(self._form())
        self._device.activated.connect(self._choose_device)
        client.connected.connect(self._ask)
        client.models_listed.connect(self._on_models)
        client.request_completed.connect(self._on_completed)
        client.settings_fetched.connect(self._on_settings)
        client.status_fetched.connect(self._on_status)
        client.indexing_progressed.connect(self._on_progress)
        client.encoder_switched.connect(self._ask)
        client.model_progressed.connect(self._on_transfer)
        client.model_arrived.connect(self._list_models)
        client.model_stopped.connect(self._on_stopped)
        self._fields.fetch()
        self._ask()

    def _form(self) -> QFormLayout:
        share = self._fields.text(SHARE, self.tr("Share with models"), self.tr("a folder for all workstations"))
        hub = self._fields.text(HUB, self.tr("Download from"), "https://huggingface.co")
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Share with models"), share)
        form.addRow(self.tr("Download from"), hub)
        form.addRow(self.tr("Runs on"), self._device)
        form.addRow("", self._running)
        return form

    def _ask(self) -> None:
        for question in (protocol.FetchStatus, protocol.ListModels, protocol.FetchSettings):
            self._client.send(question)

    def _list_models(self) -> None:
        self._client.send(protocol.ListModels)

    def _on_status(self, event: StatusFetched) -> None:
        status: EngineStatus = event.status
        self._running.setText(self.tr("Running on {0}").format(status.device) if status.device else "")

    def _on_settings(self, event: SettingsFetched) -> None:
        for setting in event.settings:
            if setting.name == DEVICE:
                self._device.setCurrentText(setting.value)
                self._device.setEnabled(not setting.fixed_by)
                self._device.setToolTip(setting.fixed_by)

    def _on_models(self, event: ModelsListed) -> None:
        while (item := self._stack.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._cards = [self._card(model) for model in event.models]
        for card in self._cards:
            self._stack.addWidget(card)
        self._stack.addStretch(1)

    def _card(self, model: Model) -> ModelCard:
        card = ModelCard(model, self._stopped.get(model.row))
        card.chosen.connect(self._choose)
        card.download_wanted.connect(lambda one: ask_to_download(self, one, lambda: self._download(one)))
        card.import_wanted.connect(lambda one: ask_what_to_import(self, one, lambda path: self._import(one, path)))
        card.stop_wanted.connect(lambda one: self._client.send(protocol.StopTransfer, one.row))
        card.remove_wanted.connect(lambda one: ask_to_remove(self, one, lambda: self._remove(one)))
        card.drop_wanted.connect(lambda one: ask_to_drop(self, one, lambda: self._drop(one)))
        return card

    def _on_progress(self, event: IndexingProgressed) -> None:
        for card in self._cards:
            if event.state.building and event.state.building == card.model.name:
                card.show_built(event.state.built)

    def _on_transfer(self, event: ModelProgressed) -> None:
        for card in self._cards:
            if card.model.row == event.model:
                card.show_transfer(event.transfer)

    def _on_stopped(self, event: ModelStopped) -> None:
        self._stopped[event.model] = event
        self._list_models()

    def _choose(self, model: Model) -> None:
        self._client.send(protocol.ChangeSettings, ((ENCODER, model.spec),))
        # Where that fails, the choice on show is not the one that holds.
        self._list_models()

    def _download(self, model: Model) -> None:
        self._stopped.pop(model.row, None)
        self._changing.add(self._client.send(protocol.DownloadModel, model.row))

    def _import(self, model: Model, path: Path) -> None:
        self._stopped.pop(model.row, None)
        self._changing.add(self._client.send(protocol.ImportModel, model.row, path))

    def _remove(self, model: Model) -> None:
        self._changing.add(self._client.send(protocol.RemoveModel, model.row))

    def _drop(self, model: Model) -> None:
        self._changing.add(self._client.send(protocol.DropVectors, model.name))

    def _on_completed(self, event: RequestCompleted) -> None:
        if event.request_id in self._changing:
            self._changing.remove(event.request_id)
            self._list_models()

    def _choose_device(self) -> None:
        self._client.send(protocol.ChangeSettings, ((DEVICE, self._device.currentText().strip()),))
