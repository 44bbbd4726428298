"""The page of batches."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class BatchesPage(QWidget):
    """Lists batches beside the matrix of one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
