"""Files from outside the library that stand for a part, each as a chip; not there while there are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.chip import Chip, blank_mark, square_of
from desktop.views.flow import FlowLayout


class OutsideFiles(QWidget):
    """Shows files; emits the one that is taken away."""

    taken = Signal(object)

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._files: tuple[Path, ...] = ()
        self._flow = FlowLayout(self)
        thumbnails.arrived.connect(self._on_thumbnail)
        self.hide()

    def show_files(self, files: Sequence[Path]) -> None:
        """Show these and no others."""
        if tuple(files) == self._files:
            return
        self._files = tuple(files)
        for file in files:
            self._thumbnails.stand_in(_key(file), file)
        self._thumbnails.want_too([_key(file) for file in files], EDGES_PX[0])
        self._fill()

    def _fill(self) -> None:
        self._flow.clear()
        for file in self._files:
            found = self._thumbnails.find(_key(file), EDGES_PX[0])
            chip = Chip(file.name, blank_mark() if found is None else square_of(found))
            chip.setToolTip(str(file))
            chip.removed.connect(lambda file=file: self.taken.emit(file))
            self._flow.addWidget(chip)
        self.setVisible(bool(self._files))

    def _on_thumbnail(self, key: str) -> None:
        if key in map(_key, self._files):
            self._fill()


def _key(file: Path) -> str:
    return f"file {file}"
