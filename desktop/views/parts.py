"""Small parts that views are built of, dressed with the roles that the style sheet knows."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.icons import icon


class Role(StrEnum):
    """What a part is for; the style sheet decides how that looks."""

    TITLE = "title"
    HEADING = "heading"
    SECTION = "section"
    MUTED = "muted"
    WARNING = "warning"
    ACCENT = "accent"
    PRIMARY = "primary"
    LINK = "link"
    TAB = "tab"


Margins = tuple[int, int, int, int]
NumberBox = TypeVar("NumberBox", bound=QAbstractSpinBox)
NUMBER_MARGIN_PX = 7


def column(parent: QWidget | None = None, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return a layout from top to bottom."""
    layout = QVBoxLayout(parent) if parent else QVBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    return layout


def line(parent: QWidget | None = None, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return a layout from left to right."""
    layout = QHBoxLayout(parent) if parent else QHBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    return layout


def label(text: str = "", role: Role | None = None) -> QLabel:
    """Return words on one line."""
    made = QLabel(text)
    if role is not None:
        made.setProperty("role", role.value)
    return made


def paragraph(text: str = "", role: Role | None = None) -> QLabel:
    """Return words that wrap and can be copied."""
    made = label(text, role)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def button(text: str, role: Role | None = None) -> QPushButton:
    """Return a button of words."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if role is not None:
        made.setProperty("role", role.value)
    return made


class _WheelGuard(QObject):
    """Lets the wheel scroll the page, not change a number that nobody is editing."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Pass the wheel on to what lies below."""
        unfocused = isinstance(watched, QWidget) and not watched.hasFocus()
        if event.type() == QEvent.Type.Wheel and unfocused:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def number_box(box: NumberBox) -> NumberBox:
    """Return a box of a number with its text off the edge, which no style sheet can do."""
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(_WheelGuard(box))
    box.lineEdit().setTextMargins(NUMBER_MARGIN_PX, 0, NUMBER_MARGIN_PX, 0)
    return box


def tool(icon_name: str, meaning: str) -> QToolButton:
    """Return a button of an icon; its meaning is its tooltip and its name for screen readers."""
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setIcon(icon(icon_name))
    made.setToolTip(meaning)
    made.setAccessibleName(meaning)
    return made


def action_tool(action: QAction) -> QToolButton:
    """Return a button that does what an action does."""
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setDefaultAction(action)
    made.setAccessibleName(action.text())
    return made


def zoom_steps(event: QWheelEvent) -> int:
    """Return by how many steps the wheel makes what it is over larger: it does with Ctrl, and scrolls without."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return 0
    return 1 if event.angleDelta().y() > 0 else -1


def rule() -> QFrame:
    """Return a thin line across."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made


def menu_place(view: QAbstractItemView, event: QContextMenuEvent) -> QPoint:
    """Return where on the screen the menu of items opens: at the mouse or, by keyboard, on the current item."""
    if event.reason() is QContextMenuEvent.Reason.Keyboard:
        return view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).center())
    return event.globalPos()
