"""Lets a test that runs as root meet refused permissions.

Root reads whatever its permission bits say, by two Linux capabilities. `permissions_bind` takes them from the calling
thread and gives them back:

    with permissions_bind():
        folder.chmod(0)
        assert list_directory(...).fault is AccessFault.DENIED

It counts for the calling thread and for threads started inside the block; a program started inside it as root gets
the capabilities back. For an ordinary user nothing needs to be taken. Where it cannot be done, the test is skipped.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# <linux/capability.h>
_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_OVERRIDES = 1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


_BothHalves = _Sets * 2


@contextmanager
def permissions_bind() -> Iterator[None]:
    """Make permission bits bind the calling thread, also if it runs as root."""
    if sys.platform != "linux":
        if hasattr(os, "geteuid") and os.geteuid() != 0:
            yield
            return
        pytest.skip("permission bits bind here by no means a test could use")
    halves = _BothHalves()
    _call("capget", halves)
    effective = halves[0].effective
    halves[0].effective = effective & ~_OVERRIDES
    _call("capset", halves)
    try:
        yield
    finally:
        halves[0].effective = effective
        _call("capset", halves)


def _call(name: str, halves: ctypes.Array[_Sets]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(ctypes.byref(_Header(_VERSION_3, 0)), halves) != 0:
        pytest.skip(f"{name}: {os.strerror(ctypes.get_errno())}")
