"""The line at the head of the window: back and forward, the search bar, the order, and the panels."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.actions import ActionId, Actions
from desktop.views.parts import action_tool, line, tool
from desktop.views.search_bar import SearchBar
from engine.protocol import Order, Sort


class TopBar(QWidget):
    """Holds the search bar between tools."""

    order_chosen = Signal(object)

    def __init__(self, actions: Actions, search_bar: SearchBar) -> None:
        super().__init__()
        self._order = Order()
        self._sort = tool("sort", self.tr("Order"))
        self._sort.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._sort)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self._sort.setMenu(menu)
        row = line(self, 4, (10, 9, 10, 9))
        row.addWidget(action_tool(actions[ActionId.SIDEBAR]))
        row.addWidget(action_tool(actions[ActionId.BACK]))
        row.addWidget(action_tool(actions[ActionId.FORWARD]))
        row.addSpacing(6)
        row.addWidget(search_bar, 1)
        row.addSpacing(6)
        row.addWidget(self._sort)
        row.addWidget(action_tool(actions[ActionId.TRAY_STRIP]))
        row.addWidget(action_tool(actions[ActionId.INSPECTOR]))

    def show_order(self, order: Order) -> None:
        """Check this order when the menu is opened next."""
        self._order = order

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        group = QActionGroup(menu)
        for sort, text in self._sorts():
            action = group.addAction(text)
            action.setCheckable(True)
            action.setChecked(sort is self._order.by)
            action.triggered.connect(lambda _=False, sort=sort: self._choose(replace(self._order, by=sort)))
            menu.addAction(action)
        menu.addSeparator()
        turned = menu.addAction(self.tr("Reverse"))
        turned.setCheckable(True)
        turned.setChecked(self._order.descending)
        turned.triggered.connect(lambda on: self._choose(replace(self._order, descending=on)))

    def _sorts(self) -> list[tuple[Sort, str]]:
        return [
            (Sort.RELEVANCE, self.tr("By relevance")),
            (Sort.NAME, self.tr("By name")),
            (Sort.DATE, self.tr("By date")),
            (Sort.SIZE, self.tr("By size")),
            (Sort.COLOUR, self.tr("By colour")),
        ]

    def _choose(self, order: Order) -> None:
        self._order = order
        self.order_chosen.emit(order)
