"""Indexing end to end, against the bare encoder on ready tensors and against the naive loop, in one run.

The naive loop is what a first script does: open, open_clip's own preprocessing, encode one, insert one into Milvus.
"""

from __future__ import annotations

import argparse
import os
import resource as usage
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from engine.indexing import pipeline, reading, storing
from engine.indexing.control import Control
from engine.library import Library
from engine.settings import Settings
from tests.benchmarks.material import derive, pictures

NAIVE_FILES = 200


@dataclass(frozen=True, slots=True)
class _Run:
    """One index run; `busy` is the share of all cores that the whole system used meanwhile."""

    seconds: float
    core_seconds: float
    busy: float
    files: int


class Stages:
    """Core-seconds by stage, summed over threads."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its thread's CPU time counted."""

        def call(*arguments: Any, **named: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                with self._lock:
                    self.seconds[name] += time.thread_time() - started

        return call


def main() -> None:
    """Index, encode bare, index naively; print ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--library", type=Path, help="folder of real pictures; default: derived from the sample library"
    )
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--encoder", default=None, help="as in settings; vit-b-32-random makes random weights")
    parser.add_argument("--without-naive", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        art = options.library
        if art is None:
            art = work / "art"
            derive(pictures(None), art, range(options.files))
        encoder = _random_vit(work) if options.encoder == "vit-b-32-random" else options.encoder
        settings = Settings(encoder=encoder) if encoder else Settings()
        _measure(work, art, settings, not options.without_naive)


def _random_vit(work: Path) -> str:
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    model = open_clip.create_model("ViT-B-32", load_weights=False)
    path = work / "vit.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, path)
    return f"open_clip:ViT-B-32:{path}"


def _measure(work: Path, art: Path, settings: Settings, with_naive: bool) -> None:
    bare_before = _bare(settings, work / "bare1")
    stages = Stages()
    with _instrumented(stages):
        run = _index(work / "home", art, settings, stages)
    wall, cpu, count = run.seconds, run.core_seconds, run.files
    bare_after = _bare(settings, work / "bare2")
    bare = (bare_before + bare_after) / 2
    console = Console()
    table = Table(title=f"{count:,} files with {settings.encoder[:60]}")
    for title in ("", "images/s", "÷"):
        table.add_column(title)
    table.add_row("indexing end to end", f"{count / wall:.1f}", "1")
    table.add_row(
        "bare encoder, ready tensors (before, after)",
        f"{bare_before:.1f}, {bare_after:.1f}",
        f"{count / wall / bare:.2f}",
    )
    if with_naive:
        naive = _naive(work, art, settings)
        table.add_row("naive loop", f"{naive:.1f}", f"{count / wall / naive:.2f}")
    console.print(table)
    cores = os.cpu_count() or 1
    console.print(
        f"CPU busy: {run.busy:.2f} of {cores} cores as the system counts, {cpu / wall / cores:.2f} by this program"
    )
    for name, seconds in sorted(stages.seconds.items(), key=lambda item: -item[1]):
        console.print(f"  {name:<28} {seconds / count * 1000:6.2f} core-ms an image")
    console.print(f"  {'everything':<28} {cpu / count * 1000:6.2f} core-ms an image")


def _index(home: Path, art: Path, settings: Settings, stages: Stages) -> _Run:
    with Library(home, settings=settings) as library:
        folder = library.add_folder(art)
        encoder = _loaded_encoder(library)
        encoder.encode_images = stages.timed("encode", encoder.encode_images)
        library.list_folders([folder], Control())
        cpu, machine, started = _cpu(), psutil.cpu_times(), time.perf_counter()
        report = library.index_pending(Control(), lambda _: None)
        seconds = time.perf_counter() - started
        idle = psutil.cpu_times().idle - machine.idle
        return _Run(seconds, _cpu() - cpu, 1 - idle / seconds / (os.cpu_count() or 1), report.indexed + report.failed)


@contextmanager
def _instrumented(stages: Stages) -> Iterator[None]:
    originals: list[tuple[Any, str, Any]] = []

    def wrap(owner: Any, attribute: str, name: str) -> None:
        originals.append((owner, attribute, getattr(owner, attribute)))
        setattr(owner, attribute, stages.timed(name, getattr(owner, attribute)))

    wrap(reading, "read_content", "read and hash")
    wrap(reading, "fit", "fit")
    wrap(reading.Decoder, "decode", "decode (in process)")
    wrap(reading.ThumbnailCache, "put", "thumbnail")
    wrap(storing.Storer, "put_new", "store")
    wrap(pipeline._Flow, "_feed", "feed")
    try:
        yield
    finally:
        for owner, attribute, original in originals:
            setattr(owner, attribute, original)


def _bare(settings: Settings, home: Path, seconds: float = 12.0) -> float:
    """Return images/s of the encoder alone, fed by its own threads with pixels that lie ready."""
    with Library(home, settings=settings) as library:
        plan = library.space.model.plan
        size = library.space.profile.input_spec.size
        pixels = np.random.default_rng(0).integers(0, 255, (plan.batch_size, size, size, 3), np.uint8)
        for future in [library.space.model.encode_images(pixels) for _ in range(plan.workers)]:
            future.result()
        done, started = 0, time.perf_counter()
        line = [library.space.model.encode_images(pixels) for _ in range(plan.workers + 1)]
        while time.perf_counter() - started < seconds:
            line.pop(0).result()
            done += plan.batch_size
            line.append(library.space.model.encode_images(pixels))
        rate = done / (time.perf_counter() - started)
        for future in line:
            future.result()
        return rate


def _naive(work: Path, art: Path, settings: Settings) -> float:
    """Return images/s of one picture after the other with stock open_clip and stock Milvus Lite."""
    import torch
    from PIL import Image
    from pymilvus import MilvusClient

    with Library(work / "naive", settings=settings) as library:
        encoder = _loaded_encoder(library)
        model = encoder._model.float()
    import open_clip

    spec = library.space.profile.input_spec
    preprocess = open_clip.image_transform(
        spec.size, is_train=False, resize_mode=str(spec.mode), interpolation="bicubic"
    )
    torch.set_num_threads(os.cpu_count() or 1)
    client = MilvusClient(str(work / "naive.db"))
    client.create_collection("assets", dimension=library.space.profile.dimension)
    files = [path for path in pictures(art) if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp")][:NAIVE_FILES]
    started = time.perf_counter()
    with torch.inference_mode():
        for number, path in enumerate(files):
            pixels = preprocess(Image.open(path).convert("RGB")).unsqueeze(0)
            vector = model.encode_image(pixels)[0]
            client.insert("assets", [{"id": number, "vector": (vector / vector.norm()).tolist()}])
    rate = len(files) / (time.perf_counter() - started)
    client.close()
    return rate


def _loaded_encoder(library: Library) -> Any:
    _ = library.space.model.plan
    return library.space.model._encoder


def _cpu() -> float:
    """Return the core-seconds of this process and of the decoders that run apart, alive ones included."""
    ended = usage.getrusage(usage.RUSAGE_CHILDREN)
    alive = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(times.user + times.system for times in alive)


if __name__ == "__main__":
    main()
