"""The sidebar: where to look. Folders with their counts and state, saved searches, tags, the tray."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QIcon,
    QPainter,
    QPalette,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from desktop.icons import quiet_icon
from desktop.models.sidebar_tree import FolderMood, Place, PlaceKind, SidebarRole, SidebarTree
from desktop.views.drops import carries_files, carries_something
from desktop.views.parts import action_tool, column, line

LINE_PX = 28
SECTION_PX = 36
ICON_PX = 16
CHEVRON_PX = 11

_ICONS = {
    PlaceKind.EVERYTHING: "library",
    PlaceKind.FOLDER: "folder",
    PlaceKind.SAVED_SEARCH: "saved",
    PlaceKind.TAG: "tag",
    PlaceKind.TRAY: "tray",
    PlaceKind.COMPOSE: "compose",
    PlaceKind.BATCHES: "batches",
}
_MOODS = {
    FolderMood.INDEXING: "retry",
    FolderMood.OFFLINE: "folder-offline",
    FolderMood.DENIED: "never-send",
    FolderMood.HAS_FAILURES: "alert",
}
_TAKERS = (PlaceKind.TRAY, PlaceKind.TAG)
"""Places that pictures are put into by a drop."""
Index = QModelIndex | QPersistentModelIndex


class SidebarDelegate(QStyledItemDelegate):
    """Draws a heading, or a line with icon, name, state and count."""

    aim = QPersistentModelIndex()
    """The line that a drop would go to."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the height of a line or heading."""
        heading = index.data(SidebarRole.PLACE) is None
        empty = heading and index.model().rowCount(index) == 0
        return QSize(option.rect.width(), 0 if empty else SECTION_PX if heading else LINE_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(SidebarRole.PLACE) is None:
            _paint_heading(painter, option, index)
        else:
            if index == self.aim:
                option.state |= QStyle.StateFlag.State_MouseOver
            _paint_line(painter, option, index)
        painter.restore()


class Sidebar(QWidget):
    """Shows a SidebarTree; emits the place that is chosen, and what is dropped on one."""

    chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)
    selection_dropped = Signal(object)
    files_dropped = Signal(object, QMimeData)
    carried = Signal(QMimeData)
    """Dropped from outside on no place that takes pictures."""

    def __init__(self, model: SidebarTree) -> None:
        super().__init__()
        self._tree = _Tree(model)
        self._foot = line(spacing=2, margins=(8, 4, 8, 6))
        stack = column(self, 0, (0, 6, 0, 0))
        stack.addWidget(self._tree, 1)
        stack.addLayout(self._foot)
        self._tree.clicked.connect(self._on_chosen)
        self._tree.activated.connect(self._on_chosen)
        self._tree.menu_wanted.connect(self.menu_wanted)
        self._tree.selection_dropped.connect(self.selection_dropped)
        self._tree.files_dropped.connect(self.files_dropped)
        self._tree.carried.connect(self.carried)

    def add_tools(self, *actions: QAction) -> None:
        """Put buttons of these actions at the foot."""
        for action in actions:
            self._foot.addWidget(action_tool(action))
        self._foot.addStretch(1)

    def show_place(self, place: Place | None) -> None:
        """Mark where the pictures on show are from, if that is one of the places."""
        self._tree.mark(place)

    def _on_chosen(self, index: QModelIndex) -> None:
        place = index.data(SidebarRole.PLACE)
        if place is not None:
            self.chosen.emit(place)


class _Tree(QTreeView):
    menu_wanted = Signal(object, QPoint)
    selection_dropped = Signal(object)
    files_dropped = Signal(object, QMimeData)
    carried = Signal(QMimeData)

    def __init__(self, model: SidebarTree) -> None:
        super().__init__()
        self._sidebar = model
        self.setObjectName("folders")
        self.setModel(model)
        self._delegate = SidebarDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAcceptDrops(True)
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Folders, saved searches and tags"))
        self._unfold()
        model.rowsInserted.connect(self._unfold)
        model.rowsInserted.connect(self.scheduleDelayedItemsLayout)
        model.rowsRemoved.connect(self.scheduleDelayedItemsLayout)

    def mark(self, place: Place | None) -> None:
        found = find_place(self._sidebar, QModelIndex(), place) if place is not None else QModelIndex()
        if found.isValid():
            self.setCurrentIndex(found)
        else:
            self.selectionModel().clearSelection()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of a place."""
        place = self.indexAt(event.pos()).data(SidebarRole.PLACE)
        if place is not None:
            self.menu_wanted.emit(place, event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Let pictures in; where they may go shows while they move."""
        if carries_something(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Light the line that would take them."""
        taker = self._taker(event)
        self._aim_at(taker)
        if taker.isValid() or event.source() is None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Dim it."""
        self._aim_at(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell what was dropped where; our own pictures go nowhere but to a line that takes them."""
        self._aim_at(QModelIndex())
        taker, own = self._taker(event), event.source() is not None
        if not taker.isValid() and own:
            event.ignore()
            return
        event.acceptProposedAction()
        if not taker.isValid():
            self.carried.emit(event.mimeData())
        elif own:
            self.selection_dropped.emit(taker.data(SidebarRole.PLACE))
        else:
            self.files_dropped.emit(taker.data(SidebarRole.PLACE), event.mimeData())

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Draw a chevron where there is something to unfold, none at headings."""
        if index.parent().isValid() and self._sidebar.rowCount(index):
            chevron = quiet_icon("down" if self.isExpanded(index) else "forward")
            chevron.paint(painter, QRect(rect.right() - 4, rect.center().y() - 5, CHEVRON_PX, CHEVRON_PX))

    def _taker(self, event: QDropEvent) -> QModelIndex:
        index = self.indexAt(event.position().toPoint())
        place = index.data(SidebarRole.PLACE)
        takes = place is not None and place.kind in _TAKERS and carries_files(event.mimeData())
        return index if takes else QModelIndex()

    def _aim_at(self, index: QModelIndex) -> None:
        self._delegate.aim = QPersistentModelIndex(index)
        self.viewport().update()

    def _unfold(self) -> None:
        for section in self._sidebar.sections():
            self.expand(section.index())


def find_place(model: SidebarTree, parent: QModelIndex, place: Place) -> QModelIndex:
    """Return the line below a parent that leads to a place, an invalid index if there is none."""
    for at in range(model.rowCount(parent)):
        index = model.index(at, 0, parent)
        there = index.data(SidebarRole.PLACE)
        if there is not None and (there.kind, there.name, there.path) == (place.kind, place.name, place.path):
            return index
        below = find_place(model, index, place)
        if below.isValid():
            return below
    return QModelIndex()


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    if option.rect.height() == 0:
        return
    font = QFont(option.font)
    font.setPointSizeF(8.5)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
    place = option.rect.adjusted(14, 0, -8, -6)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, index.data())


def _paint_line(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    _paint_ground(painter, option)
    place, mood = index.data(SidebarRole.PLACE), index.data(SidebarRole.MOOD)
    box = option.rect.adjusted(14, 0, -16, 0)
    icon = QRect(box.left(), box.center().y() - ICON_PX // 2 + 1, ICON_PX, ICON_PX)
    _icon_of(place, mood).paint(painter, icon)
    count = _count_words(index)
    painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
    away = mood in (FolderMood.OFFLINE, FolderMood.DENIED)
    painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText if away else QPalette.ColorRole.WindowText))
    room = box.adjusted(ICON_PX + 8, 0, -option.fontMetrics.horizontalAdvance(count) - 8, 0)
    name = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if selected or hovered:
        role = QPalette.ColorRole.AlternateBase if selected else QPalette.ColorRole.Midlight
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(role))
        ground = option.rect.adjusted(0, 1, -8, -1)
        ground.setLeft(8)
        painter.drawRoundedRect(ground, 6, 6)


def _icon_of(place: Place, mood: FolderMood | None) -> QIcon:
    return quiet_icon(_MOODS.get(mood or FolderMood.SOUND, _ICONS[place.kind]))


def _count_words(index: Index) -> str:
    count = index.data(SidebarRole.COUNT)
    return QLocale().toString(count) if count else ""
