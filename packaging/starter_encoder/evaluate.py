"""The stage `evaluate`: how well a model folder finds what it never saw, as one table.

Any model that the application can load is measured the same way, through the application's own adapter. Kept apart from
training: FreeCol and the Fluent family as a whole, a fifth of the concepts of Tux Paint and of Crawl, a tenth of the
emoji.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table

from engine.embedding.catalog import load_encoder
from engine.embedding.encoder import Encoder
from engine.images.fit import fit
from starter_encoder.gallery import Gallery, make_gallery
from starter_encoder.icons import EmojiTable
from starter_encoder.pictures import Picture, Split, Style
from starter_encoder.probes import colour_probes, natural_colour_probes, pair_probes
from starter_encoder.sources import fetch

Vectors = NDArray[np.float32]

SOURCES = frozenset({"noto", "fluent-3d", "tuxpaint", "crawl", "freecol"})
_DESCRIPTIONS = Path(__file__).with_name("freecol.toml")
_BATCH = 16
_TIMED_IMAGES = 96
_TIMED_TEXTS = 60


@dataclass(frozen=True, slots=True)
class Recall:
    """Places of the first right picture of each query, from 1; `gallery` pictures were ranked."""

    title: str
    places: NDArray[np.int64]
    gallery: int

    def at(self, depth: int) -> float:
        return float((self.places <= depth).mean()) if len(self.places) else float("nan")


class Measured:
    """The vectors of the evaluation's pictures under one encoder."""

    def __init__(self, encoder: Encoder, gallery: Gallery) -> None:
        self.encoder, self.gallery = encoder, gallery
        self.rows: dict[str, list[int]] = {}
        for row, picture in enumerate(gallery.pictures):
            self.rows.setdefault(picture.source, []).append(row)
        vectors = [
            self.encode_pixels(
                [gallery.pixels[row] for row in range(start, min(start + _BATCH, len(gallery.pictures)))]
            )
            for start in range(0, len(gallery.pictures), _BATCH)
        ]
        self.vectors: Vectors = np.concatenate(vectors)

    def encode_pixels(self, squares: Sequence[NDArray[np.uint8]]) -> Vectors:
        """Return vectors of uint8 `[side, side, 4]` pictures, laid on the ground that the encoder wants."""
        spec = self.encoder.profile.input_spec
        return self.encoder.encode_images(
            np.stack([fit(Image.fromarray(np.array(one), "RGBA"), spec) for one in squares])
        )

    def recall_of_texts(
        self, title: str, source: str, wanted: Callable[[Picture], bool], names: Callable[[Picture], Sequence[str]]
    ) -> Recall:
        """Ask for every different name of the wanted pictures in the whole source."""
        rows = self.rows[source]
        right: dict[str, set[int]] = {}
        for place, row in enumerate(rows):
            picture = self.gallery.pictures[row]
            for name in names(picture)[:1]:
                right.setdefault(name, set()).add(place)
        asked = [self.gallery.pictures[row] for row in rows if wanted(self.gallery.pictures[row])]
        texts = list(dict.fromkeys(name for picture in asked for name in names(picture)[:1]))
        if not texts:
            return Recall(title, np.empty(0, np.int64), len(rows))
        scores = self.encoder.encode_texts(texts) @ self.vectors[rows].T
        return Recall(title, _places(scores, [right[text] for text in texts]), len(rows))

    def recall_of_descriptions(self, title: str, source: str, queries: Sequence[tuple[str, str]]) -> Recall:
        """Ask for texts in the whole source; the pattern beside each finds the files that are right."""
        rows = self.rows[source]
        origins = [self.gallery.pictures[row].origin for row in rows]
        right = [{place for place, origin in enumerate(origins) if re.search(found, origin)} for _, found in queries]
        texts = [text for (text, _), places in zip(queries, right, strict=True) if places]
        scores = self.encoder.encode_texts(texts) @ self.vectors[rows].T
        return Recall(title, _places(scores, [places for places in right if places]), len(rows))

    def recall_of_pictures(self, title: str, asked: str, source: str) -> Recall:
        """Ask with each picture of one emoji set for the same concept in another."""
        rows = self.rows[source]
        place_of = {self.gallery.pictures[row].concept: place for place, row in enumerate(rows)}
        queries = [row for row in self.rows[asked] if self.gallery.pictures[row].concept in place_of]
        scores = self.vectors[queries] @ self.vectors[rows].T
        return Recall(
            title, _places(scores, [{place_of[self.gallery.pictures[row].concept]} for row in queries]), len(rows)
        )


def evaluate(model: str, work: Path) -> None:
    """Print the tables for a model: a folder, or a name that the application knows."""
    gallery = make_gallery(work, names=SOURCES)
    table = EmojiTable(fetch("emojibase", work / "packages"))
    encoder = load_encoder(model, "cpu")
    measured = Measured(encoder, gallery)
    console = Console(width=110)
    console.print(_recall_table(model, list(_recalls(measured, table))))
    probes = Table("probe, two candidates", "pairs", "right", title="Attributes")
    for title, answers in (
        ("colour, English", colour_probes(measured, "en")),
        ("colour, Chinese", colour_probes(measured, "zh")),
        ("colour of things drawn so, English", natural_colour_probes(measured)),
        ("two objects, English", pair_probes(measured, "en")),
        ("two objects, Chinese", pair_probes(measured, "zh")),
    ):
        probes.add_row(title, str(len(answers)), f"{answers.mean():.1%}")
    console.print(probes)
    console.print(_calibration_table(measured))
    console.print(_speed_table(encoder))


def _recalls(measured: Measured, table: EmojiTable) -> list[Recall]:
    def english(picture: Picture) -> Sequence[str]:
        return picture.en

    def chinese(picture: Picture) -> Sequence[str]:
        return picture.zh

    found = []
    descriptions = tomllib.loads(_DESCRIPTIONS.read_text(encoding="utf-8"))["queries"]
    for language, names in (("English", english), ("Chinese", chinese)):
        for title, source, wanted in (
            ("Fluent 3D, concepts seen", "fluent-3d", lambda one: table.split_of(one.concept) is Split.TRAIN),
            ("Fluent 3D, concepts never seen", "fluent-3d", lambda one: table.split_of(one.concept) is Split.HELD),
            ("FreeCol, its own names", "freecol", lambda one: "named" in one.tags),
            ("Tux Paint, concepts kept apart", "tuxpaint", lambda one: one.split is Split.HELD),
            ("  photographs among them", "tuxpaint", lambda one: one.split is Split.HELD and one.style is Style.PHOTO),
            ("Crawl, concepts kept apart", "crawl", lambda one: one.split is Split.HELD),
        ):
            if language == "English" or source != "crawl":
                found.append(measured.recall_of_texts(f"{title}, {language}", source, wanted, names))
        queries = [(row[language == "Chinese"], row[2]) for row in descriptions]
        found.append(measured.recall_of_descriptions(f"FreeCol, described, {language}", "freecol", queries))
    found.append(measured.recall_of_pictures("Noto → Fluent 3D, by picture", "noto", "fluent-3d"))
    found.append(measured.recall_of_pictures("Fluent 3D → Noto, by picture", "fluent-3d", "noto"))
    return found


def _places(scores: Vectors, right: Sequence[set[int]]) -> NDArray[np.int64]:
    """Return the place of the best right picture of each row; ties count against it."""
    best = np.array([max(row[list(places)]) for row, places in zip(scores, right, strict=True)])
    ahead = scores >= best[:, None]
    for row, places in enumerate(right):
        ahead[row, list(places)] = False
    return ahead.sum(1) + 1


def _recall_table(model: str, recalls: Sequence[Recall]) -> Table:
    table = Table("test", "queries", "gallery", "R@1", "R@5", "R@10", "median rank", title=f"Recall of {model}")
    for recall in recalls:
        shares = (f"{recall.at(depth):.1%}" for depth in (1, 5, 10))
        median = f"{np.median(recall.places):.0f}" if len(recall.places) else ""
        table.add_row(recall.title, str(len(recall.places)), str(recall.gallery), *shares, median)
    return table


def _calibration_table(measured: Measured) -> Table:
    """Cosines of texts and pictures that have nothing to do with each other, as `resources/models.toml` wants them."""
    rows = [row for source in ("tuxpaint", "freecol") for row in measured.rows[source]]
    pictures = [measured.gallery.pictures[row] for row in rows]
    texts = list(dict.fromkeys(text for picture in pictures for text in (picture.label, *picture.zh[:1])))
    wrong = np.array([[text != picture.label and text not in picture.zh for picture in pictures] for text in texts])
    vectors = measured.vectors[rows]
    by_text = (measured.encoder.encode_texts(texts) @ vectors.T)[wrong]
    by_picture = (vectors @ vectors.T)[np.triu_indices(len(rows), 1)]
    table = Table("unrelated pairs", "mean", "deviation", title="Calibration")
    for title, cosines in (("text", by_text), ("image", by_picture)):
        table.add_row(title, f"{cosines.mean():.3f}", f"{cosines.std():.3f}")
    return table


def _speed_table(encoder: Encoder) -> Table:
    """Measure one thread against open_clip's ViT-B-32 with random weights, both in float32 and in the same run."""
    torch.set_num_threads(1)
    rival = open_clip.create_model("ViT-B-32", pretrained=None, load_weights=False).eval()
    rival_tokens = open_clip.get_tokenizer("ViT-B-32")
    size = encoder.profile.input_spec.size
    pixels = np.random.default_rng(0).integers(0, 256, (_TIMED_IMAGES, size, size, 3), dtype=np.uint8)
    tensor = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()[:, :, :224, :224]
    dtype = torch.bfloat16 if torch.cpu.get_capabilities().get("avx512_bf16") else torch.float32
    rival = rival.to(dtype)
    with torch.inference_mode():
        own = _best_seconds(lambda: encoder.encode_images(pixels))
        other = _best_seconds(lambda: [rival.encode_image(part.to(dtype)) for part in tensor.split(4)])
        text = np.median([_seconds(lambda: encoder.encode_texts(["red potion bottle"])) for _ in range(_TIMED_TEXTS)])
        rival_text = np.median(
            [_seconds(lambda: rival.encode_text(rival_tokens("red potion bottle"))) for _ in range(20)]
        )
    table = Table("speed, one thread", "this model", "ViT-B-32", "ratio", title=f"Both in {dtype}")
    table.add_row("images a second", f"{_TIMED_IMAGES / own:.0f}", f"{_TIMED_IMAGES / other:.0f}", f"{other / own:.1f}")
    table.add_row("ms a query, median", f"{text * 1e3:.1f}", f"{rival_text * 1e3:.1f}", f"{rival_text / text:.1f}")
    return table


def _best_seconds(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(3))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
