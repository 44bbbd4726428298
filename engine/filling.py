"""Fills a space with vectors of pictures: puts the stages of an index run together for one encoder and one line.

Used by the library for the spaces that know everything, and by the quality run for the one that knows some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.catalogue.catalogue import Catalogue
from engine.images.decoder import Decoder
from engine.images.thumbnails import ThumbnailCache
from engine.indexing.control import Control, Progress
from engine.indexing.encoding import ByModel, ByService, Encoding
from engine.indexing.line import Line
from engine.indexing.pipeline import IndexReport, Pipeline, Stages
from engine.indexing.reading import Reader, Unreadable
from engine.indexing.storing import Storer
from engine.space import Space


class Filler:
    """Runs the pipeline. One run at a time."""

    def __init__(self, catalogue: Catalogue, decoder: Decoder, thumbnails: ThumbnailCache, decode_threads: int) -> None:
        self._catalogue, self._decoder, self._thumbnails = catalogue, decoder, thumbnails
        self._decode_threads = decode_threads

    def fill(
        self,
        space: Space,
        line: Line,
        control: Control,
        report: Callable[[Progress], None],
        refuse: Callable[[Sequence[Unreadable]], None] | None = None,
    ) -> IndexReport:
        """Read, embed and store a line of assets; what cannot be is recorded on the asset, or handed to `refuse`."""
        catalogue, encoding = self._catalogue, self._encoding(space)
        with self._storer(space) as storer:
            stages = Stages(
                assets=catalogue.assets,
                line=line,
                reader=self._reader(space),
                encoding=encoding,
                storer=storer,
                refuse=refuse or storer.put_unreadable,
                batch_size=encoding.batch_size,
                batches_in_flight=2 * space.model.plan.workers + 2,
                decode_threads=self._decode_threads,
            )
            return Pipeline(stages).run(control, report)

    def _encoding(self, space: Space) -> Encoding:
        if space.profile.terms is None:
            return ByModel(space.model)
        catalogue = self._catalogue
        return ByService(space.model, space.profile.name, (catalogue.contents, catalogue.descriptions, catalogue.worth))

    def _reader(self, space: Space) -> Reader:
        """Return what reads files for a space's encoder."""
        contents = self._catalogue.contents
        return Reader(self._decoder, self._thumbnails, contents, space.embeddings, space.profile.input_spec)

    def _storer(self, space: Space) -> Storer:
        """Return what stores the vectors of a space; a context manager."""
        catalogue = self._catalogue
        rows = (catalogue.assets, catalogue.contents, catalogue.marks, space.embeddings)
        return Storer(catalogue.database, rows, lambda: space.store, space.index)
