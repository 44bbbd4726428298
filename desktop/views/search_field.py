"""The line that is typed into: tells of every key press, and of pictures and folders that are pasted."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from desktop.views.drops import carries_something

TYPING_MS = 12


class SearchField(QLineEdit):
    """Emits `typed` a blink after the last key, `entered` on Return."""

    typed = Signal(str)
    entered = Signal(str)
    pasted = Signal(QMimeData)
    history_wanted = Signal()
    left_downwards = Signal()
    emptied_backwards = Signal()
    focus_moved = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Search"))
        self.setAcceptDrops(False)
        self.setAttribute(Qt.WidgetAttribute.WA_MacShowFocusRect, False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(lambda: self.typed.emit(self.text()))
        self.textEdited.connect(self._timer.start)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Handle what a plain line does not: history, pasted pictures, the way down to the grid."""
        mime = QGuiApplication.clipboard().mimeData()
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Paste) and mime is not None and carries_something(mime):
            self.pasted.emit(mime)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._timer.stop()
            self.entered.emit(self.text())
        elif key == Qt.Key.Key_Down and not self.text():
            self.history_wanted.emit()
        elif key == Qt.Key.Key_Down:
            self.left_downwards.emit()
        elif key == Qt.Key.Key_Backspace and not self.text():
            self.emptied_backwards.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.entered.emit("")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Light the frame."""
        super().focusInEvent(event)
        self.focus_moved.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Dim the frame."""
        super().focusOutEvent(event)
        self.focus_moved.emit(False)
