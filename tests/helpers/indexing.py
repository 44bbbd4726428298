"""Shorthand for what most end-to-end tests do with a library."""

from __future__ import annotations

from pathlib import Path

from engine.indexing.control import Control
from engine.indexing.pipeline import IndexReport
from engine.library import Library
from tests.helpers.drawing import draw


def index(library: Library, *folders: Path) -> IndexReport:
    """Add, list and index folders; without any, all watched ones."""
    chosen = [library.add_folder(folder) for folder in folders] or [status.folder for status in library.folders()]
    library.list_folders(chosen, Control())
    return library.index_pending(Control(), lambda _: None)


def index_drawings(home: Path, art: Path, count: int) -> Path:
    """Draw so many pictures, index them into the library of a data directory, and return that."""
    for seed in range(count):
        draw(art / f"{seed}.png", seed)
    with Library(home) as library:
        index(library, art)
    return home


def faults(library: Library) -> dict[str, str]:
    """Return fault by file name."""
    return {failed.path.name: failed.fault for failed in library.failed()}


class EncoderCalls:
    """Counts the pictures that a library's encoder is asked for."""

    def __init__(self, library: Library) -> None:
        self.images = 0
        original = library.space.model.encode_images

        def counted(pixels, *arguments):  # type: ignore[no-untyped-def]
            self.images += len(pixels)
            return original(pixels, *arguments)

        library.space.model.encode_images = counted  # type: ignore[method-assign]
