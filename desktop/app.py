"""The only place where the objects of the window are made and wired; `main` runs it.

Nothing heavy is imported: no torch, no Milvus. The engine runs in a process of its own.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from desktop.batch_actions import BatchActions
from desktop.batches import Batches
from desktop.browsing import Browsing, mark_of
from desktop.choosing import Choosing
from desktop.compose_actions import ComposeActions
from desktop.composing import Composing
from desktop.consents import Consents
from desktop.desk import Desk
from desktop.engine_client import EngineClient
from desktop.engine_news import EngineNews
from desktop.engine_process import EngineProcess
from desktop.engine_state import EngineHealth
from desktop.hand_over import HandOver
from desktop.icons import application_icon
from desktop.inspection import Inspection
from desktop.models.asset_list import AssetList
from desktop.models.search import LikePicture, Search
from desktop.models.sidebar_tree import SidebarTree
from desktop.notifications import CrashLog, Notifications
from desktop.picture_actions import PictureActions
from desktop.pictures import PictureLoader
from desktop.places import Places
from desktop.planning import Planning
from desktop.selecting import Selecting
from desktop.session import Session
from desktop.settings import PreferenceStore
from desktop.single_instance import SingleInstance, hand_over
from desktop.theme import Theme
from desktop.thumbnails import ThumbnailLoader
from desktop.translation import Translation
from desktop.trash import TrashBin
from desktop.tray import TrayKeeper
from desktop.tray_actions import TrayActions
from desktop.views.batches.batches_page import BatchesPage
from desktop.views.main_window import MainWindow
from desktop.views.settings_dialog import SettingsDialog
from desktop.window_actions import WindowActions
from engine import protocol
from engine.protocol import FileTerm


class Propmaster(QObject):
    """The running application: a desk, and one window at a time."""

    def __init__(self, application: QApplication, home: Path, process: EngineProcess) -> None:
        super().__init__()
        self._preferences = PreferenceStore(home)
        self._theme = Theme(application)
        self._translation = Translation(application)
        self._language = self._preferences.current.language
        self._translation.speak(self._language)
        self._theme.choose(self._preferences.current.theme)
        self.desk = _desk(home, self._preferences, process)
        self.desk.client.connected.connect(lambda ready: self.desk.thumbnails.look_in(ready.thumbnails))
        self._preferences.changed.connect(self._on_preferences)
        self.window = self._new_window()

    def start(self) -> None:
        """Show the window and start the engine."""
        self.window.show()
        self.window.search_bar.take_focus()
        self.desk.process.start()

    def show_likes_of(self, similar: Path | None) -> None:
        """Come to the front, with what looks like a picture if one is given."""
        if similar is not None:
            self.desk.session.go(Search(pictures=(LikePicture(FileTerm(similar), similar.name),)))
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Take down the engine and every thread."""
        self._keep_layout()
        self.desk.process.stop()
        self.desk.client.close()
        desk = self.desk
        for worker in (desk.thumbnails, desk.pictures, desk.references, desk.hand_over, desk.trash):
            worker.close()
        self._translation.close()
        self.window.deleteLater()

    def _new_window(self) -> MainWindow:
        desk = self.desk
        window = MainWindow(
            desk.session.assets,
            desk.tree,
            desk.tray.wells,
            desk.thumbnails,
            lambda picture: mark_of(picture, desk.thumbnails),
            BatchesPage(desk.batches.list, desk.batches.matrix, desk.thumbnails),
        )
        window.listen_to(desk.notifications)
        wirings = (
            PictureActions,
            BatchActions,
            WindowActions,
            TrayActions,
            ComposeActions,
            Browsing,
            Selecting,
            EngineNews,
        )
        for wiring in wirings:
            wiring(desk, window)
        window.restore_layout(self._preferences.current.geometry, self._preferences.current.panes)
        window.closed.connect(self._keep_layout)
        return window

    def _on_preferences(self) -> None:
        self._theme.choose(self._preferences.current.theme)
        if self._preferences.current.language is not self._language:
            self._language = self._preferences.current.language
            self._speak()

    def _speak(self) -> None:
        """Build the window anew in another language; the desk keeps what it shows."""
        self._keep_layout()
        self._translation.speak(self._language)
        self.desk.tree.name_lines()
        former, self.window = self.window, self._new_window()
        self.window.show()
        self.window.grid.take_over(former.grid)
        if former.findChild(SettingsDialog) is not None:
            SettingsDialog(self.desk.client, self._preferences, self.window).show()
        former.closed.disconnect(self._keep_layout)
        former.close()
        former.deleteLater()

    def _keep_layout(self) -> None:
        geometry, panes = self.window.keep_layout()
        self._preferences.update(geometry=geometry, panes=panes)


def _desk(home: Path, preferences: PreferenceStore, process: EngineProcess) -> Desk:
    notifications = Notifications()
    client = EngineClient(home)
    tree = SidebarTree()
    choosing = Choosing(client, notifications)
    tray = TrayKeeper(client, choosing, tree, preferences)
    planning = Planning(client, preferences)
    return Desk(
        home=home,
        preferences=preferences,
        notifications=notifications,
        process=process,
        client=client,
        health=EngineHealth(process, client),
        session=Session(client, AssetList(), notifications),
        places=Places(client, tree),
        tree=tree,
        batches=Batches(client, tree, notifications, preferences),
        inspection=Inspection(client),
        thumbnails=ThumbnailLoader(),
        pictures=PictureLoader(client),
        references=PictureLoader(client),
        hand_over=HandOver(PictureLoader(client), notifications),
        trash=TrashBin(),
        choosing=choosing,
        tray=tray,
        consents=Consents(),
        planning=planning,
        composing=Composing(client, choosing, tray, planning, preferences),
    )


def main(home: Path, similar: Path | None = None) -> int:
    """Run the window until it is closed, or hand over to the one that is there; return the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # or Ctrl-C in a terminal would wait for the next event of Qt
    application = QApplication(sys.argv[:1])
    if hand_over(home, similar):
        return 0
    application.setApplicationName("Propmaster")
    application.setDesktopFileName("propmaster")
    application.setWindowIcon(application_icon())
    program, *arguments = protocol.engine_command(home)
    running = Propmaster(application, home, EngineProcess(program, arguments))
    instance = SingleInstance(home, application)
    instance.asked.connect(running.show_likes_of)
    with CrashLog(home, running.desk.notifications):
        running.start()
        if similar is not None:
            running.show_likes_of(similar)
        status = application.exec()
        instance.close()
        running.close()
    return status
