"""Puts folders into a catalogue as an index run does, but for vectors: no encoder is loaded."""

from __future__ import annotations

from pathlib import Path

from engine.catalogue.assets import ReadAsset
from engine.catalogue.catalogue import Catalogue
from engine.files.content import KEPT_BYTES, read_content
from engine.files.scanner import FileStat
from engine.images.decode import decode_image
from engine.images.formats import SUFFIXES
from engine.images.picture import DecodeLimits
from engine.indexing.control import Control
from engine.indexing.listing import Lister

NO_ENCODER = 0


def add_to_catalogue(catalogue: Catalogue, *folders: Path) -> None:
    """Add folders, list them, and describe every picture in them."""
    lister = Lister(catalogue.folders, catalogue.assets, lambda name: Path(name).suffix.lower() in SUFFIXES)
    for folder in folders:
        lister.list_folder(catalogue.folders.add(folder.resolve(), polling=False), Control())
    with catalogue.database.write():
        for asset in catalogue.assets.pending(NO_ENCODER, 0, 1_000_000):
            content = read_content(asset.path, KEPT_BYTES)
            facts = decode_image(asset.path, DecodeLimits(edge=64), data=content.data).facts
            content_id = catalogue.contents.put(content.hash, facts)
            stat = FileStat(content.size, content.mtime_ns, content.device)
            catalogue.assets.finish(ReadAsset(asset.id, content_id, stat, content.racy))
