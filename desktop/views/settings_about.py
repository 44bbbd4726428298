"""The settings page that tells the version, and asks for a newer one when its button is pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.engine_client import EngineClient
from desktop.resources import resource
from desktop.troubles import told
from desktop.views.parts import Role, button, column, label, line, paragraph
from engine import __version__, protocol
from engine.errors import in_one_text
from engine.protocol import RequestFailed, UpdatesChecked

LICENCES = "licences/LICENCES.md"
"""Written into the installed application by its build."""


class AboutPage(QWidget):
    """Asks the network for nothing until the button is pressed."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._asked_id = 0
        self._url = ""
        self._check = button(self.tr("Check for updates"))
        self._said = paragraph()
        self._get = button(self.tr("Open the download in the browser"), Role.LINK)
        self._get.hide()
        self._lay_out()
        self._check.clicked.connect(self._ask)
        self._get.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._url)))
        client.updates_checked.connect(self._on_checked)
        client.request_failed.connect(self._on_failed)

    def _lay_out(self) -> None:
        page = column(self, 12)
        page.addWidget(label(f"Propmaster {__version__}", Role.TITLE))
        promise = self.tr(
            "Updates are looked for only when you press the button. Nothing about you or your pictures is sent, and "
            "no program is installed by itself."
        )
        page.addWidget(paragraph(promise, Role.MUTED))
        row = line()
        row.addWidget(self._check)
        row.addStretch(1)
        page.addLayout(row)
        page.addWidget(self._said)
        page.addWidget(self._get, alignment=Qt.AlignmentFlag.AlignLeft)
        page.addStretch(1)
        licences = resource(LICENCES)
        if licences.exists():
            read = button(self.tr("Licences of everything inside"), Role.LINK)
            read.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(licences))))
            page.addWidget(read, alignment=Qt.AlignmentFlag.AlignLeft)

    def _ask(self) -> None:
        self._check.setEnabled(False)
        self._get.hide()
        self._said.setText(self.tr("Asking…"))
        self._asked_id = self._client.send(protocol.CheckUpdates)

    def _on_checked(self, event: UpdatesChecked) -> None:
        self._url = event.url
        said = [self._about_version(event)]
        if event.tables:
            said.append(self.tr("The tables of models and prices are newer from now on."))
        self._say("\n\n".join(filter(None, said)))
        self._get.setVisible(event.is_newer and bool(event.url))

    def _about_version(self, event: UpdatesChecked) -> str:
        if not event.is_newer:
            return self.tr("This is the newest version.")
        news = self.tr("Version {0} is out.").format(event.version)
        return "\n\n".join(filter(None, (news, event.notes, event.sha256 and f"SHA-256 {event.sha256}")))

    def _on_failed(self, event: RequestFailed) -> None:
        if event.request_id == self._asked_id:
            said = in_one_text(*told(event.code, event.message, event.hint))
            self._say(f"{said[:1].upper()}{said[1:]}")

    def _say(self, text: str) -> None:
        self._check.setEnabled(True)
        self._said.setText(text)
