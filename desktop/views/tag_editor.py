"""Tags of what is selected: chips to remove, a line to add one, with the library's tags offered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from desktop.views.chip import Chip
from desktop.views.flow import FlowLayout
from desktop.views.parts import column


class TagEditor(QWidget):
    """Shows tags; emits what is to be added or removed."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._known = QStringListModel(self)
        self._flow = FlowLayout()
        self._line = QLineEdit()
        self._line.setPlaceholderText(self.tr("Add a tag"))
        self._line.setAccessibleName(self.tr("Add a tag"))
        self._line.returnPressed.connect(self._on_entered)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._line.setCompleter(completer)
        stack = column(self)
        stack.addLayout(self._flow)
        stack.addWidget(self._line)

    def show_tags(self, tags: Sequence[str]) -> None:
        """Show the tags of the selection."""
        self._flow.clear()
        for tag in tags:
            chip = Chip(tag)
            chip.removed.connect(lambda tag=tag: self.removed.emit(tag))
            self._flow.addWidget(chip)

    def offer(self, tags: Sequence[str]) -> None:
        """Offer these tags while one is typed."""
        self._known.setStringList(list(tags))

    def take_focus(self) -> None:
        """Let the user type a tag."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_entered(self) -> None:
        tag = self._line.text().strip()
        self._line.clear()
        if tag:
            self.added.emit(tag)
