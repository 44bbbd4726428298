"""Batches within which the user wants no further sheet: what is done again there was agreed to beforehand.

Belongs to the desk, and to no longer: a window that was closed asks again.
"""

from __future__ import annotations


class Consents:
    """The batches that nothing is asked for any more."""

    def __init__(self) -> None:
        self._batch_ids: set[int] = set()

    def give(self, batch_id: int) -> None:
        """Ask no more before jobs of this batch are sent again."""
        self._batch_ids.add(batch_id)

    def cover(self, batch_id: int) -> bool:
        """Return whether jobs of this batch may be sent again without asking."""
        return batch_id in self._batch_ids
