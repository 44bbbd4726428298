"""The references of a picture, one below the other, by number and role; a press shows one large beside the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QToolButton, QWidget

from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.compose.role_words import role_word
from desktop.views.parts import Role, column, label
from engine.protocol import JobReference

WIDTH_PX = 176
PICTURE_PX = 124


class ReferenceColumn(QScrollArea):
    """Shows references; emits the one that is to be seen large, None for none."""

    chosen = Signal(object)

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._shown: tuple[JobReference, ...] = ()
        self._buttons: list[QToolButton] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        page = QWidget()
        self._stack = column(page, 10, (14, 14, 10, 14))
        self._stack.addWidget(label(self.tr("Made from"), Role.SECTION))
        self._stack.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFixedWidth(WIDTH_PX)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        thumbnails.arrived.connect(self._on_thumbnail)

    def show_references(self, references: Sequence[JobReference]) -> None:
        """Show these and no others; where they are the same, what is chosen stays so."""
        if tuple(references) == self._shown:
            return
        chosen = self.chosen_number()
        self._shown = tuple(references)
        for press in self._buttons:
            press.deleteLater()
        self._buttons = [self._button(reference) for reference in references]
        for at, press in enumerate(self._buttons):
            self._stack.insertWidget(1 + at, press)
        self._thumbnails.want_too([one.thumbnail for one in references if one.thumbnail], EDGES_PX[1])
        self.choose(chosen)

    def chosen_number(self) -> int:
        """Return the number of the reference that is seen large, 0 for none."""
        pairs = zip(self._shown, self._buttons, strict=True)
        return next((reference.number for reference, press in pairs if press.isChecked()), 0)

    def choose(self, number: int) -> None:
        """See this reference large; none if there is no such number."""
        found = None
        for reference, press in zip(self._shown, self._buttons, strict=True):
            press.setChecked(reference.number == number)
            if press.isChecked():
                found = reference
        self.chosen.emit(found)

    def toggle(self, number: int) -> None:
        """See this reference large, or no more if it is."""
        self.choose(0 if self.chosen_number() == number else number)

    def _button(self, reference: JobReference) -> QToolButton:
        if reference.thumbnail:
            self._thumbnails.stand_in(reference.thumbnail, reference.path)
        words = f"{reference.number} · {role_word(reference.role)}"
        press = QToolButton()
        press.setCheckable(True)
        press.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        press.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        press.setIconSize(QSize(PICTURE_PX, PICTURE_PX))
        press.setIcon(self._icon(reference.thumbnail))
        press.setText(words)
        press.setToolTip(str(reference.path))
        press.setAccessibleName(f"{words}: {reference.path.name}")
        press.clicked.connect(lambda _=False, number=reference.number: self._on_pressed(number))
        return press

    def _on_pressed(self, number: int) -> None:
        pressed = next(press for one, press in zip(self._shown, self._buttons, strict=True) if one.number == number)
        self.choose(number if pressed.isChecked() else 0)

    def _icon(self, key: str) -> QIcon:
        return QIcon((self._thumbnails.find(key, EDGES_PX[1]) if key else None) or QPixmap())

    def _on_thumbnail(self, key: str) -> None:
        for reference, press in zip(self._shown, self._buttons, strict=True):
            if reference.thumbnail == key:
                press.setIcon(self._icon(key))
