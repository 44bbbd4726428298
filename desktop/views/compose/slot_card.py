"""One slot of a composition: its role and words, and the pictures that may stand for it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QIcon, QPixmap, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from desktop.icons import icon
from desktop.models.asset_list import AssetList
from desktop.models.composition import Slot, Way
from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.compose.drop_frame import DropFrame
from desktop.views.compose.outside_files import OutsideFiles
from desktop.views.compose.role_words import role_icon, role_word
from desktop.views.compose.thumbnail_list import ThumbnailList
from desktop.views.parts import Role as Look
from desktop.views.parts import column, label, line, paragraph, tool
from engine.protocol import AssetRow, Role

EDGE_PX = 84
STRIP_PX = 98
LINES_PX = 74
ROLE_PX = 128
TRAY_SHOWN = 40
"""Pictures that the menu of the tray offers at most."""


class SlotCard(DropFrame):
    """Shows one Slot; emits what the user wants of it."""

    worded = Signal(int, str)
    entered = Signal(int)
    recast = Signal(int, object)
    spread = Signal(int, bool)
    chosen = Signal(int, object)
    offered = Signal(int, object)
    dropped = Signal(int, object, QMimeData)
    file_taken = Signal(int, object)
    more_wanted = Signal(int)
    removed = Signal(int)
    tray_wanted = Signal(int)

    def __init__(self, slot: Slot, way: Way, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.setObjectName("slot")
        self.key = slot.key
        self._way = way
        self._thumbnails = thumbnails
        self._assets = AssetList(self)
        self._showing = False
        self._slot: Slot | None = None
        self.role = _role_box()
        self.role.setAccessibleName(self.tr("Role"))
        self.words = QPlainTextEdit() if way is Way.SCENE and slot.role is Role.SCENE else QLineEdit()
        self.pictures = ThumbnailList(self._assets, thumbnails, EDGE_PX)
        self.mode = _StillBox()
        self.more = tool("plus", self.tr("Show more candidates"))
        self._search = tool("search", self.tr("Look in the library for these words"))
        self._tray = tool("tray", self.tr("Take a picture from the tray"))
        self._remove = tool("close", self.tr("Remove this part"))
        self._note = paragraph(role=Look.MUTED)
        self._said = label(role=Look.MUTED)
        self._stack = QStackedLayout()
        self.files = OutsideFiles(thumbnails)
        self._lay_out()
        self._connect()
        self.show_slot(slot)

    def show_slot(self, slot: Slot) -> None:
        """Show what the slot has become."""
        if slot == self._slot:
            return
        self._slot = slot
        self._showing = True
        self.role.setCurrentIndex(list(Role).index(slot.role))
        if self._text() != slot.text:
            self._write(slot.text)
        if self._assets.rows() != list(slot.candidates):
            self._assets.show_anew(len(slot.candidates), slot.candidates, {})
        self._select(slot)
        self.files.show_files(slot.files)
        self.mode.setCurrentIndex(0 if slot.in_turn else 1)
        self.mode.setVisible(len(slot.pictures) > 1)
        self.more.setVisible(bool(slot.asked) and len(slot.candidates) >= slot.asked)
        self._say(slot)
        self._showing = False

    def show_tray(self, rows: list[AssetRow]) -> None:
        """Offer pictures of the tray in a menu."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for row in rows[:TRAY_SHOWN]:
            pixmap = self._thumbnails.find(row.thumbnail, EDGES_PX[0]) or QPixmap()
            action = menu.addAction(QIcon(pixmap), row.path.name)
            action.triggered.connect(lambda _=False, row=row: self.offered.emit(self.key, (row.id,)))
        if not rows:
            menu.addAction(self.tr("The tray is empty: lay pictures there with Ctrl+B")).setEnabled(False)
        menu.popup(self._tray.mapToGlobal(self._tray.rect().bottomLeft()))

    def take_drop(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        self.dropped.emit(self.key, event.source(), event.mimeData())

    def _lay_out(self) -> None:
        self.words.setAccessibleName(self.tr("Words of this part"))
        self.words.setPlaceholderText(self._placeholder())
        if isinstance(self.words, QPlainTextEdit):
            self.words.setFixedHeight(LINES_PX)
            self.words.setTabChangesFocus(True)
        self.role.setFixedWidth(ROLE_PX)
        self._said.setFixedHeight(self.role.sizeHint().height())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.mode.addItems([self.tr("each in turn"), self.tr("all together")])
        self.mode.setAccessibleName(self.tr("How several pictures are used"))
        self.pictures.setAccessibleName(self.tr("Candidates"))
        self.pictures.setWrapping(False)
        self.pictures.setFlow(QListView.Flow.LeftToRight)
        self.pictures.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.pictures.setDragEnabled(False)
        self.pictures.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._note.setContentsMargins(2, 0, 2, 6)
        for widget in (self._note, self.pictures):
            self._stack.addWidget(widget)
        self.more.setIconSize(QSize(18, 18))
        whole = column(self, 6, (12, 9, 8, 6))
        whole.addLayout(self._head())
        whole.addWidget(self.files)
        strip = line(spacing=4)
        framed = QWidget()
        framed.setFixedHeight(STRIP_PX)
        framed.setLayout(self._stack)
        strip.addWidget(framed, 1)
        strip.addWidget(self.more)
        whole.addLayout(strip)

    def _head(self) -> QHBoxLayout:
        head = line(spacing=6)
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(self.role, alignment=top)
        head.addWidget(self.words, 1)
        head.addWidget(self._said, alignment=top)
        head.addWidget(self.mode, alignment=top)
        for one in (self._search, self._tray, self._remove):
            head.addWidget(one, alignment=top)
        return head

    def _connect(self) -> None:
        key = self.key
        self.role.activated.connect(lambda at: self.recast.emit(key, list(Role)[at]))
        self.words.textChanged.connect(self._on_words)
        if isinstance(self.words, QLineEdit):
            self.words.returnPressed.connect(lambda: self.entered.emit(key))
        self.mode.activated.connect(lambda at: self.spread.emit(key, at == 0))
        self.pictures.selectionModel().selectionChanged.connect(self._on_selected)
        self.more.clicked.connect(lambda: self.more_wanted.emit(key))
        self.files.taken.connect(lambda file: self.file_taken.emit(key, file))
        self._search.clicked.connect(lambda: self.entered.emit(key))
        self._tray.clicked.connect(lambda: self.tray_wanted.emit(key))
        self._remove.clicked.connect(lambda: self.removed.emit(key))

    def _text(self) -> str:
        return self.words.toPlainText() if isinstance(self.words, QPlainTextEdit) else self.words.text()

    def _write(self, text: str) -> None:
        if isinstance(self.words, QPlainTextEdit):
            self.words.setPlainText(text)
        else:
            self.words.setText(text)

    def _on_words(self) -> None:
        if not self._showing:
            self.worded.emit(self.key, self._text())

    def _on_selected(self) -> None:
        if not self._showing:
            self.chosen.emit(self.key, tuple(row.id for row in self.pictures.selected_rows()))

    def _select(self, slot: Slot) -> None:
        if [row.id for row in self.pictures.selected_rows()] == [row.id for row in slot.rows]:
            return
        chosen = set(slot.chosen)
        selection = QItemSelection()
        for at, row in enumerate(slot.candidates):
            if row.id in chosen:
                index = self._assets.index(at)
                selection.select(index, index)
        self.pictures.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _say(self, slot: Slot) -> None:
        count = len(slot.pictures)
        words = self.tr("searching…") if slot.waits else self.tr("in words") if not count and slot.lines else ""
        self._said.setText(self.tr("%Ln chosen", "", count) if count else words)
        self._stack.setCurrentWidget(self.pictures if slot.candidates else self._note)
        self._note.setText(slot.trouble or self._empty_words(slot))
        self.setAccessibleName(f"{role_word(slot.role)} {slot.text}".strip())

    def _empty_words(self, slot: Slot) -> str:
        if slot.waits:
            return self.tr("Looking in the library…")
        if slot.asked:
            return self.tr("The library has nothing for these words. Change them, or drop a picture here.")
        return self.tr("Drop pictures here, take some from the tray, or write words and press Return.")

    def _placeholder(self) -> str:
        if isinstance(self.words, QPlainTextEdit):
            return self.tr("Scenes in words, one a line: on a beach at dusk")
        return self.tr("What it is, in words")


class _StillBox(QComboBox):
    """A box that the wheel does not change: it scrolls the page that the box is on."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the page."""
        event.ignore()


def _role_box() -> QComboBox:
    box = _StillBox()
    for role in Role:
        box.addItem(icon(role_icon(role)), role_word(role))
    return box
