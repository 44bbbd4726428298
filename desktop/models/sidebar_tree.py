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


class PlaceKind(Enum):
    """What a line of the sidebar leads to."""

    EVERYTHING = auto()
    FOLDER = auto()
    SAVED_SEARCH = auto()
    TAG = auto()
    TRAY = auto()


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


@dataclass(frozen=True, slots=True)
class FolderNode:
    """A folder with what is in and below it."""

    path: Path
    name: str
    count: int
    mood: FolderMood = FolderMood.SOUND
    detail: str = ""
    children: tuple[FolderNode, ...] = ()


class SidebarTree(QStandardItemModel):
    """Sections with their lines; a section without lines is not shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._everything = _line(self.tr("All pictures"), Place(PlaceKind.EVERYTHING))
        self._tray = _line(self.tr("Tray"), Place(PlaceKind.TRAY))
        self._folders = _section(self.tr("Folders"))
        self._saved = _section(self.tr("Saved searches"))
        self._tags = _section(self.tr("Tags"))
        for item in (self._everything, self._tray, self._folders, self._saved, self._tags):
            self.appendRow(item)

    def sections(self) -> list[QStandardItem]:
        """Return the headings, in order."""
        return [self._folders, self._saved, self._tags]

    def show_total(self, count: int) -> None:
        """Show how many pictures there are."""
        self._everything.setData(count, SidebarRole.COUNT)

    def show_tray(self, count: int) -> None:
        """Show how many pictures lie in the tray."""
        self._tray.setData(count, SidebarRole.COUNT)

    def show_folders(self, folders: Sequence[FolderNode]) -> None:
        """Show the watched folders; lines that stay are changed in place, so that the tree does not fold up."""
        _match(self._folders, folders, watched=True)

    def show_saved(self, names: Iterable[str]) -> None:
        """Show the saved searches."""
        _refill(self._saved, [_line(name, Place(PlaceKind.SAVED_SEARCH, name)) for name in names])

    def show_tags(self, counts: Iterable[tuple[str, int]]) -> None:
        """Show tags with how many pictures have them."""
        lines = []
        for tag, count in counts:
            lines.append(_line(tag, Place(PlaceKind.TAG, tag)))
            lines[-1].setData(count, SidebarRole.COUNT)
        _refill(self._tags, lines)


def _section(title: str) -> QStandardItem:
    item = QStandardItem(title)
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


def _match(parent: QStandardItem, nodes: Sequence[FolderNode], watched: bool = False) -> None:
    """Make the lines below a parent those of the nodes, in order, keeping the items of paths that stay."""
    wanted = {node.path for node in nodes}
    for at in reversed(range(parent.rowCount())):
        if parent.child(at).data(SidebarRole.PLACE).path not in wanted:
            parent.removeRow(at)
    for at, node in enumerate(nodes):
        there = parent.child(at)
        if there is None or there.data(SidebarRole.PLACE).path != node.path:
            there = _line(node.name, Place(PlaceKind.FOLDER, node.name, node.path, watched))
            parent.insertRow(at, there)
        there.setData(node.count, SidebarRole.COUNT)
        there.setData(node.mood, SidebarRole.MOOD)
        there.setToolTip("\n".join(filter(None, (str(node.path), node.detail))))
        _match(there, node.children)
