"""The action table: what can be done, by which keys, and when. Menus, tool buttons and the shortcut sheet read it.

A new action is a row here and a handler in `desktop.picture_actions`, `desktop.batch_actions` or
`desktop.window_actions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence

from desktop.icons import icon

translate = QCoreApplication.translate


class ActionId(StrEnum):
    """Names of actions, stable for tests and settings."""

    FIND_SIMILAR = "find_similar"
    ADD_TO_SEARCH = "add_to_search"
    NOT_LIKE_THIS = "not_like_this"
    PREVIEW = "preview"
    OPEN = "open"
    OPEN_WITH = "open_with"
    REVEAL = "reveal"
    COPY_IMAGE = "copy_image"
    COPY_PATH = "copy_path"
    TAG = "tag"
    RATE_0 = "rate_0"
    RATE_1 = "rate_1"
    RATE_2 = "rate_2"
    RATE_3 = "rate_3"
    RATE_4 = "rate_4"
    RATE_5 = "rate_5"
    TRAY = "tray"
    TRAY_PERSON = "tray_person"
    TRAY_GARMENT = "tray_garment"
    TRAY_ACCESSORY = "tray_accessory"
    TRAY_PROP = "tray_prop"
    TRAY_SCENE = "tray_scene"
    TRAY_STYLE = "tray_style"
    UNTRAY = "untray"
    COMPOSE_WITH = "compose_with"
    NEVER_SEND = "never_send"
    RETRY = "retry"
    SEARCH = "search"
    BACK = "back"
    FORWARD = "forward"
    SAVE_SEARCH = "save_search"
    EVERYTHING = "everything"
    COMPOSE = "compose"
    BATCHES = "batches"
    COMPARE = "compare"
    PICK = "pick"
    REJECT = "reject"
    UNJUDGE = "unjudge"
    REDO = "redo"
    CANCEL_JOBS = "cancel_jobs"
    SHOW_RESULT = "show_result"
    OPEN_RESULT = "open_result"
    REVEAL_RESULT = "reveal_result"
    ADD_FOLDER = "add_folder"
    PAUSE = "pause"
    DUPLICATES = "duplicates"
    FAILED = "failed"
    LARGER = "larger"
    SMALLER = "smaller"
    TRAY_STRIP = "tray_strip"
    SIDEBAR = "sidebar"
    INSPECTOR = "inspector"
    SETTINGS = "settings"
    SHORTCUTS = "shortcuts"
    QUIT = "quit"


class Group(Enum):
    """Where an action stands in menus and on the shortcut sheet."""

    PICTURES = auto()
    SEARCHING = auto()
    COMPOSING = auto()
    CELLS = auto()
    LIBRARY = auto()
    WINDOW = auto()


class Needs(Enum):
    """What must be so for an action to be possible."""

    NOTHING = auto()
    SELECTION = auto()
    FAILED_SELECTION = auto()
    SEARCH = auto()
    PAST = auto()
    FUTURE = auto()


@dataclass(frozen=True, slots=True)
class Situation:
    """What the window shows just now, as far as actions depend on it."""

    selected: int = 0
    failed: int = 0
    searching: bool = False
    has_past: bool = False
    has_future: bool = False

    def meets(self, needs: Needs) -> bool:
        """Return whether an action with these needs is possible."""
        return {
            Needs.NOTHING: True,
            Needs.SELECTION: self.selected > 0,
            Needs.FAILED_SELECTION: self.failed > 0,
            Needs.SEARCH: self.searching,
            Needs.PAST: self.has_past,
            Needs.FUTURE: self.has_future,
        }[needs]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as data; in the language of the moment it was made."""

    id: ActionId
    text: str
    keys: str
    group: Group
    needs: Needs = Needs.NOTHING
    icon: str = ""


def _picture(action: ActionId, text: str, keys: str = "", icon_name: str = "") -> ActionRow:
    return ActionRow(action, text, keys, Group.PICTURES, Needs.SELECTION, icon_name)


def _into_tray() -> tuple[ActionRow, ...]:
    a = ActionId
    return (
        _picture(a.TRAY_PERSON, translate("Actions", "Tray: person"), "Alt+1", "role-person"),
        _picture(a.TRAY_GARMENT, translate("Actions", "Tray: garment"), "Alt+2", "role-garment"),
        _picture(a.TRAY_ACCESSORY, translate("Actions", "Tray: accessory"), "Alt+3", "role-accessory"),
        _picture(a.TRAY_PROP, translate("Actions", "Tray: prop"), "Alt+4", "role-prop"),
        _picture(a.TRAY_SCENE, translate("Actions", "Tray: scene"), "Alt+5", "role-scene"),
        _picture(a.TRAY_STYLE, translate("Actions", "Tray: style"), "Alt+6", "role-style"),
    )


def _cell(action: ActionId, text: str, keys: str, icon_name: str = "") -> ActionRow:
    return ActionRow(action, text, keys, Group.CELLS, icon=icon_name)


def action_rows() -> tuple[ActionRow, ...]:
    """Return the table in the present language."""
    a = ActionId
    return (
        _picture(a.FIND_SIMILAR, translate("Actions", "Find similar"), "Ctrl+Return", "similar"),
        _picture(a.ADD_TO_SEARCH, translate("Actions", "Add to search"), "Ctrl+Shift+Return", "plus"),
        _picture(a.NOT_LIKE_THIS, translate("Actions", "Not like this"), "Ctrl+-", "minus"),
        _picture(a.PREVIEW, translate("Actions", "Preview"), "Space", "preview"),
        _picture(a.OPEN, translate("Actions", "Open"), "Return", "open"),
        _picture(a.OPEN_WITH, translate("Actions", "Open with…"), "Ctrl+Shift+O"),
        _picture(a.REVEAL, translate("Actions", "Show in folder"), "Ctrl+R", "reveal"),
        _picture(a.COPY_IMAGE, translate("Actions", "Copy image"), "Ctrl+C", "copy"),
        _picture(a.COPY_PATH, translate("Actions", "Copy path"), "Ctrl+Shift+C"),
        _picture(a.TAG, translate("Actions", "Tag…"), "Ctrl+T", "tag"),
        _picture(a.RATE_0, translate("Actions", "No rating"), "Ctrl+0"),
        _picture(a.RATE_1, translate("Actions", "1 star"), "Ctrl+1"),
        _picture(a.RATE_2, translate("Actions", "2 stars"), "Ctrl+2"),
        _picture(a.RATE_3, translate("Actions", "3 stars"), "Ctrl+3"),
        _picture(a.RATE_4, translate("Actions", "4 stars"), "Ctrl+4"),
        _picture(a.RATE_5, translate("Actions", "5 stars"), "Ctrl+5"),
        _picture(a.TRAY, translate("Actions", "Add to tray"), "Ctrl+B", "tray"),
        *_into_tray(),
        _picture(a.COMPOSE_WITH, translate("Actions", "Compose with these"), "Ctrl+Shift+K", "compose"),
        _picture(a.UNTRAY, translate("Actions", "Take from tray"), "Ctrl+Shift+B"),
        _picture(a.NEVER_SEND, translate("Actions", "Never send"), "", "never-send"),
        ActionRow(
            a.RETRY,
            translate("Actions", "Read again"),
            "F5",
            Group.PICTURES,
            Needs.FAILED_SELECTION,
            "retry",
        ),
        ActionRow(a.SEARCH, translate("Actions", "Search"), "Ctrl+F", Group.SEARCHING, icon="search"),
        ActionRow(a.BACK, translate("Actions", "Back"), "Alt+Left", Group.SEARCHING, Needs.PAST, "back"),
        ActionRow(a.FORWARD, translate("Actions", "Forward"), "Alt+Right", Group.SEARCHING, Needs.FUTURE, "forward"),
        ActionRow(
            a.SAVE_SEARCH, translate("Actions", "Save search…"), "Ctrl+D", Group.SEARCHING, Needs.SEARCH, "saved"
        ),
        ActionRow(a.EVERYTHING, translate("Actions", "Show everything"), "Ctrl+E", Group.SEARCHING, icon="library"),
        ActionRow(a.COMPOSE, translate("Actions", "Compose"), "Ctrl+K", Group.COMPOSING, icon="compose"),
        ActionRow(a.BATCHES, translate("Actions", "Batches"), "Ctrl+J", Group.COMPOSING, icon="batches"),
        _cell(a.COMPARE, translate("Actions", "Compare with its references"), "C", "compare"),
        _cell(a.PICK, translate("Actions", "Pick"), "P", "picked"),
        _cell(a.REJECT, translate("Actions", "Reject"), "X", "rejected"),
        _cell(a.UNJUDGE, translate("Actions", "Neither pick nor reject"), "U"),
        _cell(a.REDO, translate("Actions", "Redo…"), "R", "retry"),
        _cell(a.CANCEL_JOBS, translate("Actions", "Cancel"), "Del", "minus"),
        _cell(a.SHOW_RESULT, translate("Actions", "Show in the library"), "L", "library"),
        _cell(a.OPEN_RESULT, translate("Actions", "Open picture"), "O", "open"),
        _cell(a.REVEAL_RESULT, translate("Actions", "Show picture in folder"), "F", "reveal"),
        ActionRow(a.ADD_FOLDER, translate("Actions", "Add folder…"), "Ctrl+O", Group.LIBRARY, icon="folder-add"),
        ActionRow(a.PAUSE, translate("Actions", "Pause or resume indexing"), "Ctrl+P", Group.LIBRARY),
        ActionRow(a.DUPLICATES, translate("Actions", "Duplicates…"), "Ctrl+Shift+D", Group.LIBRARY, icon="duplicates"),
        ActionRow(a.FAILED, translate("Actions", "Files without a picture…"), "", Group.LIBRARY, icon="alert"),
        ActionRow(a.LARGER, translate("Actions", "Larger thumbnails"), "Ctrl+]", Group.WINDOW),
        ActionRow(a.SMALLER, translate("Actions", "Smaller thumbnails"), "Ctrl+[", Group.WINDOW),
        ActionRow(a.TRAY_STRIP, translate("Actions", "Show the tray"), "Ctrl+Y", Group.WINDOW, icon="panel-bottom"),
        ActionRow(a.SIDEBAR, translate("Actions", "Sidebar"), "Ctrl+\\", Group.WINDOW, icon="panel-left"),
        ActionRow(a.INSPECTOR, translate("Actions", "Inspector"), "Ctrl+I", Group.WINDOW, icon="panel-right"),
        ActionRow(a.SETTINGS, translate("Actions", "Settings…"), "Ctrl+,", Group.WINDOW, icon="settings"),
        ActionRow(a.SHORTCUTS, translate("Actions", "Keyboard shortcuts"), "F1", Group.WINDOW, icon="keyboard"),
        ActionRow(a.QUIT, translate("Actions", "Quit"), "Ctrl+Q", Group.WINDOW),
    )


def group_titles() -> dict[Group, str]:
    """Return the headings of the groups in the present language."""
    return {
        Group.PICTURES: translate("Actions", "Pictures"),
        Group.SEARCHING: translate("Actions", "Searching"),
        Group.COMPOSING: translate("Actions", "Composing"),
        Group.CELLS: translate("Actions", "Pictures of a batch"),
        Group.LIBRARY: translate("Actions", "Library"),
        Group.WINDOW: translate("Actions", "Window"),
    }


class Actions:
    """The QActions of the table, made for one window."""

    def __init__(self, parent: QObject) -> None:
        self._rows = action_rows()
        self._actions = {row.id: _action(row, parent) for row in self._rows}

    def __getitem__(self, action: ActionId) -> QAction:
        return self._actions[action]

    def rows(self) -> list[tuple[ActionRow, QAction]]:
        """Return every row with its action, in the table's order."""
        return [(row, self._actions[row.id]) for row in self._rows]

    def fit(self, situation: Situation) -> None:
        """Enable what is possible now."""
        for row in self._rows:
            self._actions[row.id].setEnabled(situation.meets(row.needs))
        count = situation.selected
        several = translate("Actions", "Find similar to these %Ln", "", count)
        one = translate("Actions", "Find similar")
        self._actions[ActionId.FIND_SIMILAR].setText(several if count > 1 else one)


def _action(row: ActionRow, parent: QObject) -> QAction:
    action = QAction(row.text, parent)
    action.setObjectName(row.id)
    if row.icon:
        action.setIcon(icon(row.icon))
    action.setShortcut(QKeySequence(row.keys))
    if row.keys:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{row.text.removesuffix('…')}  ({keys})")
    return action
