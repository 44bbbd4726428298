"""Five stars to press: the rating of what is selected."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

STARS = 5
STAR_PX = 22


class RatingStars(QWidget):
    """Shows a rating of 0…5; a press on the present one takes it away."""

    rated = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rating = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_rating(0)

    def show_rating(self, rating: int) -> None:
        """Show a rating."""
        self._rating = rating
        self.setAccessibleName(self.tr("Rating: %Ln star(s)", "", rating))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room of five stars."""
        return QSize(STARS * STAR_PX, STAR_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the press, and act once it is let go."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Rate by the star that was pressed."""
        self._rate(min(int(event.position().x()) // STAR_PX + 1, STARS))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Rate by digit or arrow."""
        if event.text().isdigit() and int(event.text()) <= STARS:
            self.rated.emit(int(event.text()))
        elif event.key() == Qt.Key.Key_Right:
            self.rated.emit(min(self._rating + 1, STARS))
        elif event.key() == Qt.Key.Key_Left:
            self.rated.emit(max(self._rating - 1, 0))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the stars."""
        painter = QPainter(self)
        font = self.font()
        font.setPixelSize(17)
        painter.setFont(font)
        roles = QPalette.ColorRole
        for star in range(STARS):
            given = star < self._rating
            painter.setPen(self.palette().color(roles.Text if given else roles.Mid))
            box = self.rect().adjusted(star * STAR_PX, 0, 0, 0)
            box.setWidth(STAR_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, "★")
        if self.hasFocus():
            painter.setPen(self.palette().color(roles.Highlight))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        painter.end()

    def _rate(self, rating: int) -> None:
        self.rated.emit(0 if rating == self._rating else rating)
