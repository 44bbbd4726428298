"""The sheet for taking picks out of a batch: where to, and whether a plain ground is cut away for true alpha."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QRadioButton, QWidget

from desktop.views.parts import Role, button, column, label, line, paragraph
from engine.protocol import Ground

WIDTH_PX = 500


class ExportSheet(QDialog):
    """Emits a folder and what becomes of the ground."""

    agreed = Signal(object, object)

    def __init__(self, picks: int, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = QLineEdit(str(folder))
        self._kept = QRadioButton(self.tr("Keep the pictures as they are"))
        self._cut = QRadioButton(self.tr("Cut a plain ground away, for true transparency"))
        self._export = button(self.tr("Export %Ln picture(s)", "", picks), Role.PRIMARY)
        self._lay_out()
        self._folder.textChanged.connect(lambda words: self._export.setEnabled(bool(words.strip())))
        self._export.clicked.connect(self._on_export)

    def _lay_out(self) -> None:
        self.setWindowTitle(self.tr("Export picks"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH_PX)
        self._folder.setAccessibleName(self.tr("Folder"))
        self._kept.setChecked(True)
        browse = button(self.tr("Choose…"))
        browse.clicked.connect(self._choose)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        place, foot = line(), line()
        place.addWidget(self._folder, 1)
        place.addWidget(browse)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._export)
        honest = self.tr(
            "This works where the ground is one plain colour up to the edges. Other pictures keep theirs,"
            " and you are told how many those are. The originals never change."
        )
        stack = column(self, 10, (24, 20, 24, 18))
        stack.addWidget(label(self.tr("Copy the picks into a folder"), Role.HEADING))
        stack.addLayout(place)
        for widget in (self._kept, self._cut, paragraph(honest, Role.MUTED)):
            stack.addWidget(widget)
        stack.addSpacing(4)
        stack.addLayout(foot)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Copy the picks into a folder"), self._folder.text())
        if chosen:
            self._folder.setText(chosen)

    def _on_export(self) -> None:
        ground = Ground.CUT if self._cut.isChecked() else Ground.KEPT
        self.agreed.emit(Path(self._folder.text().strip()), ground)
        self.accept()
