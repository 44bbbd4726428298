"""What the benchmarks work on: real pictures, distinct files derived from them, and catalogues of any size."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.embeddings import Embeddings
from engine.files.scanner import FileStat
from engine.images.formats import format_for
from engine.resources import resource

FILES_PER_DIRECTORY = 500
WORDS = (
    "crown sword potion chest key shield archer knight ship tree rock coin book gem helmet bow door lamp cat".split()
)
COLOURS = "red golden blue green black white silver purple old broken large small".split()


def pictures(library: Path | None) -> list[Path]:
    """Return the image files of a folder, or of the bundled sample library."""
    root = library or resource("sample_library")
    return sorted(path for path in root.rglob("*") if path.is_file() and format_for(path))


def derive(sources: Sequence[Path], target: Path, count: int) -> None:
    """Write `count` distinct files made of these pictures: cropped, mirrored, tinted, resized; PNG, JPEG and WebP."""
    usable = [path for path in sources if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp")]
    jobs = [(usable[number % len(usable)], target, number) for number in range(count)]
    for number in range(0, count, FILES_PER_DIRECTORY):
        (target / f"{number // FILES_PER_DIRECTORY:04}").mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(_derive_one, jobs, chunksize=64):
            pass


def _derive_one(job: tuple[Path, Path, int]) -> None:
    source, target, number = job
    chance = random.Random(number)
    with Image.open(source) as opened:
        image = opened.convert("RGBA")
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
    edge = chance.randint(96, 640)
    image = image.resize((edge, max(1, round(edge * image.height / image.width))))
    image = ImageEnhance.Color(image).enhance(chance.uniform(0.3, 1.7))
    name = f"{chance.choice(COLOURS)}_{chance.choice(WORDS)}_{number:06}"
    data = io.BytesIO()
    suffix, save = chance.choice((("png", {}), ("jpg", {"quality": 88}), ("webp", {"quality": 85, "method": 1})))
    (image if suffix != "jpg" else image.convert("RGB")).save(data, {"jpg": "JPEG"}.get(suffix, suffix.upper()), **save)
    (target / f"{number // FILES_PER_DIRECTORY:04}" / f"{name}.{suffix}").write_bytes(data.getvalue())


def fill_catalogue(catalogue: Catalogue, root: Path, embeddings: Embeddings, count: int) -> None:
    """Put `count` assets with names, contents and random unit vectors into a catalogue, as if they had been indexed."""
    folder = catalogue.folders.add(root, polling=False)
    chance = random.Random(1)
    generator = np.random.default_rng(1)
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
            vectors = generator.standard_normal((len(numbers), embeddings.dimension), np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            embeddings.put([number + 1 for number in numbers], vectors)


def distinct_queries(count: int) -> Iterator[str]:
    """Yield texts that were never asked before, a third of them Chinese."""
    chinese = "皇冠 宝剑 药水 宝箱 钥匙 盾牌 弓箭手 骑士 帆船 大树".split()
    for number in range(count):
        if number % 3 == 2:
            yield f"{chinese[number % len(chinese)]} {number}"
        else:
            yield f"{COLOURS[number % len(COLOURS)]} {WORDS[number * 7 % len(WORDS)]} {number}"
