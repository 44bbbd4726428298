"""The settings page of encoders: what searches, in which languages, on which device, how far its index is."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QProgressBar, QRadioButton, QScrollArea, QWidget

from desktop.engine_client import EngineClient
from desktop.views.parts import Role, column, label, line, paragraph
from engine import protocol
from engine.protocol import EngineStatus, Model, ModelsListed, SettingsFetched, StatusFetched

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
ENCODER = "encoder"
DEVICE = "device"


class ModelsPage(QWidget):
    """Switching builds a new index beside the old one; searching goes on."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._cards = QWidget()
        self._stack = column(self._cards, 10)
        self._device = QComboBox()
        self._device.setEditable(True)
        self._device.addItems(list(DEVICES))
        self._running = label(role=Role.MUTED)
        self._assets = 0
        self._bars: dict[str, QProgressBar] = {}
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._cards)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Runs on"), self._device)
        form.addRow("", self._running)
        page = column(self, 12)
        words = self.tr("Each model has an index of its own. Switching back costs nothing.")
        page.addWidget(paragraph(words, Role.MUTED))
        page.addWidget(area, 1)
        page.addLayout(form)
        self._device.activated.connect(self._choose_device)
        client.models_listed.connect(self._on_models)
        client.settings_fetched.connect(self._on_settings)
        client.status_fetched.connect(self._on_status)
        for question in (protocol.FetchStatus, protocol.ListModels, protocol.FetchSettings):
            client.send(question)

    def _on_status(self, event: StatusFetched) -> None:
        status: EngineStatus = event.status
        self._assets = status.assets
        self._running.setText(self.tr("Running on {0}").format(status.device) if status.device else "")
        for bar in self._bars.values():
            bar.setMaximum(max(status.assets, 1))

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
        self._bars.clear()
        for model in event.models:
            self._stack.addWidget(self._card(model))
        self._stack.addStretch(1)

    def _card(self, model: Model) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        choose = QRadioButton(model.title or model.name)
        choose.setChecked(model.in_use)
        choose.setEnabled(model.ships or model.in_use)
        choose.clicked.connect(lambda: self._client.send(protocol.ChangeSettings, ((ENCODER, model.name),)))
        stack = column(card, 5, (16, 12, 16, 12))
        row = line()
        row.addWidget(choose)
        row.addStretch(1)
        row.addWidget(label(self._size_words(model), Role.MUTED))
        stack.addLayout(row)
        facts = [", ".join(model.languages), model.licence, "" if model.ships else self.tr("needs its own weights")]
        stack.addWidget(label(" · ".join(filter(None, facts)), Role.MUTED))
        if model.note:
            stack.addWidget(paragraph(model.note, Role.MUTED))
        if model.in_use or model.indexed:
            stack.addWidget(self._bar(model))
        return card

    def _bar(self, model: Model) -> QProgressBar:
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setMaximum(max(self._assets, model.indexed, 1))
        bar.setValue(model.indexed)
        bar.setToolTip(self.tr("%Ln picture(s) indexed", "", model.indexed))
        bar.setAccessibleName(bar.toolTip())
        self._bars[model.name] = bar
        return bar

    def _size_words(self, model: Model) -> str:
        return QLocale().formattedDataSize(model.disk_bytes, 0) if model.disk_bytes else ""

    def _choose_device(self) -> None:
        self._client.send(protocol.ChangeSettings, ((DEVICE, self._device.currentText().strip()),))
