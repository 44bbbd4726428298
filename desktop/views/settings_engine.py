"""The settings page of where data lies and how much of it may be kept."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QWidget

from desktop.engine_client import EngineClient
from desktop.views.parts import Role, button, label, paragraph
from desktop.views.setting_fields import SettingFields
from engine import protocol
from engine.protocol import StatusFetched

MILVUS = "milvus_uri"
QUOTA = "thumbnail_quota_mb"
LEAST_QUOTA_MB = 16
MOST_QUOTA_MB = 1_000_000


class EnginePage(QWidget):
    """Writes a setting once it was edited."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._home = paragraph()
        self._open = button(self.tr("Open the data directory"), Role.LINK)
        self._sizes = label(role=Role.MUTED)
        fields = SettingFields(client, self)
        quota = fields.number(QUOTA, self.tr("Thumbnails, at most"), LEAST_QUOTA_MB, MOST_QUOTA_MB)
        quota.setSuffix(" MB")
        milvus = fields.text(MILVUS, self.tr("Milvus"), self.tr("embedded; or http://host:19530"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Data directory"), self._home)
        form.addRow("", self._open)
        form.addRow(self.tr("Milvus"), milvus)
        form.addRow(self.tr("Thumbnails, at most"), quota)
        form.addRow("", self._sizes)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._home.text())))
        client.status_fetched.connect(self._on_status)
        fields.fetch()
        client.send(protocol.FetchStatus)

    def _on_status(self, event: StatusFetched) -> None:
        locale = QLocale()
        self._home.setText(str(event.status.home))
        self._sizes.setText(
            self.tr("Thumbnails {0} · catalogue {1}").format(
                locale.formattedDataSize(event.status.thumbnail_bytes, 0),
                locale.formattedDataSize(event.status.catalogue_bytes, 0),
            )
        )
