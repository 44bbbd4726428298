"""The settings page of watched folders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QScrollArea, QWidget

from desktop.engine_client import EngineClient
from desktop.views.parts import Role, button, column, label, line, paragraph
from engine import protocol
from engine.protocol import FolderNode, FoldersListed, FolderState, WatchedFolder


class FoldersPage(QWidget):
    """Lists the folders with what can be said of each."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._cards = QWidget()
        self._stack = column(self._cards, 10)
        add = button(self.tr("Add folder…"), Role.PRIMARY)
        add.clicked.connect(self._add)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._cards)
        page = column(self, 12)
        words = self.tr("Pictures are read where they lie. Nothing is moved, changed or copied.")
        page.addWidget(paragraph(words, Role.MUTED))
        page.addWidget(area, 1)
        foot = line()
        foot.addWidget(add)
        foot.addStretch(1)
        page.addLayout(foot)
        client.folders_listed.connect(self._on_listed)
        client.send(protocol.ListFolders)

    def _on_listed(self, event: FoldersListed) -> None:
        while (item := self._stack.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for node in event.folders:
            if node.watched is not None:
                self._stack.addWidget(self._card(node, node.watched))
        self._stack.addStretch(1)

    def _card(self, node: FolderNode, watched: WatchedFolder) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        polling = QCheckBox(self.tr("Look at intervals (network drives)"))
        never = QCheckBox(self.tr("Never send anywhere"))
        polling.setChecked(watched.polling)
        never.setChecked(watched.never_send)
        path, send = node.path, self._client.send
        polling.toggled.connect(lambda on: send(protocol.SetFolderPolling, path, on))
        never.toggled.connect(lambda on: send(protocol.SetFolderNeverSend, path, on))
        stop = button(self.tr("Stop watching"))
        stop.clicked.connect(lambda: self._remove(path))
        stack = column(card, 6, (16, 12, 16, 12))
        stack.addWidget(paragraph(str(path)))
        stack.addWidget(label(self._words(watched), Role.MUTED))
        row = line(spacing=18)
        for widget in (polling, never):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(stop)
        stack.addLayout(row)
        return card

    def _words(self, watched: WatchedFolder) -> str:
        states = {
            FolderState.ONLINE: "",
            FolderState.INDEXING: self.tr("being read"),
            FolderState.OFFLINE: self.tr("not connected"),
            FolderState.DENIED: self.tr("may not be read"),
        }
        parts = [self.tr("%Ln picture(s)", "", watched.ready + watched.waiting), states[watched.state]]
        if watched.failed:
            parts.append(self.tr("%Ln file(s) without a picture", "", watched.failed))
        return " · ".join(filter(None, parts))

    def _add(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Add folder"))
        if chosen:
            self._client.send(protocol.AddFolder, Path(chosen))
            self._client.send(protocol.ListFolders)

    def _remove(self, path: Path) -> None:
        self._client.send(protocol.RemoveFolder, path)
        self._client.send(protocol.ListFolders)
