"""The settings page of encoders: what searches, in which languages, on which device, how far its index is."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from desktop.engine_client import EngineClient
from desktop.views.parts import Role, button, column, label, line, paragraph
from engine import protocol
from engine.protocol import (
    EngineStatus,
    IndexingProgressed,
    Model,
    ModelsListed,
    RequestCompleted,
    SettingsFetched,
    StatusFetched,
)

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
ENCODER = "encoder"
DEVICE = "device"
BAR_STEPS = 1000


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
        self._built: dict[str, tuple[QLabel, QProgressBar]] = {}
        self._dropping = 0
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._cards)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Runs on"), self._device)
        form.addRow("", self._running)
        page = column(self, 12)
        words = self.tr(
            "Each model has an index of its own. The former one answers searches until the new one is built,"
            " and stays until you delete it: switching back costs nothing."
        )
        page.addWidget(paragraph(words, Role.MUTED))
        page.addWidget(area, 1)
        page.addLayout(form)
        self._device.activated.connect(self._choose_device)
        client.connected.connect(self._ask)
        client.models_listed.connect(self._on_models)
        client.request_completed.connect(self._on_completed)
        client.settings_fetched.connect(self._on_settings)
        client.status_fetched.connect(self._on_status)
        client.indexing_progressed.connect(self._on_progress)
        client.encoder_switched.connect(self._ask)
        self._ask()

    def _ask(self) -> None:
        for question in (protocol.FetchStatus, protocol.ListModels, protocol.FetchSettings):
            self._client.send(question)

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
        self._built.clear()
        for model in event.models:
            self._stack.addWidget(self._card(model))
        self._stack.addStretch(1)

    def _on_progress(self, event: IndexingProgressed) -> None:
        if event.state.building in self._built:
            words, bar = self._built[event.state.building]
            words.setText(self._built_words(event.state.built))
            bar.setValue(int(event.state.built * BAR_STEPS))

    def _card(self, model: Model) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        choose = QRadioButton(model.title)
        choose.setChecked(model.in_use)
        choose.setEnabled(bool(model.spec) or model.in_use)
        choose.clicked.connect(lambda: self._choose(model))
        stack = column(card, 5, (16, 12, 16, 12))
        row = line()
        row.addWidget(choose)
        row.addStretch(1)
        row.addWidget(label(self._size_words(model), Role.MUTED))
        stack.addLayout(row)
        needs = "" if model.spec else self.tr("needs its own weights")
        facts = " · ".join(filter(None, (", ".join(model.languages), model.licence, needs)))
        if facts:
            stack.addWidget(label(facts, Role.MUTED))
        if model.note:
            stack.addWidget(paragraph(model.note, Role.MUTED))
        stack.addLayout(self._index_row(model))
        return card

    def _index_row(self, model: Model) -> QHBoxLayout:
        """Return what says how many vectors there are and what for, and offers to delete those that nothing needs."""
        row = line()
        if model.indexed:
            row.addWidget(label(self.tr("%Ln picture(s) indexed", "", model.indexed), Role.MUTED))
        if model.searched:
            row.addWidget(label(self.tr("answers searches"), Role.ACCENT))
        if model.built is not None:
            words, bar = label(self._built_words(model.built), Role.ACCENT), QProgressBar()
            bar.setTextVisible(False)
            bar.setMaximum(BAR_STEPS)
            bar.setValue(int(model.built * BAR_STEPS))
            bar.setAccessibleName(self.tr("Indexing"))
            self._built[model.name] = words, bar
            row.addWidget(words)
            row.addWidget(bar, 1)
        row.addStretch(1)
        if model.indexed and not model.searched and not model.in_use:
            delete = button(self.tr("Delete its index…"), Role.LINK)
            delete.clicked.connect(lambda: self._ask_to_drop(model))
            row.addWidget(delete)
        return row

    def _built_words(self, share: float) -> str:
        return self.tr("being built: {0} %").format(QLocale().toString(int(share * 100)))

    def _size_words(self, model: Model) -> str:
        return QLocale().formattedDataSize(model.disk_bytes, 0) if model.disk_bytes else ""

    def _choose(self, model: Model) -> None:
        self._client.send(protocol.ChangeSettings, ((ENCODER, model.spec),))
        # Where that fails, the choice on show is not the one that holds.
        self._client.send(protocol.ListModels)

    def _ask_to_drop(self, model: Model) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(self.tr("Delete the index of {0}?").format(model.title))
        box.setInformativeText(self.tr("To search with this model again, all pictures have to be read again."))
        delete = box.addButton(self.tr("Delete index"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        delete.clicked.connect(lambda: self._drop(model))
        box.open()

    def _drop(self, model: Model) -> None:
        self._dropping = self._client.send(protocol.DropVectors, model.name)

    def _on_completed(self, event: RequestCompleted) -> None:
        if event.request_id == self._dropping:
            self._client.send(protocol.ListModels)

    def _choose_device(self) -> None:
        self._client.send(protocol.ChangeSettings, ((DEVICE, self._device.currentText().strip()),))
