"""The sheet of keyboard shortcuts, read from the action table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop.actions import ActionRow, Group, action_rows, group_titles
from desktop.views.parts import Role, column, label, line

NAME_PX = 170
COLUMNS = (
    (Group.PICTURES,),
    (Group.SEARCHING, Group.COMPOSING, Group.LIBRARY),
    (Group.CELLS, Group.WINDOW),
)
"""What stands below one another, so that the sheet fits a small screen."""


class ShortcutSheet(QDialog):
    """Lists every action that has keys, by group."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = line(self, 48, (32, 28, 32, 12))
        for groups in COLUMNS:
            side = column()
            columns.addLayout(side)
            for group in groups:
                self._add(side, group)
            side.addStretch(1)

    def _add(self, side: QVBoxLayout, group: Group) -> None:
        side.addWidget(label(group_titles()[group], Role.SECTION))
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setColumnMinimumWidth(0, NAME_PX)
        grid.setVerticalSpacing(7)
        grid.setContentsMargins(0, 4, 0, 20)
        for at, row in enumerate(row for row in action_rows() if row.group is group and row.keys):
            grid.addWidget(label(row.text.removesuffix("…")), at, 0)
            grid.addWidget(label(_keys(row), Role.MUTED), at, 1)
        side.addLayout(grid)


def _keys(row: ActionRow) -> str:
    return QKeySequence(row.keys).toString(QKeySequence.SequenceFormat.NativeText)
