"""How many pictures a device takes at once: less after it ran out of memory, more again once others have freed theirs.

Owned by an encoder. Thread-safe.
"""

from __future__ import annotations

import threading

_CALM_BATCHES = 32
"""So many batches have to fit before a larger one is tried; twice as many after each further failure."""


class BatchSize:
    """A size between 1 and what was planned."""

    def __init__(self, planned: int) -> None:
        self._planned = self._size = planned
        self._fitted = 0
        self._patience = _CALM_BATCHES
        self._lock = threading.Lock()

    @property
    def now(self) -> int:
        """Return the size to try next."""
        return self._size

    def fitted(self, size: int) -> None:
        """Tell that a batch of this size fitted."""
        with self._lock:
            if size < self._size or self._size == self._planned:
                return
            self._fitted += 1
            if self._fitted >= self._patience:
                self._size = min(self._size * 2, self._planned)
                self._fitted = 0

    def did_not_fit(self, size: int) -> None:
        """Tell that the memory did not suffice for a batch of this size, which is above 1."""
        with self._lock:
            self._fitted = 0
            # Several workers may fail at the same size; it halves once for all of them.
            if size // 2 < self._size:
                self._size = size // 2
                self._patience *= 2
