"""The search bar: words as they are typed, pictures and filters as chips, history and saved searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QToolButton, QWidget

from desktop.icons import quiet_icon
from desktop.models.search import LikePicture, Search
from desktop.views.chip import Chip, PictureChip, swatch
from desktop.views.drops import carries_something
from desktop.views.filter_menu import FilterMenu
from desktop.views.filter_words import Condition, conditions_of, words_of
from desktop.views.parts import line, tool
from desktop.views.search_field import SearchField

HISTORY_SHOWN = 12
FIELD_HEIGHT_PX = 38


class SearchBar(QWidget):
    """Shows one Search and emits the next: `typed` while the user is typing, `changed` for a step of its own."""

    typed = Signal(object)
    changed = Signal(object)
    carried = Signal(QMimeData)
    left_downwards = Signal()

    def __init__(self, mark_of: Callable[[LikePicture], QPixmap]) -> None:
        super().__init__()
        self._mark_of = mark_of
        self._search = Search()
        self._recent: tuple[Search, ...] = ()
        self._frame = QFrame()
        self._frame.setObjectName("searchField")
        self._frame.setFixedHeight(FIELD_HEIGHT_PX)
        self._chips = line(spacing=4)
        self.field = SearchField()
        self._filter_menu = FilterMenu(self)
        self._clear = tool("close", self.tr("Clear the search"))
        self._filter = tool("filter", self.tr("Filters"))
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.show_search(self._search)

    def show_search(self, search: Search) -> None:
        """Show a search, without telling of it."""
        self._search = search
        if self.field.text() != search.text:
            self.field.setText(search.text)
        self._filter_menu.show_filter(search.filter)
        self._clear.setVisible(not search.shows_everything)
        self._show_chips()

    def offer_tags(self, tags: Iterable[str]) -> None:
        """Offer these tags as filters."""
        self._filter_menu.offer_tags(tags)

    def offer_history(self, recent: tuple[Search, ...]) -> None:
        """Offer these searches again."""
        self._recent = recent

    def take_focus(self) -> None:
        """Let the user type a new search."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take pictures and folders."""
        if carries_something(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand on what was dropped."""
        event.acceptProposedAction()
        self.carried.emit(event.mimeData())

    def _lay_out(self) -> None:
        glass = QLabel()
        glass.setPixmap(quiet_icon("search").pixmap(18, 18))
        inside = line(self._frame, 6, (11, 0, 5, 0))
        inside.addWidget(glass)
        inside.addLayout(self._chips)
        inside.addWidget(self.field, 1)
        inside.addWidget(self._clear)
        inside.addWidget(self._filter)
        line(self).addWidget(self._frame)
        self.field.setPlaceholderText(self.tr("Search by what pictures show"))
        self._filter.setMenu(self._filter_menu)
        self._filter.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _connect(self) -> None:
        self.field.typed.connect(self._type)
        self.field.entered.connect(lambda text: self._change(replace(self._search, text=text)))
        self.field.pasted.connect(self.carried)
        self.field.history_wanted.connect(self._open_history)
        self.field.left_downwards.connect(self.left_downwards)
        self.field.emptied_backwards.connect(self._drop_last)
        self.field.focus_moved.connect(self._on_focus)
        self._clear.clicked.connect(lambda: self._change(Search()))
        self._filter_menu.chosen.connect(lambda chosen: self._change(replace(self._search, filter=chosen)))

    def _type(self, text: str) -> None:
        search = replace(self._search, text=text)
        if search != self._search:
            self.show_search(search)
            self.typed.emit(search)

    def _change(self, search: Search) -> None:
        self.show_search(search)
        self.changed.emit(search)

    def _show_chips(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for picture in self._search.pictures:
            self._chips.addWidget(self._picture_chip(picture))
        for condition in conditions_of(self._search.filter):
            self._chips.addWidget(self._condition_chip(condition))

    def _picture_chip(self, picture: LikePicture) -> Chip:
        chip = PictureChip(picture, self._mark_of(picture))
        chip.removed.connect(lambda: self._change(self._search.without_picture(picture)))
        chip.weighed.connect(lambda weight: self._weigh(picture, weight))
        return chip

    def _weigh(self, picture: LikePicture, weight: float) -> None:
        if weight != picture.term.weight:
            self._change(self._search.with_picture(picture.weighing(weight)))

    def _condition_chip(self, condition: Condition) -> Chip:
        chip = Chip(condition.words, swatch(condition.colour) if condition.colour else None)
        chip.removed.connect(lambda: self._change(replace(self._search, filter=condition.without)))
        return chip

    def _drop_last(self) -> None:
        """Take away the chip before the cursor."""
        conditions = conditions_of(self._search.filter)
        if conditions:
            self._change(replace(self._search, filter=conditions[-1].without))
        elif self._search.pictures:
            self._change(self._search.without_picture(self._search.pictures[-1]))

    def _open_history(self) -> None:
        if not self._recent:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for search in self._recent[:HISTORY_SHOWN]:
            action = menu.addAction(quiet_icon("history"), words_of(search))
            action.triggered.connect(lambda _=False, search=search: self._change(search))
        menu.popup(self._frame.mapToGlobal(QPoint(0, self._frame.height() + 4)))

    def _on_focus(self, focused: bool) -> None:
        self._frame.setProperty("focused", focused)
        self._frame.style().polish(self._frame)
