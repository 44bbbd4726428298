"""Duplicates in groups, the best copy of each suggested with the reason. Nothing is deleted: files go to the trash."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QScrollArea, QWidget

from desktop.engine_client import EngineClient
from desktop.thumbnails import ThumbnailLoader, rung
from desktop.trash import Cleared, TrashBin
from desktop.views.duplicate_group import CARD_PICTURE_PX, GroupCard
from desktop.views.parts import Role, button, column, label, paragraph
from engine import protocol
from engine.protocol import Decision, DuplicateGroup, DuplicatesFound

GROUPS_AT_ONCE = 60
USUAL_SIZE = (860, 680)


class DuplicatesDialog(QDialog):
    """Asks the engine for groups and shows them one below the other."""

    def __init__(self, client: EngineClient, thumbnails: ThumbnailLoader, trash: TrashBin, parent: QWidget) -> None:
        super().__init__(parent)
        self._client = client
        self._thumbnails = thumbnails
        self._trash = trash
        self._groups: list[DuplicateGroup] = []
        self._cards: dict[frozenset[Path], GroupCard] = {}
        self._summary = label(self.tr("Comparing pictures…"), Role.MUTED)
        self._more = button(self.tr("Show more"))
        self._page = QWidget()
        self._stack = column(self._page, 14, (24, 4, 24, 24))
        self._lay_out()
        self._connect()
        self._request_id = client.send(protocol.FindDuplicates)

    def _lay_out(self) -> None:
        self.setWindowTitle(self.tr("Duplicates"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(*USUAL_SIZE)
        head = column(spacing=4, margins=(24, 22, 24, 14))
        head.addWidget(label(self.tr("Duplicates"), Role.HEADING))
        head.addWidget(self._summary)
        self._more.hide()
        self._stack.addStretch(1)
        self._stack.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignHCenter)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._page)
        whole = column(self, 0)
        whole.addLayout(head)
        whole.addWidget(area, 1)

    def _connect(self) -> None:
        self._client.duplicates_found.connect(self._on_found)
        self._trash.cleared.connect(self._on_cleared)
        self._thumbnails.arrived.connect(self._on_thumbnail)
        self._more.clicked.connect(self._show_more)

    def _on_found(self, event: DuplicatesFound) -> None:
        if event.request_id == self._request_id:
            self._groups = list(event.groups)
            self._summarise(event.groups)
            self._show_more()

    def _summarise(self, groups: Sequence[DuplicateGroup]) -> None:
        spare = sum(row.size for group in groups for row in group.rows if row.id != group.best)
        words = self.tr("%Ln group(s)", "", len(groups))
        saved = self.tr("{0} could be freed").format(QLocale().formattedDataSize(spare, 1))
        self._summary.setText(f"{words} · {saved}" if groups else self.tr("There are no duplicates."))

    def _show_more(self) -> None:
        coming, self._groups = self._groups[:GROUPS_AT_ONCE], self._groups[GROUPS_AT_ONCE:]
        for group in coming:
            card = GroupCard(group, self._thumbnails)
            card.trash_wanted.connect(self._ask_to_trash)
            card.kept.connect(self._keep)
            self._cards[frozenset(row.path for row in group.rows)] = card
            self._stack.insertWidget(self._stack.count() - 2, card)
        self._more.setVisible(bool(self._groups))
        keys = [row.thumbnail for group in coming for row in group.rows if row.thumbnail]
        self._thumbnails.want(keys, rung(CARD_PICTURE_PX * self.devicePixelRatio()))

    def _keep(self, group: DuplicateGroup) -> None:
        self._client.send(protocol.DecideDuplicates, tuple(row.id for row in group.rows), Decision.KEPT)
        self._remove(frozenset(row.path for row in group.rows))

    def _ask_to_trash(self, paths: tuple[Path, ...]) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(self.tr("Move %Ln file(s) to the trash?", "", len(paths)))
        box.setInformativeText("\n".join(str(path) for path in paths))
        move = box.addButton(self.tr("Move to trash"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        move.clicked.connect(lambda: self._trash.take(paths))
        box.open()

    def _on_cleared(self, cleared: Cleared) -> None:
        moved = set(cleared.moved)
        for paths in list(self._cards):
            if len(paths - moved) <= 1:
                self._remove(paths)
        if cleared.kept:
            path, reason = cleared.kept[0]
            words = self.tr("{0} could not be moved to the trash: {1}")
            self._stack.insertWidget(0, paragraph(words.format(path, reason), Role.WARNING))

    def _remove(self, paths: frozenset[Path]) -> None:
        card = self._cards.pop(paths, None)
        if card is not None:
            card.hide()
            card.deleteLater()

    def _on_thumbnail(self, key: str) -> None:
        for card in self._cards.values():
            card.show_thumbnail(key)
