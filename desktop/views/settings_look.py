"""The settings page of how the window looks and behaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from desktop.settings import Language, PreferenceStore, ThemeChoice


class LookPage(QWidget):
    """Changes preferences at once."""

    def __init__(self, preferences: PreferenceStore) -> None:
        super().__init__()
        self._preferences = preferences
        now = preferences.current
        themes = (
            (ThemeChoice.SYSTEM, self.tr("As the system")),
            (ThemeChoice.LIGHT, self.tr("Light")),
            (ThemeChoice.DARK, self.tr("Dark")),
        )
        languages = (
            (Language.SYSTEM, self.tr("As the system")),
            (Language.ENGLISH, "English"),
            (Language.CHINESE, "简体中文"),
        )
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Theme"), _choice(themes, now.theme, lambda one: preferences.update(theme=one)))
        form.addRow(self.tr("Language"), _choice(languages, now.language, lambda one: preferences.update(language=one)))
        gentle = QCheckBox(self.tr("Index gently while another program is in front"))
        gentle.setChecked(now.throttled)
        gentle.toggled.connect(lambda on: preferences.update(throttled=on))
        form.addRow("", gentle)


def _choice(options: Iterable[tuple[StrEnum, str]], present: StrEnum, choose: Callable[[StrEnum], None]) -> QComboBox:
    box = QComboBox()
    values = []
    for value, words in options:
        box.addItem(words)
        values.append(value)
    box.setCurrentIndex(values.index(present))
    box.activated.connect(lambda at: choose(values[at]))
    return box
