"""Near-duplicates: the same picture in other bytes (resized, compressed anew, flattened), and what was decided of them.

Part of an open Library. Vectors propose, thumbnails decide: what merely looks alike is no copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.browsing import Browser, MarkedAsset
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.shown_assets import Asset
from engine.images.sameness import Print, read_print, show_the_same
from engine.images.thumbnails import ThumbnailCache
from engine.space import Space
from engine.spaces import Spaces
from engine.vectors.alike import near_pairs

LEAST_LIKENESS = 0.8
"""Cosine under which two pictures are not even looked at; copies of pictures of 500 px and more lie above 0.9."""
_SHAPE_TOLERANCE = 0.03
_NEIGHBOURS = 24


class CopyFinder:
    """Finds copies among what the current encoder has embedded."""

    def __init__(self, catalogue: Catalogue, browser: Browser, spaces: Spaces, thumbnails: ThumbnailCache) -> None:
        self._catalogue = catalogue
        self._browser = browser
        self._spaces = spaces
        self._thumbnails = thumbnails

    def groups(self, stopped: Callable[[], bool] = lambda: False) -> list[list[MarkedAsset]]:
        """Return groups of near-duplicates that nobody decided of, one asset for each content; part of them if stopped.

        Takes seconds.
        """
        with self._spaces.searching() as space:
            ids, vectors = _all_vectors(space)
        pairs = ids[near_pairs(vectors, LEAST_LIKENESS, stopped)]
        assets = self._one_of_each(np.unique(pairs).tolist())
        prints = _Prints(self._thumbnails)
        same = [
            (one, other)
            for one, other in pairs.tolist()
            if not stopped() and one in assets and other in assets and prints.agree(assets[one], assets[other])
        ]
        kept = self._catalogue.marks.kept_copies()
        groups = [group for group in _join(same) if not kept.issuperset(group)]
        return [self._marked([assets[content_id] for content_id in group]) for group in groups]

    def of(self, asset_id: int) -> list[MarkedAsset]:
        """Return the near-duplicates of one asset, the most alike first; none where it has no vector yet."""
        shown = self._catalogue.shown.of_ids([asset_id]).get(asset_id)
        if shown is None or shown.content_id is None:
            return []
        with self._spaces.searching() as space:
            if not space.embeddings.has(shown.content_id):
                return []
            vector = space.embeddings.vectors(np.array([shown.content_id], np.int64))[0].astype(np.float32)
            near = space.source.search(vector, _NEIGHBOURS)
        alike = [
            int(content_id)
            for content_id, score in zip(near.ids, near.scores, strict=True)
            if score >= LEAST_LIKENESS and content_id != shown.content_id
        ]
        assets = self._one_of_each(alike)
        prints = _Prints(self._thumbnails)
        found = [assets[one] for one in alike if one in assets]
        return self._marked([asset for asset in found if prints.agree(shown, asset)])

    def _one_of_each(self, content_ids: Sequence[int]) -> dict[int, Asset]:
        found = self._catalogue.shown.of_contents(content_ids)
        return {content_id: min(assets, key=lambda one: one.offline) for content_id, assets in found.items()}

    def _marked(self, assets: Sequence[Asset]) -> list[MarkedAsset]:
        marked = self._browser.assets([asset.id for asset in assets])
        return [marked[asset.id] for asset in assets if asset.id in marked]


def _all_vectors(space: Space) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    pages = list(space.embeddings.all())
    if not pages:
        return np.empty(0, np.int64), np.empty((0, space.profile.dimension), np.float32)
    ids, vectors = (np.concatenate(parts) for parts in zip(*pages, strict=True))
    return ids, vectors.astype(np.float32)


class _Prints:
    """Prints of thumbnails, each read once."""

    def __init__(self, thumbnails: ThumbnailCache) -> None:
        self._thumbnails = thumbnails
        self._known: dict[str, Print | None] = {}

    def agree(self, one: Asset, other: Asset) -> bool:
        """Return whether two assets have the same shape and show the same."""
        if not _have_one_shape(one, other):
            return False
        first, second = self._of(one), self._of(other)
        return first is not None and second is not None and show_the_same(first, second)

    def _of(self, asset: Asset) -> Print | None:
        key = asset.hash
        if not key:
            return None
        if key not in self._known:
            self._known[key] = read_print(self._thumbnails.path_of(key))
        return self._known[key]


def _have_one_shape(one: Asset, other: Asset) -> bool:
    if not (one.width and one.height and other.width and other.height):
        return False
    ratio = one.width * other.height / (one.height * other.width)
    return abs(ratio - 1) <= _SHAPE_TOLERANCE


def _join(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the connected groups of pairs, each ascending."""
    groups: dict[int, list[int]] = {}
    for one, other in pairs:
        first, second = groups.setdefault(one, [one]), groups.setdefault(other, [other])
        if first is not second:
            first += second
            groups |= dict.fromkeys(second, first)
    return [sorted(group) for number, group in groups.items() if number == min(group)]
