"""The tray under the middle of the window: a well for each role, each a place to drop pictures into."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLocale, QMimeData, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QMenu, QStackedLayout, QWidget

from desktop.icons import icon, quiet_icon
from desktop.models.asset_list import AssetList
from desktop.thumbnails import ThumbnailLoader
from desktop.views.compose.drop_frame import DropFrame
from desktop.views.compose.role_words import role_icon, role_word
from desktop.views.compose.thumbnail_list import ThumbnailList
from desktop.views.parts import Role as Look
from desktop.views.parts import column, label, line, paragraph, tool
from engine.protocol import Role

EDGE_PX = 46
HEIGHT_PX = 146
EMPTY_HEIGHT_PX = 84
"""Room for the words of a place to drop pictures, and no more of the window than that."""
MARK_PX = 15


class RoleWell(DropFrame):
    """The pictures of one role; tells what is dropped, moved or taken out."""

    dropped = Signal(object, object, QMimeData)
    """The role, the widget that the drag comes from or None, and what is carried."""
    moved = Signal(object, object, object)
    """The ids, the role they had, and the one they get."""
    removed = Signal(object, object)
    """The ids and the role."""
    cleared = Signal(object)

    def __init__(self, role: Role, assets: AssetList, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.role = role
        self.setObjectName("well")
        self._assets = assets
        self.pictures = ThumbnailList(assets, thumbnails, EDGE_PX)
        self.pictures.setAccessibleName(self.tr("Tray: {0}").format(role_word(role)))
        self._count = label(role=Look.MUTED)
        self._clear = tool("close", self.tr("Empty “{0}”").format(role_word(role)))
        self._clear.setIconSize(QSize(12, 12))
        self._hint = paragraph(self.tr("Drop pictures here"), Look.MUTED)
        self._hint.setTextInteractionFlags(self._hint.textInteractionFlags().NoTextInteraction)
        self._stack = QStackedLayout()
        self._lay_out()
        self._clear.clicked.connect(lambda: self.cleared.emit(role))
        self.pictures.menu_wanted.connect(self.open_menu)
        self.pictures.remove_wanted.connect(self._remove)
        assets.modelReset.connect(self._show)
        self._show()

    def open_menu(self, at: QPoint) -> None:
        """Offer what can be done with the selected pictures."""
        ids = self.selected_ids()
        if not ids:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        targets = menu.addMenu(self.tr("Move to"))
        for target in Role:
            if target is not self.role:
                action = targets.addAction(icon(role_icon(target)), role_word(target))
                action.triggered.connect(lambda _=False, target=target: self.moved.emit(ids, self.role, target))
        menu.addAction(self.tr("Take out")).triggered.connect(self._remove)
        menu.popup(at)

    def selected_ids(self) -> tuple[int, ...]:
        """Return the ids of the selected pictures."""
        return tuple(row.id for row in self.pictures.selected_rows())

    def takes_from(self, source: QObject | None) -> bool:
        """Take nothing that lies here already."""
        return source is not self.pictures

    def take_drop(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        source = event.source()
        if isinstance(source, ThumbnailList) and isinstance(well := source.parentWidget(), RoleWell):
            self.moved.emit(well.selected_ids(), well.role, self.role)
        else:
            self.dropped.emit(self.role, source, event.mimeData())

    def _lay_out(self) -> None:
        mark = QLabel()
        mark.setPixmap(quiet_icon(role_icon(self.role)).pixmap(MARK_PX, MARK_PX))
        head = line(spacing=5, margins=(9, 4, 3, 0))
        for widget in (mark, label(role_word(self.role), Look.SECTION), self._count):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._clear)
        self._hint.setContentsMargins(9, 0, 9, 6)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.pictures)
        whole = column(self, 2, (0, 0, 0, 3))
        whole.addLayout(head)
        whole.addLayout(self._stack, 1)

    def _show(self) -> None:
        count = self._assets.rowCount()
        self._count.setText(QLocale().toString(count) if count else "")
        size = self._clear.sizePolicy()
        size.setRetainSizeWhenHidden(True)
        self._clear.setSizePolicy(size)
        self._clear.setVisible(count > 0)
        self._stack.setCurrentWidget(self.pictures if count else self._hint)
        self.setAccessibleName(self.tr("{0}: %Ln picture(s)", "", count).format(role_word(self.role)))

    def _remove(self) -> None:
        ids = self.selected_ids()
        if ids:
            self.removed.emit(ids, self.role)


class TrayStrip(QWidget):
    """The wells side by side."""

    def __init__(self, wells: Mapping[Role, AssetList], thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.setObjectName("trayStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.wells = {role: RoleWell(role, assets, thumbnails) for role, assets in wells.items()}
        row = line(self, 6, (10, 8, 10, 8))
        for well in self.wells.values():
            row.addWidget(well, 1)
        self._assets = tuple(wells.values())
        for assets in self._assets:
            assets.modelReset.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        lies_there = any(assets.rowCount() for assets in self._assets)
        self.setFixedHeight(HEIGHT_PX if lies_there else EMPTY_HEIGHT_PX)
