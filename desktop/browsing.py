"""Keeps one window in step with the session: what it shows follows, what the user searches for goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from desktop.desk import Desk
from desktop.models.page import Page
from desktop.models.search import LikePicture, Search
from desktop.models.sidebar_tree import Place, PlaceKind
from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.chip import blank_mark, mark_of_file, square_of
from desktop.views.drops import dropped, pasted_image
from desktop.views.main_window import MainWindow
from engine import protocol
from engine.protocol import FileTerm, FolderNode, Order

PASTED = "pasted"
PAGES = {PlaceKind.COMPOSE: Page.COMPOSE, PlaceKind.BATCHES: Page.BATCHES}
"""Places that are pages of their own, and no pictures."""


class Browsing(QObject):
    """Wires search bar, sidebar, drops and pages of one window."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._connect_window()
        self._connect_desk()
        self._count_failed(desk.places.folders or ())
        self._offer_tags(desk.places.tags)
        window.search_bar.offer_history(desk.places.history)
        self._show_search(desk.session.search)

    def take_in(self, mime: QMimeData) -> None:
        """Watch the folders, and search by the pictures, of a drop or paste."""
        found = dropped(mime)
        for folder in found.folders:
            self._desk.client.send(protocol.AddFolder, folder)
        pasted = None if found else pasted_image(mime, self._desk.home / PASTED)
        files = found.files if pasted is None else (pasted,)
        search = self._desk.session.search
        for file in files:
            search = search.with_picture(LikePicture(FileTerm(file), file.name))
        if files:
            self._desk.session.go(search)

    def go_to(self, place: Place) -> None:
        """Show what a line of the sidebar leads to."""
        if place.kind in PAGES:
            self._desk.session.turn_to(PAGES[place.kind])
        elif place.kind is PlaceKind.TRAY:
            self._desk.session.show_assets(self._desk.tray.tray.ids())
        else:
            self._desk.session.go(self._desk.places.search_for(place, self._desk.session.search))

    def _connect_window(self) -> None:
        window, session = self._window, self._desk.session
        window.search_bar.typed.connect(session.type)
        window.search_bar.changed.connect(session.go)
        window.search_bar.left_downwards.connect(self._enter_grid)
        window.carried.connect(self.take_in)
        window.top_bar.order_chosen.connect(self._order)
        window.sidebar.chosen.connect(self.go_to)
        window.inspector.colour_chosen.connect(self._find_colour)
        window.empty.pressed.connect(lambda: session.go(Search()))

    def _connect_desk(self) -> None:
        session, places = self._desk.session, self._desk.places
        session.search_shown.connect(self._show_search)
        session.outcome_shown.connect(self._show_page)
        session.page_turned.connect(self._turn)
        places.folders_known.connect(self._on_folders)
        places.tags_known.connect(self._offer_tags)
        places.history_known.connect(self._window.search_bar.offer_history)

    def _show_search(self, search: Search) -> None:
        self._window.search_bar.show_search(search)
        self._window.top_bar.show_order(search.order)
        self._turn()

    def _turn(self) -> None:
        session = self._desk.session
        page = next((Place(kind) for kind, page in PAGES.items() if page is session.page), None)
        self._window.sidebar.show_place(page or self._desk.places.place_of(session.search))
        self._show_page()

    def _show_page(self) -> None:
        self._window.show_page(self._fitting_page())

    def _fitting_page(self) -> QWidget:
        window, session, folders = self._window, self._desk.session, self._desk.places.folders
        if folders is not None and not folders:
            return window.first_run
        if session.page is not Page.PICTURES:
            return window.compose if session.page is Page.COMPOSE else window.batches
        if session.outcome.trouble:
            window.empty.say("alert", session.outcome.trouble, session.outcome.hint, self.tr("Show everything"))
            return window.empty
        if session.outcome.total or session.waits or folders is None:
            return window.grid
        self._say_why_empty(session.search)
        return window.empty

    def _say_why_empty(self, search: Search) -> None:
        if search.shows_everything:
            words = self.tr("Pictures appear here as soon as they are found. You can search while they are read.")
            self._window.empty.say("image", self.tr("Looking for pictures…"), words)
        else:
            words = self.tr("No picture meets all of the conditions. Take one away, or show everything.")
            self._window.empty.say("search", self.tr("Nothing found"), words, self.tr("Show everything"))

    def _on_folders(self, folders: Sequence[FolderNode]) -> None:
        self._count_failed(folders)
        self._show_page()

    def _count_failed(self, folders: Sequence[FolderNode]) -> None:
        self._window.status.show_failed(sum(node.watched.failed for node in folders if node.watched))

    def _offer_tags(self, tags: Sequence[str]) -> None:
        self._window.search_bar.offer_tags(tags)
        self._window.inspector.offer_tags(tags)

    def _order(self, order: Order) -> None:
        self._desk.session.go(replace(self._desk.session.search, order=order))

    def _find_colour(self, colour: str) -> None:
        search = self._desk.session.search
        self._desk.session.go(replace(search, filter=replace(search.filter, colour=colour)))

    def _enter_grid(self) -> None:
        self._window.grid.setFocus()
        if self._desk.session.assets.rowCount() and not self._window.grid.currentIndex().isValid():
            self._window.grid.go_to(0)


def mark_of(picture: LikePicture, thumbnails: ThumbnailLoader) -> QPixmap:
    """Return the small square that stands for a picture in the search bar."""
    found = thumbnails.find(picture.thumbnail, EDGES_PX[0]) if picture.thumbnail else None
    if found is not None:
        return square_of(found)
    return mark_of_file(picture.term.path) if isinstance(picture.term, FileTerm) else blank_mark()
