"""The window: head, sidebar, pictures, inspector and foot. It lays out and shows; controllers act."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QWidget

from desktop.actions import ActionId, Actions, Group
from desktop.models.asset_list import AssetList
from desktop.models.search import LikePicture
from desktop.models.sidebar_tree import SidebarTree
from desktop.notifications import Notifications
from desktop.thumbnails import ThumbnailLoader
from desktop.views.asset_grid import AssetGrid
from desktop.views.batches.batches_page import BatchesPage
from desktop.views.compose.compose_page import ComposePage
from desktop.views.compose.tray_strip import TrayStrip
from desktop.views.drops import carries_something
from desktop.views.empty_state import EmptyState
from desktop.views.first_run import FirstRun
from desktop.views.inspector import Inspector
from desktop.views.parts import column, rule
from desktop.views.search_bar import SearchBar
from desktop.views.sidebar import Sidebar
from desktop.views.status_bar import StatusBar
from desktop.views.toast import Toast
from desktop.views.top_bar import TopBar
from engine.protocol import Role

USUAL_SIZE = (1280, 820)
SIDEBAR_PX = 216
INSPECTOR_PX = 280


class MainWindow(QMainWindow):
    """Everything the user looks at; built anew when the language changes."""

    carried = Signal(QMimeData)
    closed = Signal()

    def __init__(
        self,
        assets: AssetList,
        tree: SidebarTree,
        wells: Mapping[Role, AssetList],
        thumbnails: ThumbnailLoader,
        mark_of: Callable[[LikePicture], QPixmap],
        batches: BatchesPage,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Propmaster")
        self.setAcceptDrops(True)
        self.resize(*USUAL_SIZE)
        self.actions_table = Actions(self)
        self.search_bar = SearchBar(mark_of)
        self.top_bar = TopBar(self.actions_table, self.search_bar)
        self.sidebar = Sidebar(tree)
        self.grid = AssetGrid(assets, thumbnails)
        self.empty = EmptyState()
        self.compose = ComposePage(thumbnails)
        self.batches = batches
        self.tray = TrayStrip(wells, thumbnails)
        self.first_run = FirstRun()
        self.inspector = Inspector(thumbnails)
        self.status = StatusBar()
        self._whole = QStackedWidget()
        self._body = QWidget()
        self._pages = QStackedWidget()
        self._middle = QWidget()
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._place_actions()
        self.search_bar.carried.connect(self.carried)
        self.sidebar.carried.connect(self.carried)

    def listen_to(self, notifications: Notifications) -> None:
        """Show notices over the pictures."""
        Toast(notifications, self._whole)

    def show_page(self, page: QWidget) -> None:
        """Show one of the pages in the middle, or the welcome in place of everything."""
        if page is self.first_run:
            self._whole.setCurrentWidget(page)
        else:
            self._pages.setCurrentWidget(page)
            self._whole.setCurrentWidget(self._body)

    def keep_layout(self) -> tuple[str, str]:
        """Return geometry and pane widths as text."""
        return _text(self.saveGeometry()), _text(self._panes.saveState())

    def restore_layout(self, geometry: str, panes: str) -> None:
        """Take up geometry and pane widths again."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        if panes:
            self._panes.restoreState(QByteArray.fromBase64(panes.encode()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take folders and pictures, but not our own back."""
        if event.source() is None and carries_something(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand on what was dropped."""
        event.acceptProposedAction()
        self.carried.emit(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Tell that the user is done."""
        super().closeEvent(event)
        self.closed.emit()

    def _lay_out(self) -> None:
        for page in (self.grid, self.empty, self.compose, self.batches):
            self._pages.addWidget(page)
        middle = column(self._middle, 0)
        middle.addWidget(self._pages, 1)
        middle.addWidget(self.tray)
        for pane in (self.sidebar, self._middle, self.inspector):
            self._panes.addWidget(pane)
        self._panes.setHandleWidth(1)
        self._panes.setChildrenCollapsible(False)
        self._panes.setStretchFactor(1, 1)
        self._panes.setSizes([SIDEBAR_PX, USUAL_SIZE[0] - SIDEBAR_PX - INSPECTOR_PX, INSPECTOR_PX])
        stack = column(self._body, 0)
        stack.addWidget(self.top_bar)
        stack.addWidget(rule())
        stack.addWidget(self._panes, 1)
        stack.addWidget(rule())
        stack.addWidget(self.status)
        for whole in (self._body, self.first_run):
            self._whole.addWidget(whole)
        self.setCentralWidget(self._whole)

    def _place_actions(self) -> None:
        """Keys of pictures and cells work where these are, all others in the whole window."""
        places: dict[Group, QWidget] = {Group.PICTURES: self.grid, Group.CELLS: self.batches.matrix}
        for row, action in self.actions_table.rows():
            if row.group in places:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                places[row.group].addAction(action)
            else:
                self.addAction(action)
        actions = self.actions_table
        self.sidebar.add_tools(
            actions[ActionId.ADD_FOLDER],
            actions[ActionId.SAVE_SEARCH],
            actions[ActionId.DUPLICATES],
            actions[ActionId.SETTINGS],
        )


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode()
