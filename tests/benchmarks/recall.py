"""Recall of text queries on a labelled library: by names alone, by meaning alone, and by ways of fusing them.

The labels are a CSV with the columns path, en and zh; a query is found at rank r when a picture with its label is
there. `--hide N` replaces the names of N in 10 files by meaningless ones before indexing.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from engine.indexing.control import Control
from engine.library import Library
from engine.resources import resource
from engine.search import ranking
from engine.search.calibration import Background, measure

RECIPROCAL_RANK_CONSTANT = 60

Scores = dict[int, float]


def main() -> None:
    """Index a copy of the library and print recall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, default=resource("sample_library"))
    parser.add_argument("--labels", type=Path, default=None)
    parser.add_argument("--hide", type=int, default=0, choices=range(11), help="files in ten whose names are hidden")
    options = parser.parse_args()
    labels = options.labels or options.library / "labels.csv"
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        names = _copy(options.library, work / "art", options.hide)
        with Library(work / "home") as library:
            folder = library.add_folder(work / "art")
            library.list_folders([folder], Control())
            library.index_pending(Control(), lambda _: None)
            _print_recall(library, _read_labels(labels, names, options.library), work / "art")


def _copy(source: Path, target: Path, hide: int) -> dict[str, str]:
    """Copy files, hiding some names; return relative source path → relative target path."""
    chance = random.Random(0)
    names = {}
    for number, path in enumerate(sorted(path for path in source.rglob("*") if path.is_file())):
        relative = path.relative_to(source)
        name = relative if chance.random() * 10 >= hide else Path(f"{number // 100:03}", f"{number:05}{path.suffix}")
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / name)
        names[relative.as_posix()] = name.as_posix()
    return names


def _read_labels(path: Path, names: dict[str, str], library: Path) -> dict[str, dict[str, set[str]]]:
    wanted: dict[str, dict[str, set[str]]] = {"en": defaultdict(set), "zh": defaultdict(set)}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            relative = row["path"].removeprefix(f"{library.name}/")
            for language, labels in wanted.items():
                if row.get(language) and relative in names:
                    labels[row[language]].add(names[relative])
    return wanted


def _print_recall(library: Library, wanted: dict[str, dict[str, set[str]]], art: Path) -> None:
    for language, labels in wanted.items():
        table = Table(title=f"{language}: {len(labels)} queries over {library.status().vectors} pictures")
        for title in ("", "R@1", "R@5", "R@10", "median rank"):
            table.add_column(title)
        ranks: dict[str, list[int]] = defaultdict(list)
        relevance: list[tuple[float, bool]] = []
        for text, paths in labels.items():
            relevant = _content_ids(library, art, paths)
            z, shares = _signals(library, text)
            for name, fuse in WAYS.items():
                ranks[name].append(_rank_of(fuse(z, shares), relevant))
            relevance += [(value, content_id in relevant) for content_id, value in z.items()]
        for name, found in ranks.items():
            places = np.array(found)
            recall = (f"{np.mean(places <= depth):.0%}" for depth in (1, 5, 10))
            table.add_row(name, *recall, f"{np.median(places):.0f}")
        console = Console()
        console.print(table)
        _print_precision(console, relevance)


def _print_precision(console: Console, relevance: list[tuple[float, bool]]) -> None:
    values = np.array([value for value, _ in relevance])
    right = np.array([is_right for _, is_right in relevance])
    for low in np.arange(1.0, 6.0, 0.5):
        inside = (values >= low) & (values < low + 0.5)
        if inside.any():
            console.print(
                f"  z {low:.1f} … {low + 0.5:.1f}: {inside.sum():6} pairs, labelled right {right[inside].mean():.3f}"
            )


def _content_ids(library: Library, art: Path, paths: set[str]) -> set[int]:
    folder = library.folders()[0].folder
    assets = (library._catalogue.shown.at(art / path, folder) for path in paths)
    return {asset.content_id for asset in assets if asset is not None and asset.content_id is not None}


def _signals(library: Library, text: str) -> tuple[Scores, Scores]:
    index = library.space.index
    assert index is not None
    vector = library.space.text_vector(text)
    near = index.search(vector, len(index))
    usual = library.space.profile.calibration
    background = measure(index.sample(2048, 0) @ vector, Background(usual.text_mean, usual.text_deviation))
    z = dict(zip(near.ids.tolist(), background.z(near.scores).tolist(), strict=True))
    size = len(index)
    return z, ranking.name_shares(library._catalogue.names.find(text, size), size)


def _by_meaning(z: Scores, _shares: Scores) -> Scores:
    return z


def _by_name(_z: Scores, shares: Scores) -> Scores:
    return shares


def _by_log_odds(z: Scores, shares: Scores) -> Scores:
    ids = np.array(list(z), np.int64)
    ranked = ranking.rank(ids, np.array(list(z.values()), np.float32), shares)
    return {int(content_id): -place for place, content_id in enumerate(ranked.ids)}


def _by_reciprocal_rank(z: Scores, shares: Scores) -> Scores:
    fused: Scores = defaultdict(float)
    for scores in (z, shares):
        for place, content_id in enumerate(sorted(scores, key=lambda one: -scores[one]), 1):
            fused[content_id] += 1 / (RECIPROCAL_RANK_CONSTANT + place)
    return fused


WAYS: dict[str, Callable[[Scores, Scores], Scores]] = {
    "names alone": _by_name,
    "meaning alone": _by_meaning,
    "reciprocal rank fusion": _by_reciprocal_rank,
    "log-odds (in use)": _by_log_odds,
}


def _rank_of(scores: Scores, relevant: set[int]) -> int:
    """Return the place of the best relevant content; ties count against it."""
    best = max((scores.get(content_id, -np.inf) for content_id in relevant), default=-np.inf)
    if best == -np.inf:
        return len(scores) + 10_000
    return sum(1 for content_id, score in scores.items() if score >= best and content_id not in relevant) + 1


if __name__ == "__main__":
    main()
