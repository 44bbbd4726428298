"""Calls that cannot be interrupted, on threads that nobody has to wait for: the program may end before they do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")


def begin(ask: Callable[[], _T], name: str) -> Future[_T]:
    """Return what a call will bring; who gives it up cancels the future. `name` is the thread's."""
    coming: Future[_T] = Future()

    def run() -> None:
        with suppress(InvalidStateError):  # it was given up
            try:
                coming.set_result(ask())
            except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to the one who waits
                coming.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return coming
