"""Which language the window speaks: loads Qt's and our own translations, and changes them while the window is open.

Owned by `desktop.app`, which builds the views anew after a change: their models keep what is shown.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from desktop.resources import resource
from desktop.settings import Language


class Translation(QObject):
    """Installs the translators of one language at a time."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self._application = application
        self._installed: list[QTranslator] = []

    def speak(self, choice: Language) -> None:
        """Translate everything that is shown from now on."""
        self.close()
        locale = _locale(choice)
        QLocale.setDefault(locale)
        self._installed = [
            translator
            for directory, name in (
                (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), "qtbase"),
                (str(resource("translations")), "propmaster"),
            )
            if (translator := self._installed_translator(locale, name, directory)) is not None
        ]

    def close(self) -> None:
        """Translate nothing any more."""
        for former in self._installed:
            self._application.removeTranslator(former)
        self._installed = []

    def _installed_translator(self, locale: QLocale, name: str, directory: str) -> QTranslator | None:
        translator = QTranslator(self)
        if not translator.load(locale, name, "_", directory):
            return None
        self._application.installTranslator(translator)
        return translator


def _locale(choice: Language) -> QLocale:
    if choice is Language.SYSTEM:
        system = QLocale.system()
        choice = Language.CHINESE if system.language() == QLocale.Language.Chinese else Language.ENGLISH
    return QLocale(choice.value)
