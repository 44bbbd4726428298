"""Gives files to other programs: opens them, shows them in the file manager, puts them on the clipboard.

Owned by `desktop.app`. GUI thread only; programs are started detached and are none of ours from then on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.notifications import Notifications
from desktop.pictures import Picture, PictureLoader, Wish


class HandOver(QObject):
    """Everything that leaves the window, except by drag."""

    def __init__(self, pictures: PictureLoader, notifications: Notifications) -> None:
        super().__init__()
        self._pictures = pictures
        self._notifications = notifications
        pictures.loaded.connect(self._on_picture)

    def open(self, paths: Sequence[Path]) -> None:
        """Open files in the programs that the system has for them."""
        for path in paths:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self._failed(path)

    def open_with(self, program: Path, paths: Sequence[Path]) -> None:
        """Open files in one program."""
        command, arguments = str(program), [str(path) for path in paths]
        if sys.platform == "darwin" and program.suffix == ".app":
            command, arguments = "open", ["-a", str(program), *arguments]
        if not QProcess.startDetached(command, arguments)[0]:
            self._notifications.trouble(
                self.tr("{0} did not start.").format(program.name), self.tr("Choose another program.")
            )

    def reveal(self, path: Path) -> None:
        """Show a file in the file manager, or its folder where that is all the system can do."""
        started = False
        if sys.platform == "win32":
            started = QProcess.startDetached("explorer", ["/select,", str(path)])[0]
        elif sys.platform == "darwin":
            started = QProcess.startDetached("open", ["-R", str(path)])[0]
        if not started and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
            self._failed(path.parent)

    def copy_paths(self, paths: Sequence[Path]) -> None:
        """Put paths on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(str(path) for path in paths))
        self._notifications.news(self.tr("%Ln path(s) copied.", "", len(paths)))

    def copy_image(self, wish: Wish) -> None:
        """Put a picture on the clipboard as soon as it is read."""
        self._pictures.want(wish)

    def close(self) -> None:
        """Finish what is being read."""
        self._pictures.close()

    def _on_picture(self, picture: Picture) -> None:
        if picture.image.isNull():
            self._failed(picture.path)
            return
        mime = QMimeData()
        mime.setImageData(picture.image)
        mime.setUrls([QUrl.fromLocalFile(str(picture.path))])
        QGuiApplication.clipboard().setMimeData(mime)
        self._notifications.news(self.tr("{0} copied.").format(picture.path.name))

    def _failed(self, path: Path) -> None:
        self._notifications.trouble(
            self.tr("{0} cannot be opened.").format(path.name),
            self.tr("Check that its drive is connected and that a program for it is installed."),
        )
