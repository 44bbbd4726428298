"""The welcoming page: what Propmaster does, and the two ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.icons import accent_icon, application_icon
from desktop.views.parts import Role, button, column, label, line, paragraph

CARD_PX = 290
MARK_PX = 64


class FirstRun(QWidget):
    """Shown while the library has no folder."""

    sample_chosen = Signal()
    folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder = button(self.tr("Choose a folder…"), Role.PRIMARY)
        self._sample = button(self.tr("Look around the sample library"))
        self._folder.clicked.connect(self.folder_wanted)
        self._sample.clicked.connect(self.sample_chosen)
        page = column(self, 14)
        page.addStretch(3)
        self._add_welcome(page)
        page.addSpacing(22)
        page.addLayout(self._cards())
        page.addSpacing(18)
        promise = label(
            self.tr("Everything stays on this computer. Files are never moved, changed or copied."), Role.MUTED
        )
        page.addWidget(promise, alignment=Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(4)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Put the keyboard on what is done most."""
        super().showEvent(event)
        self._folder.setFocus()

    def _add_welcome(self, page: QVBoxLayout) -> None:
        mark = QLabel()
        mark.setPixmap(application_icon().pixmap(QSize(MARK_PX, MARK_PX), self.devicePixelRatio()))
        title = label(self.tr("Find any picture by what it shows"), Role.TITLE)
        words = label(self.tr("In words, in English or Chinese, by another picture, by a part of one, or by a colour."))
        for widget in (mark, title, words):
            page.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)

    def _cards(self) -> QHBoxLayout:
        row = line(spacing=18)
        row.addStretch(1)
        row.addWidget(
            _card(
                "folder-add",
                self.tr("Your own pictures"),
                self.tr(
                    "Add the folder where your props, sprites, renders and photos lie. You can search while it is read."
                ),
                self._folder,
            )
        )
        row.addWidget(
            _card(
                "library",
                self.tr("Just trying?"),
                self.tr("262 pieces of game art come along. They are ready to be searched in less than a minute."),
                self._sample,
            )
        )
        row.addStretch(1)
        return row


def _card(icon_name: str, title: str, words: str, press: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    card.setFixedWidth(CARD_PX)
    inside = column(card, 8, (20, 20, 20, 20))
    mark = QLabel()
    mark.setPixmap(accent_icon(icon_name).pixmap(24, 24))
    inside.addWidget(mark)
    inside.addWidget(label(title, Role.HEADING))
    inside.addWidget(paragraph(words, Role.MUTED))
    inside.addStretch(1)
    inside.addSpacing(8)
    inside.addWidget(press)
    return card
