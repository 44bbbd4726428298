"""A text field of a few lines whose text is kept by itself, once the user pauses or turns to something else."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit

SETTLE_MS = 800


class SettledText(QPlainTextEdit):
    """Tells of a text when it has come to rest. News from outside never go over what is being written."""

    settled = Signal(str)

    def __init__(self, name: str, placeholder: str, height_px: int) -> None:
        super().__init__()
        self.setFixedHeight(height_px)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._tell)
        self.textChanged.connect(self._timer.start)

    def show_text(self, text: str) -> None:
        """Show a text from outside."""
        if self._timer.isActive() or text == self.toPlainText():
            return
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)

    def settle(self) -> None:
        """Tell of what was written and not told yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._tell()

    def _tell(self) -> None:
        self.settled.emit(self.toPlainText())
