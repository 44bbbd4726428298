"""A chip of the search bar: a condition, a colour, or a picture with its weight; the cross takes it away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QImageReader, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QSlider, QWidget, QWidgetAction

from desktop.icons import quiet_icon
from desktop.models.search import LikePicture
from desktop.views.parts import Role, column, label, line, tool

PICTURE_PX = 24
SWATCH_PX = 14
STEPS = 20
"""Steps of the weight slider for one whole."""


class Chip(QFrame):
    """Words, with a picture or colour before them if there is one."""

    removed = Signal()
    pressed = Signal()

    def __init__(self, words: str, mark: QPixmap | None = None) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setAccessibleName(words)
        row = line(self, 5, (7 if mark is None else 3, 2, 3, 2))
        if mark is not None:
            picture = QLabel()
            picture.setPixmap(mark)
            row.addWidget(picture)
        self._words = label(words)
        self._words.setVisible(bool(words))
        row.addWidget(self._words)
        cross = tool("close", self.tr("Remove {0}").format(words))
        cross.setIconSize(QSize(13, 13))
        cross.clicked.connect(self.removed)
        row.addWidget(cross)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask to change what the chip says."""
        super().mousePressEvent(event)
        self.pressed.emit()


class PictureChip(Chip):
    """A picture of the search; a press opens a slider for how much it counts, from “not like this” to twice."""

    weighed = Signal(float)

    def __init__(self, picture: LikePicture, mark: QPixmap) -> None:
        super().__init__(weight_words(picture.term.weight), mark)
        self._weight = picture.term.weight
        self.setToolTip(picture.name)
        self.setAccessibleName(self.tr("Picture {0}").format(picture.name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pressed.connect(self._open_slider)

    def _open_slider(self) -> None:
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self._slider_panel())
        menu.addAction(action)
        menu.aboutToHide.connect(lambda: self.weighed.emit(self._weight))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _slider_panel(self) -> QWidget:
        panel = QWidget()
        stack = column(panel, 6, (12, 10, 12, 10))
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(-STEPS, 2 * STEPS)
        slider.setValue(round(self._weight * STEPS))
        slider.setMinimumWidth(200)
        slider.setAccessibleName(self.tr("How much the picture counts"))
        slider.valueChanged.connect(self._on_slid)
        ends = line()
        ends.addWidget(label(self.tr("not like this"), Role.MUTED))
        ends.addStretch(1)
        ends.addWidget(label(self.tr("much like this"), Role.MUTED))
        stack.addWidget(slider)
        stack.addLayout(ends)
        return panel

    def _on_slid(self, value: int) -> None:
        self._weight = value / STEPS or 1 / STEPS
        self._words.setText(weight_words(self._weight))
        self._words.setVisible(bool(self._words.text()))


def weight_words(weight: float) -> str:
    """Return how a weight is written on a chip: nothing for the usual one."""
    if weight == 1.0:
        return ""
    return f"{'−' if weight < 0 else ''}{abs(weight):.0%}"


def swatch(colour: str) -> QPixmap:
    """Return a square of a colour."""
    pixmap = QPixmap(SWATCH_PX, SWATCH_PX)
    pixmap.fill(QColor(colour))
    return pixmap


def square_of(found: QPixmap) -> QPixmap:
    """Return the middle of a picture as a small square."""
    small = found.scaled(
        PICTURE_PX,
        PICTURE_PX,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    return small.copy((small.width() - PICTURE_PX) // 2, (small.height() - PICTURE_PX) // 2, PICTURE_PX, PICTURE_PX)


def mark_of_file(path: Path) -> QPixmap:
    """Return a small square of a picture file; a mark in its place if it cannot be read here."""
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(PICTURE_PX * 2, PICTURE_PX * 2, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return blank_mark() if image.isNull() else square_of(QPixmap.fromImage(image))


def blank_mark() -> QPixmap:
    """Return the mark that stands for a picture that cannot be shown here."""
    return quiet_icon("image").pixmap(PICTURE_PX, PICTURE_PX)
