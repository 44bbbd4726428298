"""The facade: the only place where catalogue, vectors, encoder, files and images are put together.

Used by every front end. One Library of a data directory may write; any number may read beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.browsing import Browser
from engine.catalogue.assets import FailedAsset
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.folders import Folder, FolderCounts
from engine.cloud import Cloud
from engine.compose.generators.opening import make_ready
from engine.compose.pictures import OutgoingPictures
from engine.composing import Composer
from engine.connecting import reach_of
from engine.copies import CopyFinder
from engine.embedding.catalog import EncoderSource, name_on_shelf
from engine.embedding.models import ModelRow, available_models
from engine.errors import EncoderInUse, FolderNotFound, PropmasterError
from engine.files.roots import is_network_path
from engine.filling import Filler
from engine.home import HomeLock, prepare_home
from engine.images.decoder import Decoder
from engine.images.formats import SUFFIXES
from engine.images.full_pictures import FullPictures
from engine.images.outgoing import HIGHEST_QUALITY, OutgoingLimits
from engine.images.picture import DecodeLimits
from engine.images.thumbnails import ThumbnailCache
from engine.indexing.control import Build, Control, Progress
from engine.indexing.line import Waiting
from engine.indexing.listing import Lister, ListingReport
from engine.indexing.pipeline import IndexReport
from engine.quality import Quality
from engine.search.query import ImageTerm, Query
from engine.search.searcher import SearchResult
from engine.settings import AT_ONCE, Settings, load_settings
from engine.space import Space
from engine.spaces import Spaces
from engine.studio import Room, Studio
from engine.weights.importing import remove_weights

MEGA = 1_000_000
WORKING_EDGE_PX = 512
"""Longest edge of decoded pictures: as much as a thumbnail shows, and more than encoders look at."""


class Access(Enum):
    """What a Library is opened for."""

    READ = auto()
    WRITE = auto()


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """A watched folder and what is in it."""

    folder: Folder
    counts: FolderCounts


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """The library at a glance; sizes in bytes. `vectors` are those of the encoder that answers searches.

    `pending` counts assets that wait for a vector of the wanted encoder, which is the same unless one is built to take
    its place. `lost` is the encoder that answered before, where its files are gone and the new one is not complete.
    """

    home: Path
    encoder: str
    build: Build | None
    lost: str
    assets: int
    vectors: int
    pending: int
    failed: int
    catalogue_bytes: int
    thumbnail_bytes: int


class Library:
    """An open library; a context manager."""

    def __init__(self, home: Path, access: Access = Access.WRITE, settings: Settings | None = None) -> None:
        """Open the library of a data directory, making it where it is missing. Raises errors of `engine.errors`."""
        prepare_home(home)
        self.home = home
        self.settings = load_settings(home) if settings is None else settings
        self._lock = HomeLock(home) if access is Access.WRITE else None
        # What was opened is closed in reverse order, each whatever happens to the others.
        self._closing = ExitStack()
        with ExitStack() as opening:
            if self._lock is not None:
                opening.callback(self._lock.release)
            self._catalogue = Catalogue(home)
            opening.callback(self._catalogue.close)
            if self._lock is not None:
                opening.callback(self._catalogue.database.backup_if_due)
                self._catalogue.ledger.mark_lost_encodings()
            self.browser = Browser(self._catalogue)
            decode_threads = self.settings.decode_threads or os.cpu_count() or 1
            self._decoder = Decoder(decode_limits(self.settings), decode_threads)
            opening.callback(self._decoder.close)
            self.full_pictures = FullPictures(home / "pictures", self._decoder, decode_limits(self.settings))
            self.thumbnails = ThumbnailCache(home / "thumbnails", self.settings.thumbnail_quota_mb * MEGA)
            self._cloud = Cloud(home, lambda: self.settings, self._catalogue, lambda: self.studio.accounts.day_cap)
            self._filler = Filler(self._catalogue, self._decoder, self.thumbnails, decode_threads)
            self.spaces = Spaces(home, self.settings, self._catalogue, self._make_space)
            opening.callback(self.spaces.close)
            opening.callback(self._cloud.close)
            if self._lock is not None:
                self.spaces.remember_specs()
                self.spaces.settle()
            self.quality = Quality(
                lambda: self.settings,
                self._catalogue,
                (self.spaces, self._filler),
                lambda: self.studio.accounts.budget().left_today,
            )
            outgoing = OutgoingPictures(
                home / "outgoing",
                self._decoder,
                decode_limits(self.settings),
                self.thumbnails,
                OutgoingLimits(self.settings.outgoing_edge, min(self.settings.outgoing_quality, HIGHEST_QUALITY)),
            )
            self.composer = Composer(home, self._catalogue, outgoing, self.search)
            self.studio = Studio(self._room(outgoing))
            opening.callback(self.studio.close)
            self.near_copies = CopyFinder(self._catalogue, self.browser, self.spaces, self.thumbnails)
            self._closing = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop every thread, save and release everything; may be repeated."""
        self._closing.close()

    def take_up_settings(self) -> None:
        """Read again the settings that need no new start. Raises InvalidSetting."""
        written = load_settings(self.home)
        self.settings = replace(self.settings, **{name: getattr(written, name) for name in AT_ONCE})

    # Folders

    def folders(self) -> list[FolderStatus]:
        """Return the watched folders with their counts."""
        counts = self._catalogue.folders.counts()
        return [
            FolderStatus(folder, counts.get(folder.id, FolderCounts(0, 0, 0, 0)))
            for folder in self._catalogue.folders.all()
        ]

    def add_folder(self, path: Path) -> Folder:
        """Watch a folder, or return the watched one that holds it already. Raises FolderNotFound."""
        resolved = _resolved_folder(path)
        covering = self._catalogue.folders.find_covering(resolved)
        return covering or self._catalogue.folders.add(resolved, polling=is_network_path(resolved))

    def remove_folder(self, path: Path) -> None:
        """Forget a folder; the files stay where they are. Raises FolderUnknown."""
        known = {folder.path for folder in self._catalogue.folders.all()}
        self._catalogue.folders.remove(path if path in known else path.resolve())
        self.keep_house()

    # Indexing

    def list_folders(self, folders: Sequence[Folder], control: Control) -> list[ListingReport]:
        """Bring the lists of files of these folders in step with the disk."""
        lister = self._lister()
        return [lister.list_folder(folder, control) for folder in folders if not control.cancelled]

    def list_parts(
        self, folder: Folder, directories: Collection[str], trees: Collection[str], control: Control
    ) -> ListingReport:
        """Look at parts of a folder only; see `Lister.list_parts`."""
        return self._lister().list_parts(folder, directories, trees, control)

    def index_pending(self, control: Control, report: Callable[[Progress], None]) -> IndexReport:
        """Read, embed and store whatever waits in folders that are online; then search with it, if it is complete."""
        reports: list[IndexReport] = []
        for space in self.spaces.to_fill():
            line = Waiting(self._catalogue.assets, space.embeddings.encoder_id)
            reports.append(self._filler.fill(space, line, control, self._with_build(space, report)))
            if control.cancelled:
                break
        self.spaces.settle()
        failed, seconds = sum(one.failed for one in reports), sum(one.seconds for one in reports)
        return replace(reports[-1], failed=failed, seconds=seconds)

    def _with_build(self, space: Space, report: Callable[[Progress], None]) -> Callable[[Progress], None]:
        """Return what reports progress together with how far the encoder is that takes another's place."""
        begun = self.spaces.build() if space is self.spaces.wanted else None
        if begun is None:
            return report
        return lambda progress: report(replace(progress, build=replace(begun, done=begun.done + progress.done)))

    def retry_failed(self, asset_ids: Sequence[int] = ()) -> int:
        """Put failed files back in line, without ids all of them; return how many."""
        return self._catalogue.assets.retry_failed(asset_ids)

    def has_pending(self) -> bool:
        """Return whether anything waits to be read or embedded."""
        return self.spaces.has_pending()

    def failed(self) -> list[FailedAsset]:
        """Return the files that gave no picture, and why."""
        return self._catalogue.assets.failed()

    def keep_house(self) -> None:
        """Forget files gone for a month, contents and thumbnails that nothing needs."""
        self._catalogue.assets.forget_long_missing()
        orphans = self._catalogue.contents.forget_orphans()
        if orphans:
            self.spaces.forget([content_id for content_id, _ in orphans])
        for _, content_hash in orphans:
            self.thumbnails.remove(content_hash)

    def describe(self, asset_id: int, text: str) -> None:
        """Write what a picture shows, in the user's words, in place of a model's. Raises AssetUnknown."""
        encoders = [row.name for row in available_models(self.home) if row.cloud is not None and row.cloud.describer]
        content_id = self.browser.describe(asset_id, text, encoders)
        for space in self.spaces.all:
            if space.profile.name in encoders:
                space.forget([content_id])

    # Finding

    def search(
        self, query: Query, limit: int, offset: int = 0, stopped: Callable[[], bool] = lambda: False
    ) -> SearchResult:
        """Return one page of what answers a query. Raises InvalidQuery, EncoderUnavailable, or SearchStopped."""
        with self.spaces.answering() as (space, second):
            return space.searcher.search(query, limit, offset, stopped, second)

    def prepare_search(self, *texts: str) -> None:
        """Load the index and, unless these texts were asked before, the model, so that a search need not."""
        with self.spaces.searching() as space:
            space.prepare(texts)
        if self.spaces.quality is not None:
            # What keeps it from answering is told by each search.
            with suppress(PropmasterError):
                self.spaces.quality.prepare(texts)

    def similar(self, path: Path, limit: int, offset: int = 0) -> SearchResult:
        """Return what looks like a file, in or outside the library."""
        return self.search(Query((ImageTerm(path.absolute()),)), limit, offset)

    def status(self) -> LibraryStatus:
        """Return the library at a glance."""
        assets = self._catalogue.assets
        path = self._catalogue.database.path
        return LibraryStatus(
            home=self.home,
            encoder=self.searched_encoder,
            build=self.spaces.build(),
            lost=self.spaces.lost,
            assets=self._catalogue.shown.count(),
            vectors=self.space.embeddings.count(),
            pending=assets.count_pending(self.spaces.wanted.embeddings.encoder_id),
            failed=len(assets.failed()),
            catalogue_bytes=path.stat().st_size,
            thumbnail_bytes=self.thumbnails.nbytes,
        )

    @property
    def device_name(self) -> str:
        """Where the models run; empty until one is loaded."""
        if not any(space.model.loaded for space in self.spaces.all):
            return ""
        # Imports torch, which the loaded model has imported already.
        from engine.embedding.device import choose_device

        return choose_device(self.settings.device).name

    # Encoders

    @property
    def space(self) -> Space:
        """The vector space that answers searches."""
        return self.spaces.searched

    @property
    def searched_encoder(self) -> str:
        """The name of the encoder that answers searches."""
        return self.space.profile.name

    def remove_weights(self, row: ModelRow) -> None:
        """Delete a model's weights from the data directory. Raises EncoderInUse, WeightsMissing, WeightsNotOffered."""
        shelf = self.spaces.shelf
        if name_on_shelf(row, shelf) in (space.profile.name for space in self.spaces.all):
            raise EncoderInUse(f"{row.title} answers searches, or is to", "choose another encoder first")
        remove_weights(row, shelf)

    def _room(self, pictures: OutgoingPictures) -> Room:
        return Room(
            home=self.home,
            settings=lambda: self.settings,
            catalogue=self._catalogue,
            pictures=pictures,
            references=self.composer.references,
            generator_of=lambda name: make_ready(name, self.home, reach_of(self.settings)),
            models=self.composer.models,
            watch_folder=self.add_folder,
            may_write=self._lock is not None,
        )

    def _make_space(self, encoder: EncoderSource) -> Space:
        return Space(self.home, self.settings, self._catalogue, self._cloud.reached_by(encoder), self._decoder)

    def _lister(self) -> Lister:
        return Lister(self._catalogue.folders, self._catalogue.assets, is_image_name)


def is_image_name(name: str) -> bool:
    """Return whether a file's name promises a picture that can be read."""
    # Asked for every file of every scan; a Path for each would take half of the scan's time.
    return name[name.rfind(".") :].lower() in SUFFIXES


def _resolved_folder(path: Path) -> Path:
    if not path.is_dir():
        raise FolderNotFound(f"there is no folder {path}", "check the spelling, and that the drive is plugged in")
    return path.resolve()


def decode_limits(settings: Settings) -> DecodeLimits:
    """Return what one file may cost, and how large it is decoded for encoders and thumbnails."""
    return DecodeLimits(
        max_pixels=settings.max_megapixels * MEGA,
        max_bytes=settings.max_file_mb * MEGA,
        seconds=settings.decode_seconds,
        edge=WORKING_EDGE_PX,
    )
