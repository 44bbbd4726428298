"""The quality encoder of an open library: what a budget buys of it, and the run that shows it the pictures.

It sees what pays most first: pictures of chosen folders, then those in use, then the newest. Each call goes on where
the last one was stopped, or killed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.worth import Reason, Worthy
from engine.embedding.catalog import EncoderSource
from engine.embedding.encoder import Terms
from engine.embedding.model_thread import ModelThread
from engine.errors import ConsentMissing, EncoderUnknown
from engine.filling import Filler
from engine.indexing.control import Build, Control, Progress
from engine.indexing.line import Chosen
from engine.indexing.pipeline import IndexReport
from engine.indexing.reading import Unreadable
from engine.settings import Settings
from engine.space import Space
from engine.spaces import Spaces

LEAST_TIMED = 16
"""Fewer pictures than this tell nothing of a speed: most of their time goes into loading."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What may be spent: micro-USD, pictures, either or neither; and folders to begin with."""

    budget: int | None = None
    images: int | None = None
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many pictures of a directory a budget buys, and why those."""

    folder: Path
    reason: Reason
    images: int


@dataclass(frozen=True, slots=True)
class QualityPlan:
    """What a wish buys: `images` of `waiting`, after the `seen` ones; `kept_back` are never sent to a service.

    `price` in micro-USD is the most it may cost; `day_left` is what may be spent on any service today. `seconds` is
    told for an encoder on this machine.
    """

    encoder: str
    terms: Terms | None
    seen: int
    waiting: int
    kept_back: int
    images: int
    shares: tuple[Share, ...]
    price: int
    day_left: int
    seconds: float | None

    def count(self, reason: Reason) -> int:
        """Return how many pictures are bought for a reason."""
        return sum(share.images for share in self.shares if share.reason is reason)


class Quality:
    """Plans and runs. Planning is thread-safe; `fill` belongs to the one writer."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        catalogue: Catalogue,
        rooms: tuple[Spaces, Filler],
        day_left: Callable[[], int],
    ) -> None:
        """Plan and run for an open library; `day_left` says what may still be spent today, in micro-USD."""
        self._settings, self._catalogue = settings, catalogue
        self._spaces, self._filler = rooms
        self._day_left = day_left
        self._refused: set[int] = set()
        """Assets that gave no vector in this session; they are not asked for again before the next."""

    @property
    def chosen_folders(self) -> tuple[Path, ...]:
        """The folders that come first, as the settings say."""
        return tuple(Path(line) for line in self._settings().quality_folders.splitlines() if line.strip())

    def waits(self) -> bool:
        """Return whether the encoder lacks pictures that it may see without being asked for."""
        space = self._spaces.quality
        if space is None or space.profile.terms is not None or space in (self._spaces.searched, self._spaces.wanted):
            return False
        searched = self._spaces.searched.embeddings.encoder_id
        return self._catalogue.encoders.lacks(space.embeddings.encoder_id, searched)

    def plan(self, wish: Wish, spec: str = "") -> QualityPlan:
        """Return what a wish buys of an encoder, by default the chosen one; may load it to measure its speed.

        Raises EncoderUnknown where none is chosen, EncoderUnavailable where its files are missing.
        """
        source = self._source(spec)
        profile = source.profile
        known = self._catalogue.encoders.find(profile.name)
        encoder_id = 0 if known is None else known.id
        seen = self._catalogue.encoders.count_vectors(encoder_id)
        line = self.line(encoder_id, profile.terms, wish.folders)
        whole = len(line) if profile.terms is None else len(self.line(encoder_id, None, wish.folders))
        bought = line[: _images(wish, profile.terms, len(line))]
        price = 0 if profile.terms is None else len(bought) * profile.terms.per_image
        speed = self._speed(source, encoder_id) if profile.terms is None and bought else None
        return QualityPlan(
            encoder=profile.name,
            terms=profile.terms,
            seen=seen,
            waiting=len(line),
            kept_back=whole - len(line),
            images=len(bought),
            shares=self._shares(bought),
            price=price,
            day_left=self._day_left(),
            seconds=None if speed is None else len(bought) / speed,
        )

    def count_waiting(self) -> int:
        """Return how many pictures the chosen encoder may still see. Raises EncoderUnknown without one."""
        return len(self._line_of(self._space()))

    def line(self, encoder_id: int, terms: Terms | None, folders: Sequence[Path] = ()) -> list[Worthy]:
        """Return what an encoder has not seen and may see, the worthiest first."""
        chosen = tuple(folders) or self.chosen_folders
        return self._catalogue.worth.line(encoder_id, chosen, sendable=terms is not None)

    def allow(self, budget: int) -> None:
        """Let the chosen encoder's service get pictures and the words of searches, and cost so much more (micro-USD).

        Raises EncoderUnknown where none is chosen, or one that is no service.
        """
        space = self._space()
        name, terms = space.profile.name, space.profile.terms
        if terms is None:
            raise EncoderUnknown(f"{name} works on this machine and costs nothing", "start it without a budget")
        spent = self._catalogue.ledger.spent_encoding(name)
        self._catalogue.consents.give(name, terms.service, spent + budget)

    def fill(
        self,
        control: Control,
        report: Callable[[Progress], None],
        urgent: Callable[[], bool] = lambda: False,
        wish: Wish | None = None,
    ) -> IndexReport:
        """Show pictures to the chosen encoder, until something else is `urgent`; pictures in hand are stored.

        A service gets as many as was allowed and the day leaves, and more where they cost less than they might have.
        Raises EncoderUnknown where none is chosen, ConsentMissing, what the service says; otherwise as indexing does.
        """
        space, wish = self._space(), wish or Wish()
        left = _images(wish, space.profile.terms, sys.maxsize)
        reports = []
        while True:
            line = self._line_of(space, wish.folders)
            asset_ids = [one.asset_id for one in line[: min(left, self._affordable(space))]]
            reports.append(self._fill(space, asset_ids, control, report, urgent))
            left -= reports[-1].indexed
            again = space.profile.terms is not None and reports[-1].indexed and left
            if not again or control.cancelled or urgent():
                return _joined(reports)

    def _fill(
        self,
        space: Space,
        asset_ids: Sequence[int],
        control: Control,
        report: Callable[[Progress], None],
        urgent: Callable[[], bool],
    ) -> IndexReport:
        encoders, encoder_id = self._catalogue.encoders, space.embeddings.encoder_id
        begun = Build(space.profile.name, *encoders.coverage(encoder_id))

        def tell(progress: Progress) -> None:
            report(replace(progress, build=replace(begun, done=min(begun.done + progress.done, begun.total))))

        done = self._filler.fill(space, Chosen(self._catalogue.assets, asset_ids, urgent), control, tell, self._refuse)
        if done.indexed >= LEAST_TIMED and not control.was_paused:
            encoders.set_speed(encoder_id, done.indexed / done.seconds)
        return done

    def _line_of(self, space: Space, folders: Sequence[Path] = ()) -> list[Worthy]:
        line = self.line(space.embeddings.encoder_id, space.profile.terms, folders)
        return [one for one in line if one.asset_id not in self._refused]

    def _affordable(self, space: Space) -> int:
        """Return how many pictures may be paid for. Raises ConsentMissing."""
        name, terms = space.profile.name, space.profile.terms
        if terms is None:
            return sys.maxsize
        consent = self._catalogue.consents.find(name)
        if consent is None:
            raise ConsentMissing(
                f"{terms.service} may not get pictures for {name} yet",
                "say what it may cost: `propmaster models fill --budget USD`, or the Quality page of the settings",
            )
        left = min(consent.budget - self._catalogue.ledger.spent_encoding(name), self._day_left())
        return max(left, 0) // max(terms.per_image, 1)

    def _refuse(self, files: Sequence[Unreadable]) -> None:
        """Leave files aside: what the searched encoder could read stays in the library as it is."""
        ids = [file.asset.id for file in files]
        self._refused.update(ids)
        self._catalogue.assets.postpone(ids)

    def _space(self) -> Space:
        if self._spaces.quality is None:
            raise EncoderUnknown("no quality encoder is chosen", "set quality_encoder, or choose one in the settings")
        return self._spaces.quality

    def _source(self, spec: str) -> EncoderSource:
        spec = spec or self._settings().quality_encoder
        if not spec:
            raise EncoderUnknown("no quality encoder is chosen", "name one that `propmaster models` lists")
        return self._spaces.find(spec)

    def _speed(self, source: EncoderSource, encoder_id: int) -> float:
        """Return images a second: those of its last run here, or of a few pictures now."""
        known = self._catalogue.encoders.speed(encoder_id)
        if known is not None:
            return known
        with ModelThread(source.load) as model:
            return measure_speed(model, source.profile.input_spec.size)

    def _shares(self, bought: Sequence[Worthy]) -> tuple[Share, ...]:
        paths = self._catalogue.worth.paths({one.directory_id for one in bought})
        counts = Counter((one.reason, paths[one.directory_id]) for one in bought)
        reasons = list(Reason)
        ordered = sorted(counts.items(), key=lambda item: (reasons.index(item[0][0]), -item[1], item[0][1]))
        return tuple(Share(folder, reason, images) for (reason, folder), images in ordered)


def _joined(reports: Sequence[IndexReport]) -> IndexReport:
    indexed, failed = sum(one.indexed for one in reports), sum(one.failed for one in reports)
    return replace(reports[-1], indexed=indexed, failed=failed, seconds=sum(one.seconds for one in reports))


def measure_speed(model: ModelThread, size: int) -> float:
    """Return how many images a second a model takes, after one call that warms it up."""
    plan = model.plan
    pixels = np.zeros((plan.batch_size, size, size, 3), np.uint8)
    model.encode_images(pixels).result()
    started = time.perf_counter()
    for coming in [model.encode_images(pixels) for _ in range(plan.workers)]:
        coming.result()
    return plan.batch_size * plan.workers / (time.perf_counter() - started)


def _images(wish: Wish, terms: Terms | None, waiting: int) -> int:
    """Return how many of the waiting pictures a wish buys."""
    bought = waiting if wish.images is None else min(wish.images, waiting)
    if wish.budget is None or terms is None or terms.per_image == 0:
        return bought
    return min(bought, wish.budget // terms.per_image)
