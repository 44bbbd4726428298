"""The settings page of where data lies and how much of it may be kept."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QLineEdit, QSpinBox, QWidget

from desktop.engine_client import EngineClient
from desktop.views.parts import Role, button, label, number_box, paragraph
from engine import protocol
from engine.protocol import Setting, SettingsFetched, StatusFetched

MILVUS = "milvus_uri"
QUOTA = "thumbnail_quota_mb"
LEAST_QUOTA_MB = 16
MOST_QUOTA_MB = 1_000_000


class EnginePage(QWidget):
    """Writes a setting once it was edited."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._known: dict[str, Setting] = {}
        self._home = paragraph()
        self._open = button(self.tr("Open the data directory"), Role.LINK)
        self._milvus = QLineEdit()
        self._milvus.setPlaceholderText(self.tr("embedded; or http://host:19530"))
        self._quota = number_box(QSpinBox())
        self._quota.setRange(LEAST_QUOTA_MB, MOST_QUOTA_MB)
        self._quota.setSuffix(" MB")
        self._sizes = label(role=Role.MUTED)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Data directory"), self._home)
        form.addRow("", self._open)
        form.addRow(self.tr("Milvus"), self._milvus)
        form.addRow(self.tr("Thumbnails, at most"), self._quota)
        form.addRow("", self._sizes)
        self._milvus.editingFinished.connect(lambda: self._change(MILVUS, self._milvus.text().strip()))
        self._quota.editingFinished.connect(lambda: self._change(QUOTA, str(self._quota.value())))
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._home.text())))
        client.settings_fetched.connect(self._on_settings)
        client.status_fetched.connect(self._on_status)
        client.send(protocol.FetchSettings)
        client.send(protocol.FetchStatus)

    def _on_settings(self, event: SettingsFetched) -> None:
        self._known = {setting.name: setting for setting in event.settings}
        if MILVUS in self._known:
            self._milvus.setText(self._known[MILVUS].value)
            self._milvus.setEnabled(not self._known[MILVUS].fixed_by)
        if QUOTA in self._known:
            self._quota.setValue(int(self._known[QUOTA].value))
            self._quota.setEnabled(not self._known[QUOTA].fixed_by)

    def _on_status(self, event: StatusFetched) -> None:
        locale = QLocale()
        self._home.setText(str(event.status.home))
        self._sizes.setText(
            self.tr("Thumbnails {0} · catalogue {1}").format(
                locale.formattedDataSize(event.status.thumbnail_bytes, 0),
                locale.formattedDataSize(event.status.catalogue_bytes, 0),
            )
        )

    def _change(self, name: str, value: str) -> None:
        if name in self._known and self._known[name].value != value:
            self._client.send(protocol.ChangeSettings, ((name, value),))
            self._client.send(protocol.FetchSettings)
