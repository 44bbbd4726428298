"""Files that can be made again, kept for the next time: each is whole under its name, and the oldest go first.

Any thread may call it; other processes may read the files.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".part"


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> int:
    """Have a file written beside its name, then give it that; return its bytes. Whatever is raised leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}{UNFINISHED}")
    try:
        with unfinished.open("wb") as stream:
            write(stream)
        size = unfinished.stat().st_size
        unfinished.replace(path)
    except BaseException:
        remove(unfinished)
        raise
    return size


def is_kept(path: Path) -> bool:
    """Return whether a file is there, and not the empty name that a power cut leaves; that counts as its use."""
    try:
        if not path.stat().st_size:
            return False
    except OSError:
        return False
    with suppress(OSError):  # a read-only folder still serves
        os.utime(path)
    return True


def forget_oldest(paths: Iterable[Path], quota_bytes: int) -> None:
    """Remove what was used longest ago until the rest is within a quota; what was used last stays."""
    found = []
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size, path))
    excess = sum(size for _, size, _ in found) - quota_bytes
    for _, size, path in sorted(found)[:-1]:
        if excess <= 0:
            return
        if remove(path):
            excess -= size


def remove(path: Path) -> bool:
    """Remove a file if that can be done: it may be open in a viewer on Windows, or read-only."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
