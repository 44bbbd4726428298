"""Recall of text queries where a second encoder knows only a part of the pictures, by ways of fusing both.

The labels are a CSV with the columns path, en and zh. "Known" are queries whose picture the second encoder has seen,
"unknown" the others: these must not lose because others were seen. Names play no part here.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from engine.embedding.catalog import load_encoder
from engine.embedding.encoder import Calibration, Encoder
from engine.images.decoder import Decoder
from engine.images.fit import fit
from engine.images.picture import DecodeLimits
from engine.resources import resource
from engine.search.calibration import Background, measure

RECIPROCAL_RANK_CONSTANT = 60
"""Cormack, Clarke & Büttcher, "Reciprocal rank fusion outperforms Condorcet …", SIGIR 2009."""
BATCH = 16

Z = NDArray[np.float32]
Way = Callable[[Z, Z], Z]


def main() -> None:
    """Embed the labelled pictures with both encoders and print recall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("quality", help="the second encoder, as in settings")
    parser.add_argument("--encoder", default="starter-4", help="the first one, which knows every picture")
    parser.add_argument("--library", type=Path, default=resource("sample_library"))
    parser.add_argument("--shares", type=float, nargs="*", default=[0.1, 0.3, 0.6, 1.0])
    options = parser.parse_args()
    labels = _read_labels(options.library)
    paths = sorted({path for wanted in labels.values() for path in wanted})
    first, second = (_Space(spec, options.library, paths, labels) for spec in (options.encoder, options.quality))
    for share in options.shares:
        _print(first, second, share, [[paths.index(path) for path in labels[text]] for text in first.texts])


def _read_labels(library: Path) -> dict[str, list[str]]:
    """Return the paths of the pictures of each text."""
    wanted: dict[str, list[str]] = defaultdict(list)
    with (library / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for language in ("en", "zh"):
                if row.get(language):
                    wanted[row[language]].append(row["path"].removeprefix(f"{library.name}/"))
    return wanted


class _Space:
    """The z-scores `[texts, pictures]` of one encoder."""

    def __init__(self, spec: str, library: Path, paths: list[str], labels: dict[str, list[str]]) -> None:
        self.texts = list(labels)
        encoder = load_encoder(spec)
        try:
            pictures = _embedded(encoder, [library / path for path in paths])
            texts = np.concatenate(
                [encoder.encode_texts(self.texts[at : at + BATCH]) for at in range(0, len(self.texts), BATCH)]
            )
            self.usual: Calibration = encoder.profile.calibration
        finally:
            encoder.close()
        self.products = texts @ pictures.T

    def z(self, seen: NDArray[np.bool_]) -> Z:
        """Return z-scores where the encoder knows only the pictures seen; NaN for the others."""
        prior = Background(self.usual.text_mean, self.usual.text_deviation)
        rows = [measure(row[seen], prior).z(np.where(seen, row, np.nan)) for row in self.products]
        return np.array(rows, np.float32)


def _embedded(encoder: Encoder, paths: list[Path]) -> NDArray[np.float32]:
    decoder = Decoder(DecodeLimits(max_pixels=10**9, max_bytes=10**9, seconds=60, edge=512), 1)
    try:
        pixels = [fit(decoder.decode(path, None).image, encoder.profile.input_spec) for path in paths]
    finally:
        decoder.close()
    return np.concatenate(
        [encoder.encode_images(np.stack(pixels[at : at + BATCH])) for at in range(0, len(pixels), BATCH)]
    )


def _first_alone(first: Z, _second: Z) -> Z:
    return first


def _second_first(first: Z, second: Z) -> Z:
    return np.where(np.isnan(second), first - 1000, second)


def _reciprocal_ranks(first: Z, second: Z) -> Z:
    """What is missing in a list gets nothing from it."""
    shares = 1 / (RECIPROCAL_RANK_CONSTANT + _places(first))
    return shares + np.where(np.isnan(second), 0, 1 / (RECIPROCAL_RANK_CONSTANT + _places(second)))


def _reciprocal_ranks_fair(first: Z, second: Z) -> Z:
    """What is missing in a list gets from it what its place in the other list is worth."""
    own = 1 / (RECIPROCAL_RANK_CONSTANT + _places(first))
    return own + np.where(np.isnan(second), own, 1 / (RECIPROCAL_RANK_CONSTANT + _places(second)))


def _higher(first: Z, second: Z) -> Z:
    return np.fmax(first, second)


def _mean(weight: float) -> Way:
    def fuse(first: Z, second: Z) -> Z:
        return np.where(np.isnan(second), first, (1 - weight) * first + weight * second)

    return fuse


def _in_places(order: Way) -> Way:
    """Let the pictures that both know change places among themselves; the others keep theirs."""

    def fuse(first: Z, second: Z) -> Z:
        both = ~np.isnan(second)
        fused = first.copy()
        fused[both] = np.sort(first[both])[_ascending_places(order(first[both], second[both]))]
        return fused

    return fuse


def _by_ranks(first: Z, second: Z) -> Z:
    return _reciprocal_ranks(first, second)


def _places(values: Z) -> Z:
    """Return the place of each value, the highest 1."""
    return (_ascending_places(-np.nan_to_num(values, nan=-np.inf)) + 1).astype(np.float32)


def _ascending_places(values: Z) -> NDArray[np.int64]:
    places = np.empty(len(values), np.int64)
    places[np.argsort(values, kind="stable")] = np.arange(len(values))
    return places


WAYS: dict[str, Way] = {
    "first alone": _first_alone,
    "second, then first": _second_first,
    "RRF": _reciprocal_ranks,
    "RRF, fair": _reciprocal_ranks_fair,
    "higher z": _higher,
    "mean z .5": _mean(0.5),
    "mean z .7": _mean(0.7),
    "places by RRF": _in_places(_by_ranks),
    "places by mean z .5": _in_places(_mean(0.5)),
    "places by mean z .7": _in_places(_mean(0.7)),
    "places by second": _in_places(_mean(1.0)),
}


def _print(first: _Space, second: _Space, share: float, wanted: list[list[int]]) -> None:
    everything = np.ones(first.products.shape[1], bool)
    seen = np.zeros_like(everything)
    seen[np.random.default_rng(1).permutation(len(seen))[: round(share * len(seen))]] = True
    one, other = first.z(everything), second.z(seen)
    known = np.array([seen[places].any() for places in wanted])
    table = Table(title=f"{len(wanted)} queries, {len(seen)} pictures, the second knows {share:.0%}")
    for title in ("", "R@1", "R@5", "R@10", "known R@1", "R@10", "unknown R@1", "R@10"):
        table.add_column(title)
    for name, way in WAYS.items():
        places = np.array([_best_place(way(a, b), right) for a, b, right in zip(one, other, wanted, strict=True)])
        cells = [(places, 1), (places, 5), (places, 10)]
        cells += [(places[known], 1), (places[known], 10), (places[~known], 1), (places[~known], 10)]
        table.add_row(name, *(f"{np.mean(part <= depth):.1%}" if len(part) else "" for part, depth in cells))
    Console().print(table)


def _best_place(scores: Z, right: list[int]) -> int:
    others = np.delete(scores, right)
    return int((others >= scores[right].max()).sum()) + 1


if __name__ == "__main__":
    main()
