"""The quiet line at the foot of the pictures that shows the latest notice. Never modal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from desktop.icons import quiet_icon
from desktop.notifications import Notice, Notifications, Tone
from desktop.views.parts import Role, button, column, line, paragraph, tool

SHOWN_MS = {Tone.NEWS: 4_000, Tone.TROUBLE: 12_000}
MARGIN_PX = 16
WIDEST_PX = 560


class Toast(QFrame):
    """Lies over the lower edge of its parent while there is something to say."""

    def __init__(self, notifications: Notifications, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setMaximumWidth(WIDEST_PX)
        self._parent = parent
        self._icon = QLabel()
        self._text = paragraph()
        self._hint = paragraph(role=Role.MUTED)
        self._offer = button("", Role.LINK)
        self._offer.setObjectName("offer")
        self._notice: Notice | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._offer.clicked.connect(self._on_offer)
        self._lay_out()
        self.hide()
        parent.installEventFilter(self)
        notifications.told.connect(self.show_notice)

    def show_notice(self, notice: Notice) -> None:
        """Show one notice instead of any other."""
        self._notice = notice
        trouble = notice.tone is Tone.TROUBLE
        self._icon.setPixmap(quiet_icon("alert" if trouble else "check").pixmap(18, 18))
        self._text.setText(notice.text)
        self._hint.setText(notice.hint)
        self._hint.setVisible(bool(notice.hint))
        self._offer.setVisible(notice.offer is not None)
        self._offer.setText(notice.offer.text if notice.offer else "")
        self.setAccessibleName(f"{notice.text} {notice.hint}".strip())
        self.show()
        self._settle()
        self._timer.start(SHOWN_MS[notice.tone])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay at the lower edge of the parent."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        words = column(spacing=2)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        close = tool("close", self.tr("Close"))
        close.clicked.connect(self.hide)
        row = line(self, 10, (14, 10, 8, 10))
        row.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._offer)
        row.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)

    def _settle(self) -> None:
        parent = self._parent
        width = min(WIDEST_PX, parent.width() - 2 * MARGIN_PX)
        self.resize(width, self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height())
        self.move((parent.width() - width) // 2, parent.height() - self.height() - MARGIN_PX)
        self.raise_()

    def _on_offer(self) -> None:
        self.hide()
        if self._notice is not None and self._notice.offer is not None:
            self._notice.offer.act()
