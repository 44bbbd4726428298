"""The options that every command takes, before or after its name: `--home` and `--json`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.library import Library

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Data directory (catalogue, vectors, thumbnails). Default: PROPMASTER_HOME, or the platform's.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")]


class CommonOptions:
    """What was given for this run of the program; the last `--home` wins. Belongs to the command line's main thread."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what an earlier run in this process was given."""
        self.home: Path | None = None
        self.as_json = False

    def take(self, home: Path | None, as_json: bool) -> None:
        """Add the options of one level of the command line."""
        self.home = home or self.home
        self.as_json = as_json or self.as_json

    def data_directory(self) -> Path:
        """Return the chosen data directory."""
        from engine.settings import default_home

        return (self.home or default_home()).expanduser().absolute()

    def open_to_read(self) -> Library:
        """Open the library beside whoever writes to it."""
        from engine.library import Access, Library

        return Library(self.data_directory(), Access.READ)

    def open_to_write(self) -> Library:
        """Open the library as its one writer."""
        from engine.library import Access, Library

        return Library(self.data_directory(), Access.WRITE)


common = CommonOptions()
