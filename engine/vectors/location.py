"""Where a collection lives: in an embedded directory or on a Milvus server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import DataDirectoryUnusable

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Embedded:
    """A directory `….db` of Milvus Lite, for one encoder alone. Raises DataDirectoryUnusable for an unfit path."""

    directory: Path

    def __post_init__(self) -> None:
        if self.directory.suffix != ".db":
            raise DataDirectoryUnusable(f"{self.directory} must end in .db, in lower case")
        if "~" in self.directory.parts[:1] or not self.directory.parent.is_dir():
            raise DataDirectoryUnusable(
                f"{self.directory.parent} is not a folder", "Create it, or choose another data directory."
            )


@dataclass(frozen=True, slots=True)
class Server:
    """A Milvus server by http or https address; the token may be empty."""

    uri: str
    token: str = field(default="", repr=False)


Location = Embedded | Server
