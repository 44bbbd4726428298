"""Query latency at 100,000 assets against text encoding plus numpy's exact search, in one run, call by call in turn."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from engine.library import Library
from engine.search.query import Query, TextTerm
from tests.benchmarks.material import fill_catalogue
from tests.benchmarks.words import distinct_queries

LIMIT = 50


def main() -> None:
    """Fill a library with random vectors and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--encoder", default=None, help="as in settings; default: the built-in one")
    options = parser.parse_args()
    if options.encoder:
        os.environ["PROPMASTER_ENCODER"] = options.encoder
    with tempfile.TemporaryDirectory() as directory:
        _measure(Path(directory), options.assets, options.queries)


def _measure(home: Path, assets: int, queries: int) -> None:
    with Library(home) as library:
        fill_catalogue(library._catalogue, home / "art", library.space.embeddings, assets)
    memory = {"start": _resident()}
    with Library(home) as library:
        library.space.model.plan  # noqa: B018 - loads the model
        memory["with encoder"] = _resident()
        library.prepare_search("picture")
        list(_timed(library, distinct_queries(3), np.empty((0, library.space.profile.dimension), np.float32)))
        memory["with index, after searches"] = _resident()
        matrix = np.concatenate([vectors for _, vectors in library.space.embeddings.all()]).astype(np.float32)
        times = np.array(list(_timed(library, distinct_queries(queries + 20), matrix))[20:]) * 1000
    ours, encode, scan = times.T
    naive = encode + scan
    table = Table(title=f"{assets:,} assets, {matrix.shape[1]}-d, {queries} distinct queries, limit {LIMIT}")
    for title in ("", "median ms", "p95 ms", "p95 ÷ median", "÷ naive (median)"):
        table.add_column(title)
    for name, row in (("query: text → hits", ours), ("text encoding + numpy exact", naive), ("text encoding", encode)):
        median, high = np.median(row), np.percentile(row, 95)
        table.add_row(name, f"{median:.1f}", f"{high:.1f}", f"{high / median:.2f}", f"{median / np.median(naive):.2f}")
    console = Console()
    console.print(table)
    previous = 0
    for name, size in memory.items():
        console.print(f"resident memory {name}: {size / 1e6:.0f} MB (+{(size - previous) / 1e6:.0f})")
        previous = size


def _timed(library: Library, texts, matrix):  # type: ignore[no-untyped-def]
    """Yield (our seconds, encoding seconds, numpy seconds) for each text; nobody's turn is always first."""
    for number, text in enumerate(texts):
        if number % 2:
            ours = _ours(library, text)
            yield ours, *_naive(library, text + " again", matrix)
        else:
            naive = _naive(library, text + " again", matrix)
            yield _ours(library, text), *naive


def _ours(library: Library, text: str) -> float:
    started = time.perf_counter()
    library.search(Query((TextTerm(text),)), LIMIT)
    return time.perf_counter() - started


def _naive(library: Library, text: str, matrix: np.ndarray) -> tuple[float, float]:
    started = time.perf_counter()
    vector = library.space.model.encode_texts([text]).result()[0]
    encoded = time.perf_counter()
    if len(matrix):
        scores = matrix @ vector
        best = np.argpartition(-scores, LIMIT)[:LIMIT]
        best[np.argsort(-scores[best])]
    return encoded - started, time.perf_counter() - encoded


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main()
