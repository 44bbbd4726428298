"""Query latency with two spaces that both know every asset, against either of them alone, in one run, in turn.

The quality encoder is a real one of a larger architecture whose weights are random. Every query is new, so that the
models encode its text; then the same queries are asked again, whose vectors are remembered.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from engine.library import Access, Library
from engine.search.query import Query, TextTerm
from engine.settings import Settings
from tests.benchmarks.material import fill_catalogue, put_random_vectors
from tests.benchmarks.words import distinct_queries
from tests.helpers.models import random_checkpoint

LIMIT = 50
WARM_UP = 20


def main() -> None:
    """Fill libraries with random vectors and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--architecture", default="ViT-B-32", help="of the quality encoder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        weights = random_checkpoint(options.architecture, work / "weights.safetensors")
        quality = f"open_clip:{options.architecture}:{weights}"
        alone, both = Settings(encoder=quality), Settings(quality_encoder=quality)
        ways = {
            "fast encoder alone": (work / "both", Settings()),
            f"{options.architecture} alone": (work / "quality", alone),
            "both, fused": (work / "both", both),
        }
        _fill(work / "quality", alone, options.assets)
        _fill(work / "both", both, options.assets)
        _measure(ways, options.assets, options.queries)


def _fill(home: Path, settings: Settings, assets: int) -> None:
    with Library(home, settings=settings) as library:
        fill_catalogue(library._catalogue, home / "art", library.space.embeddings, assets)
        if library.spaces.quality is not None:
            put_random_vectors(library.spaces.quality.embeddings, range(1, assets + 1))


def _measure(ways: dict[str, tuple[Path, Settings]], assets: int, queries: int) -> None:
    with ExitStack() as opened:
        libraries = [opened.enter_context(Library(home, Access.READ, settings)) for home, settings in ways.values()]
        for library in libraries:
            library.prepare_search("picture")
        texts = list(distinct_queries(queries + WARM_UP))
        for title in ("new queries", "queries asked before"):
            times = _times(libraries, texts)[:, WARM_UP:]
            _print(f"{assets:,} assets, {queries} {title}, limit {LIMIT}", list(ways), times)


def _times(libraries: Sequence[Library], texts: Sequence[str]) -> np.ndarray:
    """Return milliseconds `[libraries, texts]`; nobody's turn is always first."""
    times = np.zeros((len(libraries), len(texts)))
    for column, text in enumerate(texts):
        for row in np.roll(np.arange(len(libraries)), column):
            started = time.perf_counter()
            libraries[row].search(Query((TextTerm(text),)), LIMIT)
            times[row, column] = (time.perf_counter() - started) * 1000
    return times


def _print(title: str, names: Sequence[str], times: np.ndarray) -> None:
    table = Table(title=title)
    for heading in ("", "median ms", "p95 ms", "÷ first", "÷ slower one"):
        table.add_column(heading)
    medians = np.median(times, axis=1)
    for name, row, median in zip(names, times, medians, strict=True):
        parts = (median, np.percentile(row, 95), median / medians[0], median / medians[:2].max())
        table.add_row(name, f"{parts[0]:.1f}", f"{parts[1]:.1f}", f"{parts[2]:.2f}", f"{parts[3]:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
