"""What lies in the place of pictures while there are none: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.icons import quiet_icon
from desktop.views.parts import Role, button, column, label, paragraph

WIDTH_PX = 420
MARK_PX = 40


class EmptyState(QWidget):
    """A mark, a heading, a sentence and at most one thing to press."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = QLabel()
        self._heading = label(role=Role.HEADING)
        self._words = paragraph(role=Role.MUTED)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setFixedWidth(WIDTH_PX)
        self._press = button("")
        self._press.clicked.connect(self.pressed)
        page = column(self, 10)
        page.addStretch(2)
        for widget in (self._mark, self._heading, self._words, self._press):
            page.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)

    def say(self, icon_name: str, heading: str, words: str, press: str = "") -> None:
        """Say why there is nothing to see; without a text there is nothing to press."""
        self._mark.setPixmap(quiet_icon(icon_name).pixmap(MARK_PX, MARK_PX))
        self._heading.setText(heading)
        self._words.setText(words)
        self._press.setText(press)
        self._press.setVisible(bool(press))
        self.setAccessibleName(f"{heading}. {words}")
