"""One group of duplicates: its copies side by side, which to keep and why, which go to the trash."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from desktop.thumbnails import ThumbnailLoader, rung
from desktop.views.parts import Role, button, column, label, line, paragraph
from desktop.views.thumbnail_view import ThumbnailView
from engine.protocol import AssetRow, BestReason, DuplicateGroup, Likeness

CARD_PICTURE_PX = 140
COPY_PX = 190
ROW_PX = 236


class GroupCard(QFrame):
    """Emits the files to move to the trash, or that all are to be kept."""

    trash_wanted = Signal(object)
    kept = Signal(object)

    def __init__(self, group: DuplicateGroup, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.setObjectName("card")
        self._group = group
        self._copies = [_Copy(row, self._why(row), thumbnails) for row in group.rows]
        self._trash = button("", Role.PRIMARY)
        keep = button(self.tr("Keep all"))
        self._trash.clicked.connect(lambda: self.trash_wanted.emit(self._chosen()))
        keep.clicked.connect(lambda: self.kept.emit(group))
        foot = line()
        foot.addStretch(1)
        foot.addWidget(keep)
        foot.addWidget(self._trash)
        stack = column(self, 10, (16, 14, 16, 14))
        stack.addWidget(label(self._likeness_words(), Role.SECTION))
        stack.addWidget(self._copies_row())
        stack.addLayout(foot)
        for copy in self._copies:
            copy.chosen.connect(self._count)
        self._count()

    def show_thumbnail(self, key: str) -> None:
        """Draw a thumbnail that has come."""
        for copy in self._copies:
            if copy.row.thumbnail == key:
                copy.show_thumbnail()

    def _copies_row(self) -> QWidget:
        inside = QWidget()
        row = line(inside, 12)
        for copy in self._copies:
            row.addWidget(copy)
        row.addStretch(1)
        area = QScrollArea()
        area.setObjectName("inCard")
        area.setWidgetResizable(True)
        area.setFixedHeight(ROW_PX)
        area.setWidget(inside)
        return area

    def _chosen(self) -> tuple[Path, ...]:
        return tuple(copy.row.path for copy in self._copies if copy.goes)

    def _count(self) -> None:
        count = len(self._chosen())
        self._trash.setText(self.tr("Move %Ln to trash…", "", count))
        self._trash.setEnabled(0 < count < len(self._copies))

    def _likeness_words(self) -> str:
        if self._group.likeness is Likeness.EXACT:
            return self.tr("Exactly the same file")
        return self.tr("The same picture in another form")

    def _why(self, row: AssetRow) -> str:
        if row.id != self._group.best:
            return ""
        return {
            BestReason.ON_LINE: self.tr("Best: its drive is connected"),
            BestReason.MORE_PIXELS: self.tr("Best: most pixels"),
            BestReason.BETTER_FORMAT: self.tr("Best: format without loss"),
            BestReason.MORE_BYTES: self.tr("Best: least compressed"),
            BestReason.OLDER: self.tr("Best: the oldest"),
            BestReason.RATED_HIGHER: self.tr("Best: rated highest"),
            BestReason.FIRST_BY_NAME: self.tr("Best: first by name"),
        }[self._group.reason]


class _Copy(QWidget):
    """One file of the group."""

    chosen = Signal()

    def __init__(self, row: AssetRow, why: str, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.row = row
        self._thumbnails = thumbnails
        self._picture = ThumbnailView()
        self._picture.setFixedHeight(CARD_PICTURE_PX)
        self._goes = QCheckBox(self.tr("To trash"))
        self._goes.setChecked(not why)
        self._goes.setAccessibleName(self.tr("Move {0} to the trash").format(row.path.name))
        self._goes.toggled.connect(self.chosen)
        self.setFixedWidth(COPY_PX)
        stack = column(self, 3)
        stack.addWidget(self._picture)
        name = paragraph(row.path.name)
        name.setToolTip(str(row.path))
        stack.addWidget(name)
        for words in (_facts(row), row.path.parent.name):
            stack.addWidget(label(words, Role.MUTED))
        stack.addWidget(label(why, Role.ACCENT) if why else self._goes)
        stack.addStretch(1)
        self.show_thumbnail()

    @property
    def goes(self) -> bool:
        """Whether the user wants it in the trash."""
        return self._goes.isChecked()

    def show_thumbnail(self) -> None:
        """Draw the thumbnail, if it has come."""
        found = self._thumbnails.find(self.row.thumbnail, rung(CARD_PICTURE_PX))
        self._picture.show_pixmap(found, bool(self.row.has_alpha))


def _facts(row: AssetRow) -> str:
    size = QLocale().formattedDataSize(row.size, 1)
    pixels = f"{row.width} × {row.height}" if row.width else ""
    return " · ".join(filter(None, (row.format, pixels, size)))
