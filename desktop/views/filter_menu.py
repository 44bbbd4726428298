"""The menu of filters beside the search field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup, QColor
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from desktop.icons import icon
from desktop.models.search import NO_FILTER
from desktop.views import filter_words as words
from desktop.views.colour_wheel import ColourPicker
from engine.protocol import Filter

Choice = tuple[str, Filter]


class FilterMenu(QMenu):
    """Offers every condition; what holds is checked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._filter = NO_FILTER
        self._tags: tuple[str, ...] = ()
        self.aboutToShow.connect(self._fill)

    def show_filter(self, now: Filter) -> None:
        """Check these conditions when the menu is opened next."""
        self._filter = now

    def offer_tags(self, tags: Iterable[str]) -> None:
        """Offer these tags when the menu is opened next."""
        self._tags = tuple(tags)

    def _fill(self) -> None:
        self.clear()
        now = self._filter
        self._add_formats()
        self._add(self.tr("Size"), [(words.edge_words(px), replace(now, min_edge=px)) for px in words.MIN_EDGES_PX])
        self._add(self.tr("Shape"), [(words.shape_words(one), replace(now, aspect=one)) for one in words.SHAPES])
        self._add(self.tr("Transparency"), [(words.alpha_words(one), replace(now, alpha=one)) for one in (True, False)])
        self._add_colour()
        self._add(self.tr("Changed"), [(words.span_words(one), replace(now, since=one)) for one in words.SPANS])
        self._add(self.tr("Rating"), [(words.rating_words(one), replace(now, min_rating=one)) for one in words.RATINGS])
        self._add(self.tr("Tag"), [(tag, replace(now, tags=(tag,))) for tag in self._tags])
        self.addSeparator()
        none = self.addAction(self.tr("No filters"))
        none.setEnabled(now != NO_FILTER)
        none.triggered.connect(lambda: self.chosen.emit(NO_FILTER))

    def _add(self, title: str, choices: list[Choice]) -> None:
        menu = self.addMenu(title)
        menu.setEnabled(bool(choices))
        group = QActionGroup(menu)
        for text, choice in choices:
            action = group.addAction(text)
            action.setCheckable(True)
            action.setChecked(choice == self._filter)
            action.triggered.connect(lambda _=False, choice=choice: self.chosen.emit(choice))
            menu.addAction(action)

    def _add_formats(self) -> None:
        menu = self.addMenu(self.tr("Format"))
        for name in words.FORMATS:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name in self._filter.formats)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(_toggled(self._filter, name)))

    def _add_colour(self) -> None:
        menu = self.addMenu(icon("colour"), self.tr("Colour"))
        picker = ColourPicker()
        picker.picked.connect(self._on_colour)
        action = QWidgetAction(menu)
        action.setDefaultWidget(picker)
        menu.addAction(action)

    def _on_colour(self, colour: QColor) -> None:
        self.close()
        self.chosen.emit(replace(self._filter, colour=colour.name()))


def _toggled(now: Filter, name: str) -> Filter:
    kept = tuple(one for one in now.formats if one != name)
    return replace(now, formats=kept if name in now.formats else (*kept, name))
