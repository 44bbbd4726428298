"""Fields for settings of the engine: they show what holds, and write a setting once it was edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from desktop.engine_client import EngineClient
from desktop.views.parts import number_box
from engine import protocol
from engine.protocol import Setting, SettingsFetched


class SettingFields(QObject):
    """The fields of one page; they belong to the widgets that they are put into."""

    changed = Signal(str)
    """The name of a setting that was written."""

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._known: dict[str, Setting] = {}
        self._fields: dict[str, tuple[QWidget, Callable[[str], object]]] = {}
        client.settings_fetched.connect(self._on_settings)

    def fetch(self) -> None:
        """Ask what holds."""
        self._client.send(protocol.FetchSettings)

    def text(self, name: str, accessible: str, placeholder: str = "") -> QLineEdit:
        """Return a field for a text; emptied, it goes back to the default."""
        field = QLineEdit()
        field.setAccessibleName(accessible)
        field.setPlaceholderText(placeholder)
        field.editingFinished.connect(lambda: self.change(name, field.text().strip()))
        self._fields[name] = field, field.setText
        return field

    def number(self, name: str, accessible: str, least: int, most: int) -> QSpinBox:
        """Return a field for a whole number."""
        field = number_box(QSpinBox())
        field.setAccessibleName(accessible)
        field.setRange(least, most)
        field.editingFinished.connect(lambda: self.change(name, str(field.value())))
        self._fields[name] = field, lambda value: field.setValue(int(value))
        return field

    def change(self, name: str, value: str) -> None:
        """Write a setting if that changes it."""
        if name in self._known and value != self._known[name].value:
            self._client.send(protocol.ChangeSettings, ((name, value),))
            # Where that fails, what is on show is not what holds.
            self.fetch()
            self.changed.emit(name)

    def _on_settings(self, event: SettingsFetched) -> None:
        self._known = {setting.name: setting for setting in event.settings}
        for name, (field, show) in self._fields.items():
            if name in self._known:
                show(self._known[name].value)
                field.setEnabled(not self._known[name].fixed_by)
                field.setToolTip(self._known[name].fixed_by)
