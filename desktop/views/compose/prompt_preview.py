"""What the first planned picture is made of: its references by number, and the prompt that names them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.compose.role_words import role_word
from desktop.views.flow import FlowLayout
from desktop.views.parts import Role, column, label, paragraph
from desktop.views.thumbnail_view import ThumbnailView
from engine.protocol import JobReference, PlannedJob

EDGE_PX = 64


class PromptPreview(QWidget):
    """Folded up until it is asked for."""

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._job: PlannedJob | None = None
        self._views: list[tuple[str, ThumbnailView]] = []
        self.fold = QToolButton()
        self.fold.setText(self.tr("What the first picture is asked for"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.setCheckable(True)
        self._card = QFrame()
        self._card.setObjectName("slot")
        self._references = FlowLayout()
        self._prompt = paragraph()
        inside = column(self._card, 10, (14, 12, 14, 12))
        inside.addLayout(self._references)
        inside.addWidget(self._prompt)
        stack = column(self, 6)
        stack.addWidget(self.fold, alignment=Qt.AlignmentFlag.AlignLeft)
        stack.addWidget(self._card)
        self._card.hide()
        self.hide()
        self.fold.toggled.connect(self._on_folded)
        thumbnails.arrived.connect(self._on_thumbnail)

    def show_job(self, job: PlannedJob | None) -> None:
        """Show what a picture would be made of; nothing without one."""
        self.setVisible(job is not None)
        if job is None or job == self._job:
            return
        self._job = job
        self._prompt.setText(job.prompt)
        self._references.clear()
        self._views = []
        for reference in job.references:
            self._thumbnails.stand_in(reference.thumbnail, reference.path)
            self._references.addWidget(self._numbered(reference))
        self._thumbnails.want_too([key for key, _ in self._views], EDGES_PX[0])

    def _numbered(self, reference: JobReference) -> QWidget:
        framed = QWidget()
        picture = ThumbnailView()
        picture.setFixedSize(EDGE_PX, EDGE_PX)
        picture.show_pixmap(self._thumbnails.find(reference.thumbnail, EDGES_PX[0]), alpha=False)
        picture.setToolTip(reference.path.name)
        self._views.append((reference.thumbnail, picture))
        stack = column(framed, 2)
        stack.addWidget(picture)
        stack.addWidget(label(f"{reference.number} · {role_word(reference.role)}", Role.MUTED))
        framed.setAccessibleName(f"{reference.number}: {reference.path.name}")
        return framed

    def _on_folded(self, open_: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._card.setVisible(open_)

    def _on_thumbnail(self, key: str) -> None:
        for shown, picture in self._views:
            if shown == key:
                picture.show_pixmap(self._thumbnails.find(key, EDGES_PX[0]), alpha=False)
