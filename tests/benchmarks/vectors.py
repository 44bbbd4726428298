"""Exact index and Milvus Lite at 100,000 vectors: agreement, time of a search, memory by owner.

Vectors are clustered, as embeddings of a real library are: random centres, each with neighbours around it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.embeddings import Embeddings
from engine.vectors.exact import ExactIndex
from engine.vectors.location import Embedded
from engine.vectors.store import VectorStore

PAGE = 5000
CENTRES = 2000
SPREAD = 0.6
T = TypeVar("T")


class Memory:
    """Resident memory by owner: what each step added."""

    def __init__(self) -> None:
        self.owners: list[tuple[str, float]] = []
        self._before = self._resident()

    def of(self, owner: str, work: Callable[[], T]) -> T:
        """Do some work and put what it added down to its owner."""
        result = work()
        now = self._resident()
        self.owners.append((owner, (now - self._before) / 1e6))
        self._before = now
        return result

    @staticmethod
    def _resident() -> int:
        return int(psutil.Process().memory_info().rss)


def main() -> None:
    """Fill a catalogue, then both indexes from it, and compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        _measure(Path(directory), options.count, options.dimension, options.queries)


def _measure(home: Path, count: int, dimension: int, queries: int) -> None:
    memory = Memory()
    catalogue = memory.of("catalogue (SQLite)", lambda: Catalogue(home))
    embeddings = Embeddings(catalogue.database, "benchmark", dimension)
    generator = np.random.default_rng(0)
    centres = _unit(generator.standard_normal((CENTRES, dimension), np.float32))
    memory.of("filling it", lambda: _fill(catalogue, embeddings, centres, count, generator))
    index = ExactIndex(dimension)
    memory.of("exact index", lambda: [index.add(ids, vectors) for ids, vectors in embeddings.all()])
    location = Embedded(home / "benchmark.db")
    started = time.perf_counter()
    store = memory.of("Milvus, filled", lambda: VectorStore.open(location, "benchmark", dimension, embeddings))
    filled = time.perf_counter()
    memory.of("Milvus, indexed", store.prepare_search)
    indexed = time.perf_counter()
    rows = []
    for _ in range(queries):
        chosen = centres[generator.integers(CENTRES)] + SPREAD * _noise(generator, (dimension,))
        query = _unit(chosen[None])[0]
        began = time.perf_counter()
        exact = index.search(query, 10)
        between = time.perf_counter()
        milvus = store.search(query, 10)
        ended = time.perf_counter()
        rows.append((between - began, ended - between, len(set(exact.ids.tolist()) & set(milvus.ids.tolist())) / 10))
    exact_s, milvus_s, recall = (np.array(column) for column in zip(*rows, strict=True))
    store.close()
    catalogue.close()
    console = Console()
    table = Table(title=f"{count:,} vectors, {dimension}-d, {queries} queries, k = 10")
    for title in ("", "median ms", "p95 ms", "recall@10 against exact"):
        table.add_column(title)
    for name, times, found in (("exact", exact_s, 1.0), ("Milvus Lite", milvus_s, recall.mean())):
        table.add_row(name, f"{np.median(times) * 1e3:.1f}", f"{np.percentile(times, 95) * 1e3:.1f}", f"{found:.3f}")
    console.print(table)
    console.print(f"Milvus filled in {filled - started:.0f} s, indexed in {indexed - filled:.0f} s")
    for owner, size in memory.owners:
        console.print(f"  {owner:<20} {size:+8.0f} MB")


def _fill(
    catalogue: Catalogue, embeddings: Embeddings, centres: np.ndarray, count: int, generator: np.random.Generator
) -> None:
    for start in range(0, count, PAGE):
        ids = range(start + 1, min(start + PAGE, count) + 1)
        with catalogue.database.write() as connection:
            connection.executemany(
                "INSERT INTO contents (id, hash, format, width, height, frames, has_alpha)"
                " VALUES (?, ?, 'PNG', 512, 512, 1, 1)",
                [(number, number.to_bytes(16, "big")) for number in ids],
            )
            around = centres[generator.integers(CENTRES, size=len(ids))]
            embeddings.put(ids, _unit(around + SPREAD * _noise(generator, around.shape)))


def _noise(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return generator.standard_normal(shape, np.float32) / np.sqrt(shape[-1], dtype=np.float32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


if __name__ == "__main__":
    main()
