"""What the benchmarks work on: real pictures, distinct files derived from them, and catalogues of any size."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.embeddings import Embeddings
from engine.files.scanner import FileStat
from engine.images.formats import format_for
from engine.resources import resource
from tests.benchmarks.words import COLOURS, WORDS

FILES_PER_DIRECTORY = 500
USUAL_EDGES = (96, 640)
"""Least and greatest width of derived pictures, pixels."""
GENERATOR_NICENESS = 10


def pictures(library: Path | None) -> list[Path]:
    """Return the image files of a folder, or of the bundled sample library."""
    root = library or resource("sample_library")
    return sorted(path for path in root.rglob("*") if path.is_file() and format_for(path))


def derive(sources: Sequence[Path], target: Path, numbers: range, edges: tuple[int, int] = USUAL_EDGES) -> None:
    """Write a distinct file for each number: a picture cropped, mirrored, tinted, resized; as PNG, JPEG or WebP.

    A number always makes the same file; directories that are there already are not written again.
    """
    usable = tuple(path for path in sources if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp"))
    portions = [numbers[at : at + FILES_PER_DIRECTORY] for at in range(0, len(numbers), FILES_PER_DIRECTORY)]
    jobs = [
        _Directory(usable, target / f"{portion.start // FILES_PER_DIRECTORY:04}", portion, edges)
        for portion in portions
    ]
    with ProcessPoolExecutor(initializer=os.nice, initargs=(GENERATOR_NICENESS,)) as pool:
        for _ in pool.map(_derive_directory, jobs):
            pass


@dataclass(frozen=True, slots=True)
class _Directory:
    """One directory of derived files."""

    sources: tuple[Path, ...]
    path: Path
    numbers: range
    edges: tuple[int, int]


def _derive_directory(job: _Directory) -> None:
    if job.path.exists():
        return
    unfinished = job.path.with_suffix(".part")
    unfinished.mkdir(parents=True, exist_ok=True)
    for number in job.numbers:
        _derive_one(job.sources[number % len(job.sources)], unfinished, number, job.edges)
    unfinished.rename(job.path)


def _derive_one(source: Path, directory: Path, number: int, edges: tuple[int, int]) -> None:
    chance = random.Random(number)
    image = _opened(source)
    width, height = image.size
    left, top = int(width * chance.uniform(0, 0.2)), int(height * chance.uniform(0, 0.2))
    image = image.crop(
        (
            left,
            top,
            max(left + 1, int(width * chance.uniform(0.8, 1))),
            max(top + 1, int(height * chance.uniform(0.8, 1))),
        )
    )
    if chance.random() < 0.5:
        image = ImageOps.mirror(image)
    edge = chance.randint(*edges)
    image = image.resize((edge, max(1, round(edge * image.height / image.width))))
    image = ImageEnhance.Color(image).enhance(chance.uniform(0.3, 1.7))
    name = f"{chance.choice(COLOURS)}_{chance.choice(WORDS)}_{number:06}"
    data = io.BytesIO()
    suffix, save = chance.choice((("png", {}), ("jpg", {"quality": 88}), ("webp", {"quality": 85, "method": 1})))
    (image if suffix != "jpg" else image.convert("RGB")).save(data, {"jpg": "JPEG"}.get(suffix, suffix.upper()), **save)
    (directory / f"{name}.{suffix}").write_bytes(data.getvalue())


@lru_cache(maxsize=512)
def _opened(source: Path) -> Image.Image:
    with Image.open(source) as opened:
        return opened.convert("RGBA")


def fill_catalogue(catalogue: Catalogue, root: Path, embeddings: Embeddings, count: int) -> None:
    """Put `count` assets with names, contents and random unit vectors into a catalogue, as if they had been indexed."""
    folder = catalogue.folders.add(root, polling=False)
    chance = random.Random(1)
    for start in range(0, count, FILES_PER_DIRECTORY):
        numbers = range(start, min(start + FILES_PER_DIRECTORY, count))
        names = {f"{chance.choice(COLOURS)}_{chance.choice(WORDS)}_{number:06}.png": number for number in numbers}
        with catalogue.database.write() as connection:
            files = {name: FileStat(1000 + number, 1, 1) for name, number in names.items()}
            catalogue.assets.list_files(folder, f"{start:06}", files)
            connection.executemany(
                "INSERT INTO contents (id, hash, format, width, height, frames, has_alpha)"
                " VALUES (?, ?, 'PNG', 512, 512, 1, 1)",
                [(number + 1, number.to_bytes(16, "big")) for number in numbers],
            )
            connection.executemany(
                "UPDATE assets SET content_id = ?, state = 'ready' WHERE name = ?"
                " AND directory_id = (SELECT id FROM directories WHERE relative = ?)",
                [(number + 1, name, f"{start:06}") for name, number in names.items()],
            )
            put_random_vectors(embeddings, [number + 1 for number in numbers])


def put_random_vectors(embeddings: Embeddings, content_ids: Sequence[int]) -> None:
    """Give contents random unit vectors; the first id seeds them."""
    generator = np.random.default_rng(content_ids[0])
    for start in range(0, len(content_ids), FILES_PER_DIRECTORY):
        portion = content_ids[start : start + FILES_PER_DIRECTORY]
        vectors = generator.standard_normal((len(portion), embeddings.dimension), np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        embeddings.put(portion, vectors)
