"""Keeps the sidebar true: folders, tags and saved searches come from the engine."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.engine_client import EngineClient
from desktop.models.search import NO_FILTER, Search, search_of
from desktop.models.sidebar_tree import Place, PlaceKind, SidebarTree
from engine import protocol
from engine.protocol import FolderNode, FoldersListed, HistoryListed, SavedSearch, SavedSearchesListed, TagsListed


class Places(QObject):
    """Owned by `desktop.app`; views listen."""

    folders_known = Signal(object)
    tags_known = Signal(object)
    history_known = Signal(object)

    def __init__(self, client: EngineClient, tree: SidebarTree) -> None:
        super().__init__()
        self.folders: tuple[FolderNode, ...] | None = None
        self.tags: tuple[str, ...] = ()
        self.history: tuple[Search, ...] = ()
        self._saved: dict[str, SavedSearch] = {}
        self._client = client
        self._tree = tree
        self._connect()

    def search_for(self, place: Place, present: Search) -> Search:
        """Return what a place shows: a folder or tag narrows the present search, the others replace it."""
        if place.kind is PlaceKind.FOLDER and place.path is not None:
            return replace(present, filter=replace(present.filter, folders=(place.path,)))
        if place.kind is PlaceKind.TAG:
            return replace(present, filter=replace(present.filter, tags=(place.name,)))
        if place.kind is PlaceKind.SAVED_SEARCH and place.name in self._saved:
            return search_of(self._saved[place.name].query)
        return Search(order=present.order)

    def place_of(self, search: Search) -> Place | None:
        """Return the place that shows this search, None if it is no one's."""
        for saved in self._saved.values():
            if search.query() == saved.query:
                return Place(PlaceKind.SAVED_SEARCH, saved.name)
        if len(search.filter.folders) == 1:
            path = search.filter.folders[0]
            return Place(PlaceKind.FOLDER, path.name or str(path), path)
        if len(search.filter.tags) == 1:
            return Place(PlaceKind.TAG, search.filter.tags[0])
        return Place(PlaceKind.EVERYTHING) if search.filter == NO_FILTER and not search.asks else None

    def _connect(self) -> None:
        client = self._client
        client.connected.connect(self._ask)
        client.folders_changed.connect(lambda: client.send(protocol.ListFolders))
        client.tags_changed.connect(lambda: client.send(protocol.ListTags))
        client.saved_searches_changed.connect(lambda: client.send(protocol.ListSavedSearches))
        client.folders_listed.connect(self._on_folders)
        client.tags_listed.connect(self._on_tags)
        client.saved_searches_listed.connect(self._on_saved)
        client.history_listed.connect(self._on_history)

    def _ask(self) -> None:
        for question in (protocol.ListFolders, protocol.ListTags, protocol.ListSavedSearches):
            self._client.send(question)
        self._client.send(protocol.ListHistory)

    def _on_folders(self, event: FoldersListed) -> None:
        self.folders = event.folders
        self._tree.show_folders(event.folders)
        self._tree.show_total(sum(node.count for node in event.folders))
        self.folders_known.emit(event.folders)

    def _on_tags(self, event: TagsListed) -> None:
        self.tags = tuple(tag.tag for tag in event.tags)
        self._tree.show_tags(event.tags)
        self.tags_known.emit(self.tags)

    def _on_saved(self, event: SavedSearchesListed) -> None:
        self._saved = {saved.name: saved for saved in event.searches}
        self._tree.show_saved(self._saved)

    def _on_history(self, event: HistoryListed) -> None:
        self.history = tuple(search_of(query) for query in event.queries)
        self.history_known.emit(self.history)
