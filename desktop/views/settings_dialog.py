"""The settings: looks, folders, what searches, what makes pictures and may cost, where data lies, the version."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QStackedWidget, QWidget

from desktop.engine_client import EngineClient
from desktop.settings import PreferenceStore
from desktop.views.parts import Role, column, label, line
from desktop.views.settings_about import AboutPage
from desktop.views.settings_engine import EnginePage
from desktop.views.settings_folders import FoldersPage
from desktop.views.settings_generators import GeneratorsPage
from desktop.views.settings_look import LookPage
from desktop.views.settings_models import ModelsPage
from desktop.views.settings_pages import SettingsPage
from desktop.views.settings_quality import QualityPage
from desktop.views.settings_spending import SpendingPage

USUAL_SIZE = (900, 640)
LIST_PX = 170


class SettingsDialog(QDialog):
    """Pages beside their names; what is changed holds at once."""

    def __init__(
        self,
        client: EngineClient,
        preferences: PreferenceStore,
        parent: QWidget,
        page: SettingsPage = SettingsPage.APPEARANCE,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*USUAL_SIZE)
        self._names = QListWidget()
        self._names.setObjectName("pages")
        self._names.setFixedWidth(LIST_PX)
        self._names.setAccessibleName(self.tr("Pages"))
        self._pages = QStackedWidget()
        self._order: list[SettingsPage] = []
        self._lay_out()
        self._add(SettingsPage.APPEARANCE, self.tr("Appearance"), LookPage(preferences))
        self._add(SettingsPage.FOLDERS, self.tr("Folders"), FoldersPage(client))
        self._add(SettingsPage.SEARCH, self.tr("Search"), ModelsPage(client))
        self._add(SettingsPage.QUALITY, self.tr("Quality"), QualityPage(client))
        self._add(SettingsPage.GENERATORS, self.tr("Generators"), GeneratorsPage(client, preferences))
        self._add(SettingsPage.SPENDING, self.tr("Spending"), SpendingPage(client, preferences))
        self._add(SettingsPage.STORAGE, self.tr("Storage"), EnginePage(client))
        self._add(SettingsPage.ABOUT, self.tr("About"), AboutPage(client))
        self._names.currentRowChanged.connect(self._pages.setCurrentIndex)
        self.show_page(page)

    def show_page(self, page: SettingsPage) -> None:
        """Turn to a page."""
        self._names.setCurrentRow(self._order.index(page))

    def _lay_out(self) -> None:
        whole: QHBoxLayout = line(self, 0)
        whole.addWidget(self._names)
        whole.addWidget(self._pages, 1)

    def _add(self, page_name: SettingsPage, name: str, page: QWidget) -> None:
        framed = QWidget()
        stack = column(framed, 14, (28, 24, 28, 24))
        stack.addWidget(label(name, Role.HEADING))
        stack.addWidget(page, 1)
        self._pages.addWidget(framed)
        self._names.addItem(name)
        self._order.append(page_name)
