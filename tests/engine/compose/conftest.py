from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.compose.pictures import OutgoingPictures
from engine.composing import Composer
from engine.images.decoder import Decoder
from engine.images.picture import DecodeLimits
from engine.images.thumbnails import ThumbnailCache
from engine.search.query import Query
from engine.search.ranking import Band
from engine.search.searcher import Hit, SearchResult
from tests.helpers.cataloguing import add_to_catalogue
from tests.helpers.drawing import draw

NAMES = ("persons/anna.png", "persons/ben.png", "wear/red coat.png", "wear/blue coat.png", "wear/hat.jpg", "wear/n.txt")


@pytest.fixture
def art(tmp_path: Path) -> Path:
    """A folder with five pictures and a text."""
    for seed, name in enumerate(NAMES[:-1]):
        draw(tmp_path / "art" / name, seed, (300, 200))
    (tmp_path / "art" / NAMES[-1]).write_text("no picture")
    return tmp_path / "art"


@pytest.fixture
def catalogue(tmp_path: Path, art: Path) -> Iterator[Catalogue]:
    (tmp_path / "home").mkdir()
    opened = Catalogue(tmp_path / "home")
    add_to_catalogue(opened, art)
    yield opened
    opened.close()


@pytest.fixture
def composer(tmp_path: Path, catalogue: Catalogue) -> Iterator[Composer]:
    """A composer whose search goes by file names."""

    def search(query: Query, limit: int) -> SearchResult:
        rows = catalogue.database.rows("SELECT id FROM assets ORDER BY id")
        assets = catalogue.shown.of_ids([row[0] for row in rows]).values()
        hits = [Hit(asset, 0.9, Band.STRONG, 1.0) for asset in assets if query.text in asset.path.name]
        return SearchResult(tuple(hits[:limit]), len(hits), 1.0)

    thumbnails = ThumbnailCache(tmp_path / "thumbnails", 10_000_000)
    with Decoder(DecodeLimits(edge=512), 1) as decoder:
        pictures = OutgoingPictures(tmp_path / "outgoing", decoder, DecodeLimits(edge=512), thumbnails)
        yield Composer(tmp_path / "home", catalogue, pictures, search)
