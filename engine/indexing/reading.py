"""One asset's file → everything that is stored of it except the vector. Runs in the decode pool.

The outcome is always a value: a picture ready for the encoder, a content that is known already, or a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.assets import PendingAsset
from engine.catalogue.contents import Contents
from engine.catalogue.embeddings import Embeddings
from engine.errors import DecodeError
from engine.files.content import KEPT_BYTES, FileContent, read_content
from engine.files.scanner import FileStat
from engine.images.decoder import Decoder
from engine.images.fit import InputSpec, fit
from engine.images.picture import ImageFacts
from engine.images.thumbnails import ThumbnailCache


@dataclass(frozen=True, slots=True)
class FileRead:
    """What every successful reading tells."""

    asset: PendingAsset
    hash: bytes
    stat: FileStat
    racy: bool


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A content to embed: `pixels` uint8 `[size, size, 3]`."""

    read: FileRead
    facts: ImageFacts
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A content whose vector and thumbnail are there already."""

    read: FileRead
    content_id: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that gave no picture; `stat` is None if its bytes could not be read either."""

    asset: PendingAsset
    error: DecodeError
    stat: FileStat | None


Outcome = NewPicture | KnownPicture | Unreadable


class Reader:
    """Reads assets for one encoder's input. Thread-safe."""

    def __init__(
        self,
        decoder: Decoder,
        thumbnails: ThumbnailCache,
        contents: Contents,
        embeddings: Embeddings,
        input_spec: InputSpec,
    ) -> None:
        self._decoder = decoder
        self._thumbnails = thumbnails
        self._contents = contents
        self._embeddings = embeddings
        self._input_spec = input_spec

    def read(self, asset: PendingAsset) -> Outcome:
        """Read, decode and fit one asset, and make its thumbnail. Raises only if the data directory fails."""
        stat = None
        try:
            content = read_content(asset.path, KEPT_BYTES)
            stat = FileStat(content.size, content.mtime_ns, content.device)
            read = FileRead(asset, content.hash, stat, content.racy)
            known = self._find_complete(content.hash)
            return KnownPicture(read, known) if known is not None else self._decode(read, content)
        except DecodeError as error:
            return Unreadable(asset, error, stat)

    def _find_complete(self, content_hash: bytes) -> int | None:
        content_id = self._contents.find(content_hash)
        complete = (
            content_id is not None
            and self._embeddings.has(content_id)
            and self._thumbnails.find(content_hash.hex()) is not None
        )
        return content_id if complete else None

    def _decode(self, read: FileRead, content: FileContent) -> NewPicture:
        if read.asset.suspect:
            decoded = self._decoder.decode_suspect(read.asset.path)
        else:
            decoded = self._decoder.decode(read.asset.path, content.data)
        self._thumbnails.put(content.hash.hex(), decoded.image)
        return NewPicture(read, decoded.facts, fit(decoded.image, self._input_spec))
