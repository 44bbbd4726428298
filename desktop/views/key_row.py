"""Where the key of a service is kept, and a way to enter, replace and forget it. A key is never shown again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.views.parts import Role, button, column, label, line, paragraph
from engine.protocol import KeptKey, KeyPlace


class KeyRow(QWidget):
    """Emits the key that was entered, or that the kept one is to be forgotten."""

    entered = Signal(str)
    forgotten = Signal()

    def __init__(self, key: KeptKey | None) -> None:
        super().__init__()
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhHiddenText)
        self._field.setAccessibleName(self.tr("Key"))
        self._keep = button(self.tr("Keep key"))
        self._keep.setEnabled(False)
        self._trouble = paragraph(role=Role.WARNING)
        self._trouble.hide()
        stack = column(self, 6)
        if key is not None:
            self._add_kept(key)
        if key is None or key.place is not KeyPlace.ENVIRONMENT:
            self._field.setPlaceholderText(
                self.tr("Paste another key to replace it") if key else self.tr("Paste a key")
            )
            row = line()
            row.addWidget(self._field, 1)
            row.addWidget(self._keep)
            stack.addLayout(row)
        stack.addWidget(self._trouble)
        self._field.textChanged.connect(lambda text: self._keep.setEnabled(bool(text.strip())))
        self._field.returnPressed.connect(self._enter)
        self._keep.clicked.connect(self._enter)

    def show_trouble(self, words: str) -> None:
        """Say why the key could not be kept."""
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def _add_kept(self, key: KeptKey) -> None:
        stack = self.layout()
        assert stack is not None
        row = line()
        row.addWidget(label(self._where(key), Role.ACCENT))
        row.addStretch(1)
        if key.place is not KeyPlace.ENVIRONMENT:
            forget = button(self.tr("Forget key"), Role.LINK)
            forget.clicked.connect(self.forgotten)
            row.addWidget(forget)
        kept = QWidget()
        kept.setLayout(row)
        stack.addWidget(kept)
        if key.place is KeyPlace.FILE:
            stack.addWidget(paragraph(self._file_warning(), Role.WARNING))

    def _where(self, key: KeptKey) -> str:
        return {
            KeyPlace.ENVIRONMENT: self.tr("The key is that of the environment variable {0}."),
            KeyPlace.KEYRING: self.tr("The key is kept in the system's keyring ({0})."),
            KeyPlace.FILE: self.tr("The key is kept in the file {0}."),
        }[key.place].format(key.where)

    def _file_warning(self) -> str:
        return self.tr(
            "This system has no keyring, so the key lies there unencrypted. Only your account may read the file,"
            " but so may every program that you run."
        )

    def _enter(self) -> None:
        text = self._field.text().strip()
        self._field.clear()
        if text:
            self.show_trouble("")
            self.entered.emit(text)
