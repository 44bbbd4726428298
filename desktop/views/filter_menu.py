"""The menu of filters beside the search field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup, QColor
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from desktop.icons import icon
from desktop.models.search import NO_FILTERS, Filters, Shape
from desktop.views import filter_words as words
from desktop.views.colour_wheel import ColourPicker

Choice = tuple[str, Filters]


class FilterMenu(QMenu):
    """Offers every condition; what holds is checked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._filters = NO_FILTERS
        self._tags: tuple[str, ...] = ()
        self.aboutToShow.connect(self._fill)

    def show_filters(self, filters: Filters) -> None:
        """Check these conditions when the menu is opened next."""
        self._filters = filters

    def offer_tags(self, tags: Iterable[str]) -> None:
        """Offer these tags when the menu is opened next."""
        self._tags = tuple(tags)

    def _fill(self) -> None:
        self.clear()
        now = self._filters
        self._add_formats()
        self._add(self.tr("Size"), [(words.edge_words(px), replace(now, min_edge=px)) for px in words.MIN_EDGES_PX])
        self._add(self.tr("Shape"), [(words.shape_words(one), replace(now, shape=one)) for one in Shape])
        self._add(self.tr("Transparency"), [(words.alpha_words(one), replace(now, alpha=one)) for one in (True, False)])
        self._add_colour()
        self._add(self.tr("Changed"), [(words.days_words(days), replace(now, days=days)) for days in words.DAYS])
        self._add(self.tr("Rating"), [(words.rating_words(one), replace(now, min_rating=one)) for one in words.RATINGS])
        self._add(self.tr("Tag"), [(tag, replace(now, tag=tag)) for tag in self._tags])
        self.addSeparator()
        none = self.addAction(self.tr("No filters"))
        none.setEnabled(now != NO_FILTERS)
        none.triggered.connect(lambda: self.chosen.emit(NO_FILTERS))

    def _add(self, title: str, choices: list[Choice]) -> None:
        menu = self.addMenu(title)
        menu.setEnabled(bool(choices))
        group = QActionGroup(menu)
        for text, filters in choices:
            action = group.addAction(text)
            action.setCheckable(True)
            action.setChecked(filters == self._filters)
            action.triggered.connect(lambda _=False, filters=filters: self.chosen.emit(filters))
            menu.addAction(action)

    def _add_formats(self) -> None:
        menu = self.addMenu(self.tr("Format"))
        for name in words.FORMATS:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name in self._filters.formats)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(_toggled(self._filters, name)))

    def _add_colour(self) -> None:
        menu = self.addMenu(icon("colour"), self.tr("Colour"))
        picker = ColourPicker()
        picker.picked.connect(self._on_colour)
        action = QWidgetAction(menu)
        action.setDefaultWidget(picker)
        menu.addAction(action)

    def _on_colour(self, colour: QColor) -> None:
        self.close()
        self.chosen.emit(replace(self._filters, colour=colour.name()))


def _toggled(filters: Filters, name: str) -> Filters:
    kept = tuple(one for one in filters.formats if one != name)
    return replace(filters, formats=kept if name in filters.formats else (*kept, name))
