"""A frame that pictures can be dropped into, lit while something is held over it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from desktop.views.drops import carries_files


class DropFrame(QFrame):
    """Takes pictures of the grid, of other frames, or files; `take_drop` is the subclass's."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def takes_from(self, source: QObject | None) -> bool:  # noqa: ARG002
        """Return whether what is dragged from there is taken; None is another program."""
        return True

    def take_drop(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Light up over what can be taken."""
        if carries_files(event.mimeData()) and self.takes_from(event.source()):
            event.acceptProposedAction()
            self._light(on=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Dim again."""
        self._light(on=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Dim, and hand it on."""
        event.acceptProposedAction()
        self._light(on=False)
        self.take_drop(event)

    def _light(self, *, on: bool) -> None:
        self.setProperty("lit", on)
        self.style().polish(self)
