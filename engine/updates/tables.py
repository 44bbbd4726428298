"""The tables of models and prices, as shipped or as the last update brought them, whichever is newer.

What was taken over lies in `updates.json` of the data directory. Manifests and shipped tables are numbered alike, so
that neither an old manifest nor a former installation's update ever replaces something newer.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from engine.home import failed_write, prepare_home
from engine.resources import resource

FILE_NAME = "updates.json"
SOURCE_NAME = "updates.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """Where this installation asks for updates, whose signatures count, and the number of what it shipped with."""

    serial: int
    address: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over from the last update: its number, and tables by file name."""

    serial: int = 0
    tables: Mapping[str, str] = field(default_factory=dict)


@cache
def shipped_source() -> Source:
    """Return what `resources/updates.toml` says."""
    written = tomllib.loads(resource(SOURCE_NAME).read_text("utf-8"))
    return Source(written["serial"], written["address"], tuple(written["keys"]))


def newest_table(name: str, home: Path | None = None) -> str:
    """Return the text of a table; without a data directory, that of the shipped one."""
    taken = Taken() if home is None else load_taken(home)
    if taken.serial > shipped_source().serial and name in taken.tables:
        return taken.tables[name]
    return resource(name).read_text("utf-8")


def load_taken(home: Path) -> Taken:
    """Return what was taken over; a file that is damaged counts as none, for the next check writes it anew."""
    try:
        written = json.loads((home / FILE_NAME).read_text("utf-8"))
        return Taken(int(written["serial"]), dict(written["tables"]))
    except (OSError, ValueError, TypeError, KeyError):
        return Taken()


def keep_taken(home: Path, taken: Taken) -> None:
    """Write it, whole or not at all. Raises DataDirectoryUnusable or DiskFull."""
    prepare_home(home)
    partial = home / f"{FILE_NAME}.part"
    try:
        partial.write_text(json.dumps(asdict(taken), ensure_ascii=False, indent=1), "utf-8")
        partial.replace(home / FILE_NAME)
    except OSError as error:
        raise failed_write(home, error) from error
