"""The one door for messages to the user, and where unexpected errors end: a quiet line in the window, a log on disk.

`desktop.app` owns it. Nothing here is modal; a view shows the latest notice until it is closed or its time is over.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

LOG_NAME = "window.log"
CRASH_NAME = "window-crash.log"
LOG_BYTES = 1_000_000

_log = logging.getLogger("desktop")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Tone(Enum):
    """How much a notice matters."""

    NEWS = auto()
    TROUBLE = auto()


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the user can do about a notice, with one press."""

    text: str
    act: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: what happened, and what to do next."""

    text: str
    hint: str = ""
    tone: Tone = Tone.NEWS
    offer: Offer | None = None


class Notifications(QObject):
    """Any thread may tell; views listen to `told`."""

    told = Signal(object)

    def news(self, text: str, offer: Offer | None = None) -> None:
        """Say that something went well."""
        self.told.emit(Notice(text, offer=offer))

    def trouble(self, text: str, hint: str = "", offer: Offer | None = None) -> None:
        """Say what went wrong and what to do next."""
        _log.warning("%s (%s)", text, hint)
        self.told.emit(Notice(text, hint, Tone.TROUBLE, offer))

    def unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log a bug of ours and say so without standing in the way."""
        _log.error("unexpected error", exc_info=(kind, error, trace))
        text = self.tr("Something unexpected happened: {0}").format(error or kind.__name__)
        self.told.emit(Notice(text, self.tr("You can go on working; the log has the details."), Tone.TROUBLE))


class CrashLog:
    """While open, everything unexpected in this process is written to the data directory; a context manager."""

    def __init__(self, home: Path, notifications: Notifications) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._notifications = notifications
        self._handler = RotatingFileHandler(home / LOG_NAME, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        self._crashes: TextIO = (home / CRASH_NAME).open("a", encoding="utf-8")

    def __enter__(self) -> None:
        _log.addHandler(self._handler)
        _log.setLevel(logging.INFO)
        faulthandler.enable(self._crashes)
        qInstallMessageHandler(_log_qt)
        sys.excepthook = self._notifications.unexpected
        threading.excepthook = self._on_thread_error

    def __exit__(self, *_: object) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        faulthandler.disable()
        self._crashes.close()
        _log.removeHandler(self._handler)
        self._handler.close()

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        self._notifications.unexpected(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    _log.log(_LEVELS[kind], "Qt %s: %s", context.category, message)
