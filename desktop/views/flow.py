"""A layout that sets its widgets in lines, as words in a paragraph: for tags, swatches and chips."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

SPACING_PX = 6


class FlowLayout(QLayout):
    """Lays out from left to right, and on the next line when the width is used up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())
        self.setSpacing(SPACING_PX)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """Append an item; Qt calls it for `addWidget`."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Return an item, None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Remove and return an item, None beyond the last."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """Want no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The number of lines depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of all lines at a width."""
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the least size; the width decides the rest."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        """Return the size of the largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, box: QRect) -> None:  # noqa: N802
        """Place every item."""
        super().setGeometry(box)
        for item, place in zip(self._items, self._places(box.width()), strict=True):
            item.setGeometry(place.translated(box.topLeft()))

    def clear(self) -> None:
        """Remove every widget for good."""
        while (item := self.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _places(self, width: int) -> list[QRect]:
        places: list[QRect] = []
        at, line_height = QPoint(0, 0), 0
        for item in self._items:
            size = item.sizeHint()
            if at.x() > 0 and at.x() + size.width() > width:
                at, line_height = QPoint(0, at.y() + line_height + self.spacing()), 0
            places.append(QRect(at, size))
            if not item.isEmpty():
                at += QPoint(size.width() + self.spacing(), 0)
            line_height = max(line_height, size.height())
        return places
