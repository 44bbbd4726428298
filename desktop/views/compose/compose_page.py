"""The page where a composition is put together."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class ComposePage(QWidget):
    """Lays out what a composition is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
