"""The pages of the settings by name, for whatever leads to one of them."""

from __future__ import annotations

from enum import StrEnum


class SettingsPage(StrEnum):
    """One page of the settings."""

    APPEARANCE = "appearance"
    FOLDERS = "folders"
    SEARCH = "search"
    QUALITY = "quality"
    STORAGE = "storage"
    GENERATORS = "generators"
    SPENDING = "spending"
    ABOUT = "about"
