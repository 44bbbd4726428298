"""One encoder's vector space: its model, its vectors in catalogue, Milvus and memory, and the searcher over them.

Put together by `engine.library`. Every part is made when first needed: a search whose words were asked before loads no
model, and one that memory answers opens no Milvus.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from functools import cached_property
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.embeddings import Embeddings
from engine.embedding.catalog import EncoderSource
from engine.embedding.encoder import Vectors
from engine.embedding.model_thread import ModelThread, Priority
from engine.errors import ConsentMissing, DecodeError, InvalidQuery, PropmasterError
from engine.files.content import KEPT_BYTES, read_content
from engine.images.decoder import Decoder
from engine.images.fit import crop, fit
from engine.search.meaning import BackgroundSample, Meaning, TermVectors
from engine.search.neighbours import MilvusSource, NeighbourSource
from engine.search.query import ImageTerm
from engine.search.searcher import Searcher
from engine.settings import Settings
from engine.vectors.exact import ExactIndex
from engine.vectors.location import Embedded, Location, Server
from engine.vectors.store import VectorStore

BYTES_PER_COMPONENT = 2
BYTES_PER_ID = 8
TEXTS_KEPT = 200
"""How many of the texts of one session are remembered, the last ones."""

Vector = NDArray[np.float32]


class Space:
    """The vector space of one encoder. Thread-safe; `close` once, after every search and index run has ended."""

    def __init__(
        self, home: Path, settings: Settings, catalogue: Catalogue, encoder: EncoderSource, decoder: Decoder
    ) -> None:
        self._home = home
        self._settings = settings
        self._catalogue = catalogue
        self._decoder = decoder
        self._lock = threading.RLock()
        self._store_lock = threading.Lock()
        self.profile = encoder.profile
        self.embeddings = Embeddings(catalogue.database, encoder.profile.name, encoder.profile.dimension)
        self.model = ModelThread(encoder.load)
        self._new_texts: dict[str, Vector] = {}
        self._store: VectorStore | None = None
        self._index: ExactIndex | None = None
        self._sample = BackgroundSample()
        self._searcher: Searcher | None = None

    @property
    def store(self) -> VectorStore:
        """The vector database, opened and reconciled with the catalogue. Raises what `VectorStore.open` raises."""
        # A lock of its own: searches that memory answers do not wait while the database is opened or rebuilt.
        with self._store_lock:
            if self._store is None:
                begun_ns = time.time_ns()
                profile = self.profile
                location = vectors_location(self._home, self._settings, profile.name)
                self._store = VectorStore.open(location, profile.name, profile.dimension, self.embeddings)
                self.embeddings.mark_stored_until(begun_ns)
            return self._store

    @property
    def index(self) -> ExactIndex | None:
        """The exact index, filled from the catalogue; None where Milvus is to answer."""
        with self._lock:
            if self._index is None and self.fits_in_memory:
                index = ExactIndex(self.profile.dimension)
                for ids, vectors in self.embeddings.all():
                    index.add(ids, vectors)
                self._index = index
            return self._index

    @property
    def source(self) -> NeighbourSource:
        """The exact index, or Milvus where that is to answer."""
        index = self.index
        # An empty index is false, and still the one that fills as indexing goes on.
        return index if index is not None else MilvusSource(self.store, self.embeddings)

    @property
    def meaning(self) -> Meaning:
        """What queries mean here, with whichever source answers best."""
        terms = TermVectors(self.begin_text, self.image_vector)
        return Meaning(self.profile.name, self.source, terms, self.profile.calibration, self._sample)

    @property
    def searcher(self) -> Searcher:
        """The searcher over this space."""
        with self._lock:
            if self._searcher is None:
                catalogue = self._catalogue
                self._searcher = Searcher(self.meaning, (catalogue.shown, catalogue.names, catalogue.filters))
            return self._searcher

    @cached_property
    def fits_in_memory(self) -> bool:
        """Whether the exact index answers: the collection is embedded and within the memory budget."""
        row = self.profile.dimension * BYTES_PER_COMPONENT + BYTES_PER_ID
        within = self.embeddings.count() * row <= self._settings.memory_budget_mb << 20
        return within and not self._settings.milvus_uri

    def text_vector(self, text: str) -> Vector:
        """Return the vector of a text."""
        vector: Vector = self.begin_text(text).result()
        return vector

    def begin_text(self, text: str) -> Future[Vector]:
        """Return the coming vector of a text; each is encoded once, and remembered in the catalogue after `close`.

        Cancelling it takes the text out of the line before the model.
        """
        known = self._new_texts.get(text)
        if known is None:
            known = self.embeddings.find_text(text)
        coming: Future[Vector] = Future()
        if known is not None:
            coming.set_result(known)
            return coming

        def pass_on(encoded: Future[Vectors]) -> None:
            if encoded.cancelled():
                coming.cancel()
                return
            if encoded.exception() is None:
                self._new_texts[text] = encoded.result()[0]
            if not coming.set_running_or_notify_cancel():
                return
            if (error := encoded.exception()) is not None:
                coming.set_exception(error)
            else:
                coming.set_result(self._new_texts[text])

        encoded = self.model.encode_texts([text])
        # Words that nobody waits for any more, as of someone who types, are not in the way of those that follow.
        coming.add_done_callback(lambda withdrawn: withdrawn.cancelled() and encoded.cancel())
        encoded.add_done_callback(pass_on)
        return coming

    def image_vector(self, term: ImageTerm) -> Vector:
        """Return the vector of an image; one whose content is in the library is not decoded again."""
        if term.part is None and term.content_id is not None and self.embeddings.has(term.content_id):
            return self._known_vector(term.content_id)
        try:
            content = read_content(term.path, KEPT_BYTES)
            content_id = self._catalogue.contents.find(content.hash)
            if term.part is None and content_id is not None and self.embeddings.has(content_id):
                return self._known_vector(content_id)
            self._refuse_to_send(term)
            image = self._decoder.decode(term.path, content.data).image
        except DecodeError as error:
            raise InvalidQuery(f"{term.path} cannot be searched by: {error.message}", error.hint) from error
        image = image if term.part is None else crop(image, term.part)
        pixels = fit(image, self.profile.input_spec)[np.newaxis]
        vector: Vector = self.model.encode_images(pixels, Priority.QUERY).result()[0]
        return vector

    def _refuse_to_send(self, term: ImageTerm) -> None:
        """Pictures go to a service in a paid run only, where it is told what is sent."""
        if self.profile.terms is not None:
            raise ConsentMissing(
                f"{self.profile.name} has no say in this search: it has not seen {term.path.name}, and searches send no"
                " pictures",
                "search in words, or for a whole picture that it has seen",
            )

    def _known_vector(self, content_id: int) -> Vector:
        known: Vector = self.embeddings.vectors(np.array([content_id], np.int64))[0].astype(np.float32)
        return known

    def prepare(self, texts: Sequence[str]) -> None:
        """Load what a search needs, and encode these texts unless they are known; a service is not asked ahead."""
        _ = self.searcher
        if self.profile.terms is not None:
            return
        for text in texts:
            self.text_vector(text)

    def forget(self, content_ids: Sequence[int]) -> None:
        """Remove vectors of contents that the catalogue has deleted."""
        ids = np.array(content_ids, np.int64)
        self.store.delete(ids)
        if self._index is not None:
            self._index.remove(ids)

    def close(self) -> None:
        """Stop the model thread; remember new texts; flush, seal and release the vector database."""
        with ExitStack() as closing:
            with self._lock, self._store_lock:
                if self._store is not None:
                    closing.callback(self._store.close)
                self._store = self._index = self._searcher = None
            closing.callback(self.embeddings.put_texts, dict(islice(reversed(self._new_texts.items()), TEXTS_KEPT)))
            closing.callback(self.model.close)


def vectors_location(home: Path, settings: Settings, encoder_name: str) -> Location:
    """Return where an encoder's collection lives. Raises PropmasterError for an address that is none."""
    uri = settings.milvus_uri
    if not uri:
        directory = vectors_directory(home)
        directory.mkdir(exist_ok=True)
        return Embedded(directory / f"{encoder_name}.db")
    if urlsplit(uri).scheme not in ("http", "https"):
        raise PropmasterError(f"{uri} is no address of a Milvus server", "write it as http://host:19530")
    return Server(uri, settings.milvus_token)


def vectors_directory(home: Path) -> Path:
    """Return the folder of the embedded vector databases, one for each encoder."""
    return home / "vectors"
