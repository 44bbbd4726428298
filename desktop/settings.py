"""Preferences of the window, each declared once, kept in `window.json` of the data directory.

`desktop.app` owns the store and hands it on. What the engine needs to know is not here but in the engine's settings.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QObject, QSaveFile, Signal

from engine.protocol import DEFAULT_CURRENCY

FILE_NAME = "window.json"
HOME_VARIABLE = "PROPMASTER_HOME"


class ThemeChoice(StrEnum):
    """What the window looks like."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Language(StrEnum):
    """What language the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    CHINESE = "zh_CN"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything the window remembers; geometry is Qt's own, in base 64."""

    theme: ThemeChoice = ThemeChoice.SYSTEM
    language: Language = Language.SYSTEM
    thumbnail_px: int = 168
    cell_px: int = 128
    inspector_shown: bool = True
    sidebar_shown: bool = True
    throttled: bool = True
    geometry: str = ""
    panes: str = ""
    tray: tuple[int | str, ...] = ()
    tray_shown: bool = True
    programs: tuple[str, ...] = ()
    model: str = ""
    """The image model that was asked last; empty for the first on offer, as are size and ratio."""
    picture_size: str = ""
    ratio: str = ""
    results: str = ""
    """The folder for new pictures; empty for that of the engine's settings."""
    currency: str = DEFAULT_CURRENCY
    """What amounts are shown in beside US dollars, by its code; USD for those alone."""


class PreferenceStore(QObject):
    """Holds the current preferences and writes every change at once, whole or not at all."""

    changed = Signal()

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._path = home / FILE_NAME
        self.current = _read(self._path)

    def update(self, **changes: Any) -> None:
        """Replace some preferences by name."""
        updated = replace(self.current, **changes)
        if updated == self.current:
            return
        self.current = updated
        self._write()
        self.changed.emit()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = QSaveFile(str(self._path))
        if file.open(QSaveFile.OpenModeFlag.WriteOnly):
            file.write(json.dumps(asdict(self.current), ensure_ascii=False, indent=1).encode())
            file.commit()


def default_home() -> Path:
    """Return the data directory: PROPMASTER_HOME, or the platform's place for application data."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("propmaster", appauthor=False))


def _read(path: Path) -> Preferences:
    """Return what the file holds; a value that is missing or makes no sense keeps its default."""
    try:
        written = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Preferences()
    kept = {}
    for field in fields(Preferences):
        if isinstance(written, dict) and field.name in written:
            value = _parsed(written[field.name], field.default)
            if value is not None:
                kept[field.name] = value
    return Preferences(**kept)


def _parsed(value: object, default: object) -> Any:
    if isinstance(default, StrEnum):
        return next((one for one in type(default) if one == value), None)
    if isinstance(default, tuple):
        return tuple(one for one in value if isinstance(one, int | str)) if isinstance(value, list) else None
    return value if type(value) is type(default) else None
