"""Encoders of every size on the same files: images/s against the starter's in the same run, peak memory, ms a query.

Each is loaded from a local checkpoint by the application's own code, indexes the files into a library of its own and
answers searches there, in a process of its own. The weights are random, in the published architectures: speed and
memory are real, what is found is not. The starter runs before and after each, so that a machine that slows down
meanwhile does not count against one of them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource as usage
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any, TypeVar

from engine.indexing.control import Control
from engine.library import Library
from engine.search.query import Query, TextTerm
from engine.settings import Settings
from tests.benchmarks.material import pictures
from tests.benchmarks.words import distinct_queries

_T = TypeVar("_T")

ARCHITECTURES = (
    "ViT-B-32",
    "MobileCLIP2-S2",
    "ViT-B-16-SigLIP2",
    "xlm-roberta-base-ViT-B-32",
    "ViT-L-14",
)
STARTER = "starter-4"
QUERIES = 20
LIMIT = 50
MEGABYTE = 1_000_000
ROW = "{:<36}{:>9}{:>11}{:>9}{:>8}{:>10}"
TOKENIZER = {
    "ViT-B-16-SigLIP2": {"padding": "<pad>", "end": "<eos>"},
    "xlm-roberta-base-ViT-B-32": {"padding": "<pad>", "begin": "<s>", "end": "</s>"},
}
"""The marks of the models that come with a tokenizer's file."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One encoder's run; `peak_bytes` is the process's, its interpreter and libraries included."""

    name: str
    images_per_second: float
    load_s: float
    query_ms: float
    peak_bytes: int


def main() -> None:
    """Make the weights, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--architecture", nargs="*", default=ARCHITECTURES, help="names that open_clip knows")
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        art = _copy_art(work / "art", options.files)
        print(ROW.format("encoder", "images/s", "÷ starter", "peak MB", "load s", "ms/query"))
        before = _apart(_measure, STARTER, art, options.device)
        _print(before, 1.0)
        for architecture in options.architecture:
            checkpoint = _apart(_make_weights, architecture, work / architecture)
            found = _apart(_measure, f"open_clip:{architecture}:{checkpoint}", art, options.device)
            shutil.rmtree(work / architecture)
            after = _apart(_measure, STARTER, art, options.device)
            _print(found, found.images_per_second / mean((before.images_per_second, after.images_per_second)))
            before = after


def _print(figures: Figures, ratio: float) -> None:
    figures_shown = (
        f"{figures.images_per_second:.1f}",
        f"{ratio:.2f}",
        f"{figures.peak_bytes / MEGABYTE:,.0f}",
        f"{figures.load_s:.1f}",
        f"{figures.query_ms:.0f}",
    )
    print(ROW.format(figures.name, *figures_shown), flush=True)


def _apart(work: Callable[..., _T], *arguments: Any) -> _T:
    """Run in a fresh process, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _copy_art(folder: Path, count: int) -> Path:
    found = pictures(None)
    if len(found) < count:
        raise SystemExit(f"the sample library has {len(found)} pictures only")
    folder.mkdir()
    for number in range(count):
        source = found[number * len(found) // count]
        shutil.copyfile(source, folder / f"{number:03}_{source.name}")
    return folder


def _make_weights(architecture: str, folder: Path) -> Path:
    """Write random weights, and a tokenizer of single bytes where the model comes with one of its own."""
    import torch
    from safetensors.torch import save_file

    from engine.embedding.open_clip_config import read_architecture, usual_preprocess
    from engine.embedding.open_clip_loading import _build
    from tests.helpers.models import write_tokenizer

    torch.manual_seed(0)
    folder.mkdir()
    checkpoint = folder / "open_clip_model.safetensors"
    # The path has to exist for the configuration to be read.
    checkpoint.touch()
    model = _build(read_architecture(architecture, checkpoint, usual_preprocess(architecture)), "cpu")
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, checkpoint)
    if architecture in TOKENIZER:
        write_tokenizer(folder / "tokenizer.json", **TOKENIZER[architecture])
    return checkpoint


def _measure(encoder: str, art: Path, device: str) -> Figures:
    settings = Settings(encoder=encoder, device=device)
    with tempfile.TemporaryDirectory() as home, Library(Path(home), settings=settings) as library:
        started = time.perf_counter()
        _ = library.space.model.plan
        load_s = time.perf_counter() - started
        library.list_folders([library.add_folder(art)], Control())
        started = time.perf_counter()
        report = library.index_pending(Control(), lambda _: None)
        seconds = time.perf_counter() - started
        if report.failed or report.cancelled:
            raise SystemExit(f"{encoder}: {report}")
        return Figures(
            name=library.searched_encoder,
            images_per_second=report.indexed / seconds,
            load_s=load_s,
            query_ms=_ask(library) * 1000,
            peak_bytes=usage.getrusage(usage.RUSAGE_SELF).ru_maxrss * 1024,
        )


def _ask(library: Library) -> float:
    """Return the median seconds of a query that was never asked before."""
    library.prepare_search("picture")
    times: list[float] = []
    for text in distinct_queries(QUERIES):
        started = time.perf_counter()
        result = library.search(Query((TextTerm(text),)), LIMIT)
        times.append(time.perf_counter() - started)
        if not result.hits:
            raise SystemExit(f"nothing was found for {text!r}")
    return median(times)


if __name__ == "__main__":
    main()
