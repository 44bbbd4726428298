"""The line of assets that a run takes: all that wait, or chosen ones in an order of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from engine.catalogue.assets import Assets, PendingAsset

PAGE = 256
CHOSEN_PAGE = 32
"""Small, since a costly encoder takes long over a page, and a line is left only between two."""


class Line(Protocol):
    """Assets to be read, in pages."""

    def count(self) -> int:
        """Return how many assets there are."""

    def pages(self) -> Iterator[Sequence[PendingAsset]]:
        """Yield them in order; the next page is looked up when it is asked for."""


class Waiting:
    """Every asset that waits to be read or lacks an encoder's vector, by id."""

    def __init__(self, assets: Assets, encoder_id: int) -> None:
        self._assets, self._encoder_id = assets, encoder_id

    def count(self) -> int:
        """See `Line`."""
        return self._assets.count_pending(self._encoder_id)

    def pages(self) -> Iterator[Sequence[PendingAsset]]:
        """See `Line`."""
        last = 0
        while page := self._assets.pending(self._encoder_id, last, PAGE):
            last = page[-1].id
            yield page


class Chosen:
    """Given assets in the given order, until something else is more urgent."""

    def __init__(self, assets: Assets, asset_ids: Sequence[int], urgent: Callable[[], bool]) -> None:
        self._assets, self._asset_ids, self._urgent = assets, asset_ids, urgent

    def count(self) -> int:
        """See `Line`."""
        return len(self._asset_ids)

    def pages(self) -> Iterator[Sequence[PendingAsset]]:
        """See `Line`."""
        for start in range(0, len(self._asset_ids), CHOSEN_PAGE):
            if self._urgent():
                return
            yield self._assets.to_read(self._asset_ids[start : start + CHOSEN_PAGE])
