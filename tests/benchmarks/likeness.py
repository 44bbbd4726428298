"""Fills a library quickly with files that are listed and wait: each is stored like one that has been indexed.

Name, size and hash are the file's own; what it shows, its thumbnail and its vector, with some noise, are the other's.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.asset_lists import ListOrder, ListSubset
from engine.catalogue.assets import PendingAsset
from engine.catalogue.filters import AssetFilter
from engine.files.content import KEPT_BYTES, read_content
from engine.files.scanner import FileStat
from engine.images.picture import ImageFacts
from engine.indexing.reading import FileRead, NewPicture
from engine.indexing.storing import Storer
from engine.library import Library

MODELS = 500
PAGE = 256
NOISE = 0.3
"""Length of what is added to a vector of length 1 to make another from it."""


@dataclass(frozen=True, slots=True)
class _Model:
    """A picture that others are stored like."""

    key: str
    facts: ImageFacts
    vector: NDArray[np.float32]


def store_like_known(library: Library) -> int:
    """Store every asset that waits; return how many."""
    assets, space = library._catalogue.assets, library.space
    if not library.has_pending():
        return 0
    models, chance = _models(library), np.random.default_rng(0)
    rows = (assets, library._catalogue.contents, library._catalogue.marks, space.embeddings)
    last = stored = 0
    with Storer(library._catalogue.database, rows, lambda: space.store, space.index) as storer:
        while page := assets.pending(space.embeddings.encoder_id, last, PAGE):
            last = page[-1].id
            chosen = [models[number] for number in chance.integers(len(models), size=len(page))]
            storer.put_new(
                [_stored(library, *pair) for pair in zip(page, chosen, strict=True)], _vectors(chosen, chance)
            )
            stored += len(page)
            sys.stderr.write(f"\r{stored:,} files stored like others   ")
    return stored


def _models(library: Library) -> list[_Model]:
    ids = library.browser.list_ids(AssetFilter(), ListSubset.ALL, ListOrder.NAME)
    shown = (marked.asset for marked in library.browser.assets(ids).values())
    ready = [asset for asset in shown if asset.content_id is not None and asset.hash][:MODELS]
    vectors = library.space.embeddings.vectors(np.array([asset.content_id for asset in ready], np.int64))
    facts = (library._decoder.decode(asset.path, asset.path.read_bytes()).facts for asset in ready)
    return [_Model(asset.hash, *pair) for asset, *pair in zip(ready, facts, vectors.astype(np.float32), strict=True)]


def _stored(library: Library, asset: PendingAsset, model: _Model) -> NewPicture:
    content = read_content(asset.path, KEPT_BYTES)
    thumbnail = library.thumbnails.path_of(content.hash.hex())
    thumbnail.parent.mkdir(parents=True, exist_ok=True)
    if not thumbnail.exists():
        os.link(library.thumbnails.path_of(model.key), thumbnail)
    stat = FileStat(content.size, content.mtime_ns, content.device)
    return NewPicture(FileRead(asset, content.hash, stat, content.racy), model.facts, np.empty((0, 0, 3), np.uint8))


def _vectors(models: list[_Model], chance: np.random.Generator) -> NDArray[np.float32]:
    vectors = np.stack([model.vector for model in models])
    noise = chance.standard_normal(vectors.shape, np.float32) / np.sqrt(np.float32(vectors.shape[1]))
    vectors = vectors + NOISE * noise
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
