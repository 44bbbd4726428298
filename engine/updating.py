"""Asks for updates when the user says so, and takes over newer tables that this version understands.

Called by the command line and the engine process. A newer application is told of, never installed.
"""

from __future__ import annotations

import platform
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine import __version__
from engine.compose.models import FILE_NAME as GENERATORS
from engine.compose.models import ModelTableDamaged
from engine.compose.models import check_table as check_generators
from engine.embedding.models import FILE_NAME as MODELS
from engine.embedding.models import check_table as check_models
from engine.errors import PropmasterError
from engine.settings import Settings
from engine.updates.feed import fetch
from engine.updates.manifest import Download, open_manifest
from engine.updates.tables import Source, Taken, keep_taken, load_taken, shipped_source

READERS: Mapping[str, Callable[[str], object]] = {GENERATORS: check_generators, MODELS: check_models}
"""What must be able to read a table before it is taken over, by file name."""


class NoUpdateSource(PropmasterError):
    """This installation has nobody to ask for updates."""

    code = "no_update_source"


class UpdateStale(PropmasterError):
    """The manifest is older than what is here."""

    code = "update_stale"


@dataclass(frozen=True, slots=True)
class UpdateNews:
    """The newest version, whether it is newer than this one, what came with it, and which tables are newer here now.

    `download` is None where there is none for this platform. `unread` are tables that only a newer version reads.
    """

    version: str
    is_newer: bool
    notes: str
    download: Download | None
    tables: tuple[str, ...]
    unread: tuple[str, ...]


def check_for_updates(
    home: Path, settings: Settings, source: Source | None = None, given_up: threading.Event | None = None
) -> UpdateNews:
    """Ask for the manifest and take over its tables; `given_up` ends the wait for the network.

    Raises NoUpdateSource, UpdateUnreachable, UpdateDamaged, UpdateForged, UpdateStale, DataDirectoryUnusable, DiskFull.
    """
    source = source or shipped_source()
    address = settings.updates_url or source.address
    if not address or not source.keys:
        raise NoUpdateSource("this build of Propmaster names no publisher to ask", "look where you got it")
    manifest = open_manifest(fetch(address, settings.proxy, given_up or threading.Event()), source.keys)
    taken = load_taken(home)
    if manifest.serial < max(source.serial, taken.serial):
        raise UpdateStale(
            "the answer about updates is older than what is here; nothing was taken over",
            "try again later; if it stays so, ask who runs the network",
        )
    readable = {name: table for name, table in manifest.tables.items() if _is_readable(name, table)}
    former = taken.tables if taken.serial > source.serial else {}
    fresh = _take(home, manifest.serial, readable, former) if manifest.serial > source.serial else ()
    unread = tuple(name for name in manifest.tables if name not in readable)
    download = manifest.downloads.get(platform_name())
    return UpdateNews(manifest.version, manifest.is_newer_than(__version__), manifest.notes, download, fresh, unread)


def platform_name() -> str:
    """Return what manifests call this platform, such as `linux-x86_64`."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    return f"{system}-{ {'amd64': 'x86_64', 'aarch64': 'arm64'}.get(machine, machine) }"


def _take(home: Path, serial: int, tables: Mapping[str, str], former: Mapping[str, str]) -> tuple[str, ...]:
    """Keep the tables in place of the former ones of their names, and return which are other than those."""
    keep_taken(home, Taken(serial, {**former, **tables}))
    return tuple(name for name, table in tables.items() if former.get(name) != table)


def _is_readable(name: str, table: str) -> bool:
    if name not in READERS:
        return False
    try:
        READERS[name](table)
    except (ModelTableDamaged, ValueError):
        return False
    return True
