"""What is done with the library and the window: one small method for each action of the table's other groups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu

from desktop.actions import ActionId
from desktop.desk import Desk
from desktop.models.page import Page
from desktop.models.search import Search
from desktop.models.sidebar_tree import Place, PlaceKind
from desktop.notifications import Offer
from desktop.resources import resource
from desktop.views.asset_grid import EDGE_STEP_PX
from desktop.views.duplicates import DuplicatesDialog
from desktop.views.filter_words import words_of
from desktop.views.main_window import MainWindow
from desktop.views.settings_dialog import SettingsDialog
from desktop.views.shortcut_sheet import ShortcutSheet
from engine import protocol
from engine.protocol import Activity, Filter, Subset

SAMPLE_LIBRARY = "sample_library"


class WindowActions(QObject):
    """Acts for one window."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._connect()

    def search(self) -> None:
        """Let the user type a search."""
        self._window.search_bar.take_focus()

    def show_everything(self) -> None:
        """Show the whole library."""
        self._desk.session.go(Search(order=self._desk.session.search.order))

    def save_search(self) -> None:
        """Ask for a name and keep the present search under it."""
        search = self._desk.session.search
        name, accepted = QInputDialog.getText(
            self._window, self.tr("Save search"), self.tr("Name"), text=words_of(search)
        )
        if accepted and name.strip():
            self._desk.client.send(protocol.SaveSearch, name.strip(), search.query())

    def compose(self) -> None:
        """Turn to the page where a composition is put together."""
        self._desk.session.turn_to(Page.COMPOSE)
        self._window.compose.take_focus()

    def show_batches(self) -> None:
        """Turn to the batches."""
        self._desk.session.turn_to(Page.BATCHES)

    def choose_folder(self) -> None:
        """Ask for a folder and watch it."""
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Add folder"))
        if chosen:
            self.add_folder(Path(chosen))

    def add_folder(self, path: Path) -> None:
        """Watch a folder."""
        self._desk.client.send(protocol.AddFolder, path)
        self._desk.notifications.news(self.tr("{0} is being read. You can search meanwhile.").format(path.name))

    def add_sample(self) -> None:
        """Watch the bundled sample library."""
        self.add_folder(resource(SAMPLE_LIBRARY))

    def pause(self) -> None:
        """Pause indexing, or resume it."""
        paused = self._desk.health.indexing.activity is Activity.PAUSED
        self._desk.client.send(protocol.ResumeIndexing if paused else protocol.PauseIndexing)

    def show_failed(self) -> None:
        """Show the files that gave no picture."""
        self._desk.session.go(Search(filter=Filter(subset=Subset.FAILED)))

    def show_duplicates(self) -> None:
        """Open the duplicates."""
        DuplicatesDialog(self._desk.client, self._desk.thumbnails, self._desk.trash, self._window).show()

    def show_settings(self) -> None:
        """Open the settings."""
        SettingsDialog(self._desk.client, self._desk.preferences, self._window).show()

    def show_shortcuts(self) -> None:
        """Open the sheet of shortcuts."""
        ShortcutSheet(self._window).show()

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self._desk.preferences.update(sidebar_shown=not self._desk.preferences.current.sidebar_shown)

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self._desk.preferences.update(inspector_shown=not self._desk.preferences.current.inspector_shown)

    def larger(self) -> None:
        """Show pictures larger."""
        self._window.grid.set_edge(self._window.grid.edge_px + EDGE_STEP_PX)

    def smaller(self) -> None:
        """Show pictures smaller."""
        self._window.grid.set_edge(self._window.grid.edge_px - EDGE_STEP_PX)

    def open_place_menu(self, place: Place, at: QPoint) -> None:
        """Open the menu of a line of the sidebar."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        if place.kind is PlaceKind.FOLDER and place.path is not None:
            self._fill_folder_menu(menu, place, place.path)
        elif place.kind is PlaceKind.SAVED_SEARCH:
            forget = menu.addAction(self.tr("Forget this search"))
            forget.triggered.connect(lambda: self._desk.client.send(protocol.ForgetSavedSearch, place.name))
        if menu.actions():
            menu.popup(at)

    def _fill_folder_menu(self, menu: QMenu, place: Place, path: Path) -> None:
        reveal = menu.addAction(self.tr("Show in file manager"))
        reveal.triggered.connect(lambda: self._desk.hand_over.open([path]))
        if place.watched:
            send = self._desk.client.send
            menu.addAction(self.tr("Look for changes now")).triggered.connect(lambda: send(protocol.RescanFolders))
            menu.addSeparator()
            menu.addAction(self.tr("Stop watching")).triggered.connect(lambda: self._remove_folder(path))

    def _remove_folder(self, path: Path) -> None:
        send = self._desk.client.send
        send(protocol.RemoveFolder, path)
        undo = Offer(self.tr("Undo"), lambda: send(protocol.AddFolder, path))
        text = self.tr("{0} is no longer watched; its files stay where they are.").format(path.name)
        self._desk.notifications.news(text, undo)

    def _connect(self) -> None:
        for action, act in self._deeds().items():
            self._window.actions_table[action].triggered.connect(act)
        window = self._window
        window.first_run.folder_wanted.connect(self.choose_folder)
        window.first_run.sample_chosen.connect(self.add_sample)
        window.sidebar.menu_wanted.connect(self.open_place_menu)
        window.status.pause_pressed.connect(self.pause)
        window.status.failed_pressed.connect(self.show_failed)
        window.status.restart_pressed.connect(self._desk.process.start_now)

    def _deeds(self) -> dict[ActionId, Callable[[], object]]:
        return {
            ActionId.SEARCH: self.search,
            ActionId.BACK: self._desk.session.back,
            ActionId.FORWARD: self._desk.session.forward,
            ActionId.SAVE_SEARCH: self.save_search,
            ActionId.EVERYTHING: self.show_everything,
            ActionId.COMPOSE: self.compose,
            ActionId.BATCHES: self.show_batches,
            ActionId.ADD_FOLDER: self.choose_folder,
            ActionId.PAUSE: self.pause,
            ActionId.DUPLICATES: self.show_duplicates,
            ActionId.FAILED: self.show_failed,
            ActionId.LARGER: self.larger,
            ActionId.SMALLER: self.smaller,
            ActionId.SIDEBAR: self.toggle_sidebar,
            ActionId.INSPECTOR: self.toggle_inspector,
            ActionId.SETTINGS: self.show_settings,
            ActionId.SHORTCUTS: self.show_shortcuts,
            ActionId.QUIT: QApplication.quit,
        }
