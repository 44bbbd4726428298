"""The sidebar as a Qt model: the whole library, watched folders as a tree, saved searches, tags, and the tray.

Plain data comes in, `Place`s go out; a view shows it, the session decides what a place means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from engine.protocol import FolderNode, FolderState, TagCount


class PlaceKind(Enum):
    """What a line of the sidebar leads to."""

    EVERYTHING = auto()
    FOLDER = auto()
    SAVED_SEARCH = auto()
    TAG = auto()
    TRAY = auto()
    COMPOSE = auto()
    BATCHES = auto()


class FolderMood(Enum):
    """How a folder is, in the one word that matters most."""

    SOUND = auto()
    INDEXING = auto()
    OFFLINE = auto()
    DENIED = auto()
    HAS_FAILURES = auto()


class SidebarRole(IntEnum):
    """What the delegate asks for, beside the text."""

    PLACE = Qt.ItemDataRole.UserRole
    COUNT = Qt.ItemDataRole.UserRole + 1
    MOOD = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line leads: a folder by its path, a saved search or tag by its name."""

    kind: PlaceKind
    name: str = ""
    path: Path | None = None
    watched: bool = False


class SidebarTree(QStandardItemModel):
    """Sections with their lines; a section without lines is not shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._everything = _line("", Place(PlaceKind.EVERYTHING))
        self._tray = _line("", Place(PlaceKind.TRAY))
        self._compose = _line("", Place(PlaceKind.COMPOSE))
        self._batches = _line("", Place(PlaceKind.BATCHES))
        self._folders, self._saved, self._tags = _section(), _section(), _section()
        lines = (self._everything, self._tray, self._compose, self._batches)
        for item in (*lines, *self.sections()):
            self.appendRow(item)
        self.name_lines()

    def name_lines(self) -> None:
        """Name what is always there in the present language."""
        self._everything.setText(self.tr("All pictures"))
        self._tray.setText(self.tr("Tray"))
        self._compose.setText(self.tr("Compose"))
        self._batches.setText(self.tr("Batches"))
        self._folders.setText(self.tr("Folders"))
        self._saved.setText(self.tr("Saved searches"))
        self._tags.setText(self.tr("Tags"))

    def sections(self) -> list[QStandardItem]:
        """Return the headings, in order."""
        return [self._folders, self._saved, self._tags]

    def show_total(self, count: int) -> None:
        """Show how many pictures there are."""
        self._everything.setData(count, SidebarRole.COUNT)

    def show_tray(self, count: int) -> None:
        """Show how many pictures lie in the tray."""
        self._tray.setData(count, SidebarRole.COUNT)

    def show_unfinished(self, count: int) -> None:
        """Show how many batches have something left to do."""
        self._batches.setData(count, SidebarRole.COUNT)

    def show_folders(self, folders: Sequence[FolderNode]) -> None:
        """Show the watched folders; lines that stay are changed in place, so that the tree does not fold up."""
        _match(self._folders, folders)

    def show_saved(self, names: Iterable[str]) -> None:
        """Show the saved searches."""
        _refill(self._saved, [_line(name, Place(PlaceKind.SAVED_SEARCH, name)) for name in names])

    def show_tags(self, tags: Iterable[TagCount]) -> None:
        """Show tags with how many pictures have them."""
        lines = []
        for tag in tags:
            lines.append(_line(tag.tag, Place(PlaceKind.TAG, tag.tag)))
            lines[-1].setData(tag.count, SidebarRole.COUNT)
        _refill(self._tags, lines)


def _section() -> QStandardItem:
    item = QStandardItem()
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _line(text: str, place: Place) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setData(place, SidebarRole.PLACE)
    return item


def _refill(section: QStandardItem, lines: list[QStandardItem]) -> None:
    shown = [(section.child(at).text(), section.child(at).data(SidebarRole.COUNT)) for at in range(section.rowCount())]
    if shown != [(line.text(), line.data(SidebarRole.COUNT)) for line in lines]:
        section.removeRows(0, section.rowCount())
        section.appendRows(lines)


def _match(parent: QStandardItem, nodes: Sequence[FolderNode]) -> None:
    """Make the lines below a parent those of the nodes, in order, keeping the items of paths that stay."""
    wanted = {node.path for node in nodes}
    for at in reversed(range(parent.rowCount())):
        if parent.child(at).data(SidebarRole.PLACE).path not in wanted:
            parent.removeRow(at)
    for at, node in enumerate(nodes):
        there = parent.child(at)
        if there is None or there.data(SidebarRole.PLACE).path != node.path:
            name = node.path.name or str(node.path)
            there = _line(name, Place(PlaceKind.FOLDER, name, node.path, node.watched is not None))
            parent.insertRow(at, [there])
        there.setData(node.count, SidebarRole.COUNT)
        there.setData(_mood(node), SidebarRole.MOOD)
        there.setToolTip("\n".join(filter(None, (str(node.path), node.watched.detail if node.watched else ""))))
        _match(there, node.children)


def _mood(node: FolderNode) -> FolderMood:
    if node.watched is None:
        return FolderMood.SOUND
    states = {
        FolderState.INDEXING: FolderMood.INDEXING,
        FolderState.OFFLINE: FolderMood.OFFLINE,
        FolderState.DENIED: FolderMood.DENIED,
    }
    return states.get(node.watched.state, FolderMood.HAS_FAILURES if node.watched.failed else FolderMood.SOUND)
