"""What was dropped or pasted: folders to watch, pictures to search by."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class Dropped:
    """Local folders and files of one drop."""

    folders: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.folders or self.files)


def dropped(mime: QMimeData) -> Dropped:
    """Return the local folders and files that are carried."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return Dropped(tuple(path for path in paths if path.is_dir()), tuple(path for path in paths if path.is_file()))


def carries_files(mime: QMimeData) -> bool:
    """Return whether a drop has local files or folders, without touching a disk."""
    return any(url.isLocalFile() for url in mime.urls())


def carries_something(mime: QMimeData) -> bool:
    """Return whether a drop may be of use, without touching a disk."""
    return carries_files(mime) or mime.hasImage()


def pasted_image(mime: QMimeData, directory: Path) -> Path | None:
    """Write a picture without a file to a directory, so that it can be searched by; None if there is none."""
    image = mime.imageData() if mime.hasImage() else None
    if not isinstance(image, QImage) or image.isNull():
        return None
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=directory, prefix="pasted-", suffix=".png", delete=False) as file:
        path = Path(file.name)
    return path if image.save(str(path)) else None
