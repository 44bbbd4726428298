"""Measures how well and how fast an encoder finds the pictures of a labelled set, so that one can be chosen.

Used by front ends. Reads pictures and labels; nothing is written anywhere, and no library is opened.
"""

from __future__ import annotations

import csv
import os
import re
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.names import SILENT_WORDS, words_of
from engine.embedding.catalog import EMPTY_SHELF, find_encoder
from engine.embedding.encoder import EncodingPlan, Pixels, Vectors
from engine.embedding.model_thread import ModelThread
from engine.embedding.shelf import Shelf
from engine.errors import DecodeError, FolderNotFound, InvalidQuery, InvalidSetting
from engine.files.content import KEPT_BYTES, read_content
from engine.files.scanner import walk
from engine.images.decoder import Decoder
from engine.images.fit import InputSpec, fit
from engine.indexing.control import Progress, ProgressMeter
from engine.library import decode_limits, is_image_name
from engine.settings import Settings

_T = TypeVar("_T")

_FILE_COLUMN = "file"
_WARM_UP = "picture"
_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_BATCHES_AHEAD = 2
"""Batches a worker that are read before the encoder is waited for."""


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture and the texts that ought to find it; without any, it is only there to be told apart."""

    path: Path
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankedQuery:
    """A text, the rank (from 1) of the right picture that came first, that picture, and what came first of all."""

    text: str
    rank: int
    right: Path
    first: Path


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured of one encoder.

    `pictures` counts distinct contents that were ranked. `images_per_second` includes reading and decoding, but not
    loading the model; `query_ms` is the median from a text to its scores.
    """

    encoder: str
    pictures: int
    queries: tuple[RankedQuery, ...]
    unreadable: tuple[tuple[Path, str], ...]
    images_per_second: float
    query_ms: float


def read_labels(table: Path, folder: Path) -> list[LabelledPicture]:
    """Read a CSV file in UTF-8 whose first column, `file`, is a path below the folder, and whose others hold texts.

    Rows of the same file add up; one without a text adds a picture that no query is for. Raises InvalidQuery.
    """
    texts: dict[Path, list[str]] = {}
    for name, *cells in _rows(table):
        texts.setdefault(folder / name, []).extend(cell.strip() for cell in cells if cell.strip())
    return [LabelledPicture(path, tuple(found)) for path, found in texts.items()]


def label_by_names(folder: Path) -> list[LabelledPicture]:
    """Return every picture below a folder, labelled with the words of its name: `FlamingCrown_02.png`, flaming crown.

    Raises FolderNotFound.
    """
    if not folder.is_dir():
        raise FolderNotFound(f"there is no folder {folder}", "check the spelling, and that the drive is plugged in")
    paths = (folder / listing.relative / name for listing in walk(folder, is_image_name) for name in listing.files)
    return [LabelledPicture(path, _words_in(path.stem)) for path in paths]


def evaluate(
    spec: str,
    pictures: Sequence[LabelledPicture],
    settings: Settings,
    report: Callable[[Progress], None],
    shelf: Shelf = EMPTY_SHELF,
) -> Evaluation:
    """Rank the pictures for each of their texts.

    A text that several pictures carry is asked once, and any of them is right; equal files are one picture with the
    texts of all. Ties count against the encoder. Raises EncoderUnavailable, VectorInvalid, InvalidSetting for an
    encoder that would send the pictures away, and InvalidQuery if there is nothing to ask.
    """
    source = find_encoder(spec, settings.device, shelf)
    terms = source.profile.terms
    if terms is not None:
        raise InvalidSetting(
            f"{source.profile.name} would send every picture to {terms.service}, which asks money for it",
            "measure encoders that run on this machine",
        )
    threads = settings.decode_threads or os.cpu_count() or 1
    with ModelThread(source.load) as model, Decoder(decode_limits(settings), threads) as decoder:
        plan = _warm_up(model, source.profile.input_spec.size)
        gallery = _Gallery(decoder, model, source.profile.input_spec)
        started = time.perf_counter()
        gallery.fill(pictures, plan, threads, report)
        seconds = time.perf_counter() - started
        queries, times = gallery.ask_all(model)
    return Evaluation(
        encoder=source.profile.name,
        pictures=len(gallery.paths),
        queries=tuple(queries),
        unreadable=tuple(gallery.unreadable),
        images_per_second=len(pictures) / seconds,
        query_ms=float(np.median(times)) * 1000,
    )


def recall_at(depth: int, queries: Sequence[RankedQuery]) -> float:
    """Return the share of queries, 0…1, that have a right picture among the first `depth`."""
    return sum(query.rank <= depth for query in queries) / len(queries)


def median_rank(queries: Sequence[RankedQuery]) -> float:
    """Return the median rank; between two ranks their mean."""
    return float(np.median([query.rank for query in queries]))


def first_right(scores: NDArray[np.float32], right: Sequence[int]) -> tuple[int, int]:
    """Return the rank (from 1) and the row of the best right one; whatever is wrong and scores as high comes before.

    `scores` is `[n]`, `right` are rows of it.
    """
    best = max(right, key=scores.__getitem__)
    at_least = int(np.count_nonzero(scores >= scores[best])) - int(np.count_nonzero(scores[right] >= scores[best]))
    return at_least + 1, best


class _Gallery:
    """The pictures that are ranked: one for each content, with its vector and the texts of all its files."""

    def __init__(self, decoder: Decoder, model: ModelThread, spec: InputSpec) -> None:
        self._decoder = decoder
        self._model = model
        self._spec = spec
        self._rows: dict[bytes, int] = {}
        self._asked: dict[str, str] = {}
        """How each text was first written."""
        self._right: dict[str, dict[int, None]] = {}
        self.paths: list[Path] = []
        self.unreadable: list[tuple[Path, str]] = []
        self._vectors: Vectors = np.empty((0, 0), np.float32)

    def fill(
        self,
        pictures: Sequence[LabelledPicture],
        plan: EncodingPlan,
        threads: int,
        report: Callable[[Progress], None],
    ) -> None:
        """Read and encode all pictures; decoding goes on while the encoder works."""
        meter = ProgressMeter(len(pictures), report)
        under_way: deque[Future[Vectors]] = deque()
        done: list[Vectors] = []
        with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
            for page in _pages(pictures, plan.batch_size * plan.workers * _BATCHES_AHEAD):
                fresh = list(self._take(page, pool.map(self._read, page), meter))
                for batch in _pages(fresh, plan.batch_size):
                    under_way.append(self._model.encode_images(np.stack(batch)))
                while len(under_way) > plan.workers * _BATCHES_AHEAD:
                    done.append(under_way.popleft().result())
        done += [vectors.result() for vectors in under_way]
        meter.report()
        if done:
            self._vectors = np.concatenate(done)

    def ask_all(self, model: ModelThread) -> tuple[list[RankedQuery], list[float]]:
        """Ask every text alone, as a user does; return the ranks and the seconds each took. Raises InvalidQuery."""
        queries: list[RankedQuery] = []
        times: list[float] = []
        for key, text in self._asked.items():
            started = time.perf_counter()
            scores = self._vectors @ model.encode_texts([text]).result()[0]
            times.append(time.perf_counter() - started)
            rank, right = first_right(scores, list(self._right[key]))
            first = right if rank == 1 else int(np.argmax(scores))
            queries.append(RankedQuery(text, rank, self.paths[right], self.paths[first]))
        if not queries:
            raise InvalidQuery(
                "no picture that can be read has a text", "check the paths in the table, or the names of the files"
            )
        return queries, times

    def _read(self, picture: LabelledPicture) -> tuple[bytes, Pixels] | DecodeError:
        try:
            content = read_content(picture.path, KEPT_BYTES)
            return content.hash, fit(self._decoder.decode(picture.path, content.data).image, self._spec)
        except DecodeError as error:
            return error

    def _take(
        self,
        page: Sequence[LabelledPicture],
        outcomes: Iterable[tuple[bytes, Pixels] | DecodeError],
        meter: ProgressMeter,
    ) -> Iterator[Pixels]:
        """Enter what was read; yield the pixels of contents that are new."""
        for picture, outcome in zip(page, outcomes, strict=True):
            if isinstance(outcome, DecodeError):
                self.unreadable.append((picture.path, outcome.message))
                meter.count(0, 1)
                continue
            content_hash, pixels = outcome
            row = self._rows.setdefault(content_hash, len(self.paths))
            if row == len(self.paths):
                self.paths.append(picture.path)
                yield pixels
            self._label(row, picture.texts)
            meter.count(1, 0)

    def _label(self, row: int, texts: Iterable[str]) -> None:
        for text in texts:
            key = _key(text)
            self._asked.setdefault(key, text)
            self._right.setdefault(key, {})[row] = None


def _warm_up(model: ModelThread, size: int) -> EncodingPlan:
    """Load the model and let every worker run once, so that what is timed is its usual speed."""
    plan = model.plan
    blank = np.zeros((plan.batch_size, size, size, 3), np.uint8)
    for future in [model.encode_images(blank) for _ in range(plan.workers)]:
        future.result()
    model.encode_texts([_WARM_UP]).result()
    return plan


def _rows(table: Path) -> list[list[str]]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as opened:
            header, *rows = list(csv.reader(opened)) or [[]]
    except OSError as error:
        raise InvalidQuery(f"{table} cannot be read: {error.strerror or error}", "check the spelling") from error
    except (ValueError, csv.Error) as error:
        raise InvalidQuery(f"{table} cannot be read: {error}", "save it as CSV in UTF-8") from error
    if len(header) < 2 or header[0].strip().lower() != _FILE_COLUMN:
        raise InvalidQuery(
            f"the first line of {table} is not '{_FILE_COLUMN},text'",
            "name the columns there: the file first, then one or more texts, with commas between them",
        )
    return [row for row in rows if row and row[0].strip()]


def _words_in(name: str) -> tuple[str, ...]:
    """Return the words of a name as one text, or none; numbers are left out, Chinese characters stay together."""
    words = [word for word in words_of(name).split() if not word.isdecimal()]
    if SILENT_WORDS.issuperset(words):
        return ()
    return (_BETWEEN_IDEOGRAPHS.sub("", " ".join(words)),)


def _key(text: str) -> str:
    """Return what two texts share that differ in case, width or spaces only."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _pages(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
