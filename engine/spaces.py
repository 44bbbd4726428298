"""The vector spaces of a library: `searched` answers searches, `wanted` is what the settings name and indexing fills.

Put together by `engine.library`. Mostly they are one. After a change of encoder the former one goes on answering until
the wanted one can find all that it finds; then searches move over while the library stays open. Beside them there may
be `quality`, a space that holds some contents only and has a say in searches over those; it may be one of the two.
Vectors are deleted only when that is asked for.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.encoders import KnownEncoder
from engine.embedding.catalog import EncoderSource, find_encoder, name_on_shelf
from engine.embedding.models import ModelRow, available_models
from engine.embedding.shelf import Place, shelf_of
from engine.errors import EncoderInUse, EncoderUnavailable, EncoderUnknown, InvalidSetting, PropmasterError
from engine.indexing.control import Build
from engine.search.meaning import Meaning
from engine.search.second import SecondSpace
from engine.settings import Settings
from engine.space import Space, vectors_location
from engine.vectors.store import delete_collection


@dataclass(frozen=True, slots=True)
class EncoderState:
    """An encoder on offer, or one that has vectors here; `model` is None where the table does not have it.

    `spec` chooses it in the settings, empty while its weights, looked for at `place`, are absent. `built` (0…1) is set
    while it is to take the place of the searched one.
    """

    name: str
    model: ModelRow | None
    place: Place | None
    spec: str
    dimension: int
    vectors: int
    wanted: bool
    searched: bool
    quality: bool
    built: float | None


class Spaces:
    """The spaces of an open library. Searching is thread-safe; `settle` and `drop` belong to the one writer."""

    def __init__(
        self, home: Path, settings: Settings, catalogue: Catalogue, make: Callable[[EncoderSource], Space]
    ) -> None:
        """Choose the spaces. Raises as `find_main`."""
        self._home, self._settings, self._catalogue = home, settings, catalogue
        self._changed = threading.Condition()
        self._searches: Counter[Space] = Counter()
        self.lost = ""
        """The encoder that searches were answered with, where its files are gone and the wanted one is not complete."""
        self.shelf = shelf_of(home, settings.models_share)
        self.wanted = make(self.find_main(settings.encoder))
        former = self._find_former()
        self.searched = self.wanted if former is None else make(former)
        self.quality: Space | None = None
        self._second = self._find_second(make) if settings.quality_encoder else None

    def find(self, spec: str) -> EncoderSource:
        """Return the encoder that a setting means. Raises EncoderUnavailable."""
        return find_encoder(spec, self._settings.device, self.shelf)

    def find_main(self, spec: str) -> EncoderSource:
        """Return the encoder that is to see every picture. Raises EncoderUnavailable, InvalidSetting for a service."""
        source = self.find(spec)
        if source.profile.terms is not None:
            raise InvalidSetting(
                f"{source.profile.name} is a service: it cannot be the encoder that sees every picture by itself",
                "keep an encoder on this machine, and choose the service as the quality encoder",
            )
        return source

    @property
    def all(self) -> tuple[Space, ...]:
        """Every space once."""
        return tuple(dict.fromkeys(space for space in (self.searched, self.wanted, self.quality) if space is not None))

    @contextmanager
    def searching(self) -> Iterator[Space]:
        """Lend the space that answers searches; it stays open meanwhile."""
        with self._changed:
            space = self.searched
            self._searches[space] += 1
        try:
            yield space
        finally:
            with self._changed:
                self._searches[space] -= 1
                self._changed.notify_all()

    @contextmanager
    def answering(self) -> Iterator[tuple[Space, SecondSpace | None]]:
        """Lend the space that answers searches and, where it is another, the one that has a say in them."""
        with self.searching() as space:
            yield space, self._second if self.quality is not space else None

    def remember_specs(self) -> None:
        """Let the catalogue know what the settings call the encoders, so that they can be loaded again."""
        self._catalogue.encoders.set_spec(self.wanted.embeddings.encoder_id, self._settings.encoder)
        if self.quality is not None:
            self._catalogue.encoders.set_spec(self.quality.embeddings.encoder_id, self._settings.quality_encoder)

    def settle(self) -> None:
        """Let the wanted encoder answer searches if it finds all that the former one does, after opening or indexing.

        Searches under way end on the former one, which is then closed.
        """
        encoders, wanted_id = self._catalogue.encoders, self.wanted.embeddings.encoder_id
        former = encoders.find_searched()
        if former is not None and self._finds_more(former):
            return
        if former is None or former.id != wanted_id:
            encoders.set_searched(wanted_id)
        self.lost = ""
        if self.searched is not self.wanted:
            self._move_over()

    def to_fill(self) -> Sequence[Space]:
        """Return the spaces that want vectors, in order.

        While the wanted one is built, the searched one is kept in step with new files, unless more is missing in it
        than there is: an index that was hardly begun is not finished for an encoder that was left.
        """
        missing = 0 if self.searched is self.wanted else self._count_pending(self.searched)
        keeps_up = 0 < missing <= self.searched.embeddings.count()
        return (self.searched, self.wanted) if keeps_up else (self.wanted,)

    def has_pending(self) -> bool:
        """Return whether a space lacks vectors that it should get."""
        return any(self._count_pending(space) for space in self.to_fill())

    def build(self) -> Build | None:
        """Return how far the wanted encoder is, None where no other one's place is to be taken."""
        if self.searched is self.wanted and not self.lost:
            return None
        return Build(self.wanted.profile.name, *self._catalogue.encoders.coverage(self.wanted.embeddings.encoder_id))

    def states(self) -> list[EncoderState]:
        """Return the encoders on offer, the recommended one first, then others that have vectors here."""
        build = self.build()
        known = {encoder.name: encoder for encoder in self._catalogue.encoders.all()}
        vectors = {name: self._catalogue.encoders.count_vectors(encoder.id) for name, encoder in known.items()}
        rows = {name_on_shelf(row, self.shelf): row for row in available_models(self.shelf.home)}
        places = {name: self.shelf.place(row) for name, row in rows.items()}
        wanted, searched = self.wanted.profile.name, self.searched.profile.name
        quality = "" if self.quality is None else self.quality.profile.name
        others = [name for name in known if vectors[name] or name in (wanted, quality)]
        return [
            EncoderState(
                name=name,
                model=rows.get(name),
                place=places.get(name),
                spec=_spec(rows.get(name), places.get(name), known.get(name)),
                dimension=rows[name].dimension if name in rows else known[name].dimension,
                vectors=vectors.get(name, 0),
                wanted=name == wanted,
                searched=name == searched,
                quality=name == quality,
                built=build.share if build is not None and name == wanted else None,
            )
            for name in dict.fromkeys([*rows, *others])
        ]

    def drop(self, name: str) -> int:
        """Delete an encoder's vectors and return how many there were. Raises EncoderInUse, EncoderUnknown."""
        if self.quality is not None and name == self.quality.profile.name:
            raise EncoderInUse(
                f"{name} is the quality encoder and has a say in searches",
                "set the quality encoder to another one, or to none, first",
            )
        if name in (space.profile.name for space in self.all):
            raise EncoderInUse(
                f"{name} answers searches, or will once it is built",
                "choose another encoder first, and let it be built",
            )
        known = next((one for one in self._catalogue.encoders.all() if one.name == name), None)
        if known is None:
            raise EncoderUnknown(f"this library has no vectors of {name!r}", "`propmaster models` lists who has some")
        vectors = self._catalogue.encoders.count_vectors(known.id)
        # The catalogue last: what it does not name, nobody would ever find to delete.
        delete_collection(vectors_location(self._home, self._settings, name), name, known.dimension)
        self._catalogue.encoders.forget(known.id)
        return vectors

    def forget(self, content_ids: Sequence[int]) -> None:
        """Remove vectors of contents that the catalogue has deleted."""
        with self.searching() as searched:
            searched.forget(content_ids)
            for space in self.all:
                if space is not searched:
                    space.forget(content_ids)

    def close(self) -> None:
        """Close all, each whatever happens to the others; every search has ended."""
        with ExitStack() as closing:
            for space in self.all:
                closing.callback(space.close)
            if self._second is not None:
                closing.callback(self._second.close)

    def _find_second(self, make: Callable[[EncoderSource], Space]) -> SecondSpace:
        """Make the quality space and return what asks it; where its files are missing, what says so at each search."""
        spec = self._settings.quality_encoder
        try:
            source = self.find(spec)
        except EncoderUnavailable as error:
            return SecondSpace(spec, partial(_raise, error))
        self.quality = next((space for space in self.all if space.profile.name == source.profile.name), None)
        quality = self.quality = self.quality or make(source)
        return SecondSpace(source.profile.name, lambda: quality.meaning)

    def _find_former(self) -> EncoderSource | None:
        """Return the encoder that is to go on answering; None if the wanted one can, or must."""
        former = self._catalogue.encoders.find_searched()
        if former is None or not self._finds_more(former):
            return None
        try:
            source = self.find(former.spec)
        except EncoderUnavailable:
            source = None
        if source is None or source.profile.name != former.name:
            self.lost = former.name
            return None
        return source

    def _finds_more(self, former: KnownEncoder) -> bool:
        """Return whether an encoder finds pictures that the wanted one does not; those of absent drives do not count.

        Without a single vector the wanted one never takes over: all drives may be absent.
        """
        encoders, wanted_id = self._catalogue.encoders, self.wanted.embeddings.encoder_id
        if former.id == wanted_id or not encoders.count_vectors(former.id):
            return False
        return not encoders.count_vectors(wanted_id) or encoders.lacks(wanted_id, former.id)

    def _move_over(self) -> None:
        with self._changed:
            former, self.searched = self.searched, self.wanted
            self._changed.wait_for(lambda: not self._searches[former])
            del self._searches[former]
        if former is not self.quality:
            former.close()

    def _count_pending(self, space: Space) -> int:
        return self._catalogue.assets.count_pending(space.embeddings.encoder_id)


def _raise(error: PropmasterError) -> Meaning:
    raise error


def _spec(row: ModelRow | None, place: Place | None, known: KnownEncoder | None) -> str:
    if row is not None:
        return "" if place is Place.ABSENT else row.name
    return "" if known is None else known.spec
