"""How long a matrix of 1,000 pictures takes to plan, with a thumbnail of everything that would be sent.

`python -m tests.benchmarks.planning` runs two matrices, 25 × 40 references and 1,000 × 1, over pictures of the library
(which have thumbnails) and over the same files outside it (which have none), each with caches of its own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

from engine.catalogue.catalogue import Catalogue
from engine.compose.brief import Brief, Element, Group, Mode
from engine.compose.generators.generator import Role
from engine.compose.pictures import OutgoingPictures
from engine.composing import Composer
from engine.files.content import KEPT_BYTES, read_content
from engine.images.decode import decode_image
from engine.images.decoder import Decoder
from engine.images.picture import DecodeLimits
from engine.images.thumbnails import ThumbnailCache
from engine.search.query import Query
from engine.search.searcher import SearchResult
from tests.helpers.cataloguing import add_to_catalogue
from tests.helpers.drawing import draw

PICTURES = 1001
SIZE = (1600, 1200)
LIMITS = DecodeLimits(edge=512)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: choosing references, planning, thumbnails of what is sent, the exact pictures."""

    choosing: float
    planning: float
    thumbnails: float
    exact: float
    jobs: int
    references: int


def main() -> None:
    """Write pictures, fill a catalogue and measure."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        paths = [draw(root / "art" / f"{number:04}.jpg", number, SIZE) for number in range(PICTURES)]
        (root / "home").mkdir()
        catalogue = Catalogue(root / "home")
        table = Table(title=f"JPEGs of {SIZE[0]} × {SIZE[1]}, seconds")
        for title in ("", "pictures", "references", "choose", "plan", "thumbnails", "sum", "exact pictures"):
            table.add_column(title)
        for place in ("outside the library", "in the library"):
            if place == "in the library":
                add_to_catalogue(catalogue, root / "art")
            for name, rows, columns in (("25 × 40", 25, 40), ("1,000 × 1", 1000, 1)):
                home = root / f"{place}-{name}".replace(" ", "")
                thumbnails = ThumbnailCache(home / "thumbnails", 1_000_000_000)
                if place == "in the library":
                    _make_thumbnails(thumbnails, paths)
                times = _measure(home, catalogue, thumbnails, paths, (rows, columns))
                shown = (times.choosing, times.planning, times.thumbnails)
                table.add_row(
                    f"{name}, {place}",
                    f"{times.jobs:,}",
                    f"{times.references:,}",
                    *(f"{one:.2f}" for one in (*shown, sum(shown), times.exact)),
                )
        catalogue.close()
        Console(width=130).print(table)


def _make_thumbnails(thumbnails: ThumbnailCache, paths: list[Path]) -> None:
    """Make what indexing has made."""
    for path in paths:
        content = read_content(path, KEPT_BYTES)
        thumbnails.put(content.hash.hex(), decode_image(path, LIMITS, data=content.data).image)


def _measure(
    home: Path, catalogue: Catalogue, thumbnails: ThumbnailCache, paths: list[Path], sides: tuple[int, int]
) -> Times:
    rows, columns = sides
    with Decoder(LIMITS, 2) as decoder:
        pictures = OutgoingPictures(home / "outgoing", decoder, LIMITS, thumbnails)
        composer = Composer(home, catalogue, pictures, _no_search)
        moments = [time.perf_counter()]
        references = composer.of_files(paths[: rows + columns])
        moments.append(time.perf_counter())
        groups: tuple[Group, ...] = (
            tuple((Element(Role.PROP, "", one),) for one in references[:rows]),
            tuple((Element(Role.SCENE, "", one),) for one in references[rows:]),
        )
        plan = composer.plan(Brief(Mode.SCENE, groups=groups))
        moments.append(time.perf_counter())
        small = list(pictures.each(pictures.thumbnail_of, plan.references))
        moments.append(time.perf_counter())
        exact = list(pictures.each(pictures.file_of, plan.references))
        moments.append(time.perf_counter())
    assert all(path.stat().st_size for path in (*small, *exact))
    return Times(*(b - a for a, b in pairwise(moments)), len(plan.jobs), len(references))


def _no_search(_query: Query, _limit: int) -> SearchResult:
    raise AssertionError("nothing is searched for here")


if __name__ == "__main__":
    main()
