"""The exact pictures that leave: made when first needed, kept on disk by content, the same bytes after a restart.

Any thread may call it. Invariant: what is sent was made of the very bytes that were chosen.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from engine.compose.brief import InvalidBrief, Reference
from engine.compose.generators.generator import GenerationRequest, OutgoingPicture, Role
from engine.compose.plan import Plan, PlannedJob
from engine.errors import DecodeError
from engine.files.content import KEPT_BYTES, read_content
from engine.home import failed_write
from engine.images.decoder import Decoder
from engine.images.kept_files import forget_oldest, is_kept, write_whole
from engine.images.outgoing import EncodedPicture, OutgoingLimits, encode_outgoing, read_encoded
from engine.images.picture import DecodeLimits
from engine.images.thumbnails import ThumbnailCache

QUOTA_BYTES = 2_000_000_000
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg"}
_T = TypeVar("_T")


class OutgoingPictures:
    """Outgoing pictures under `directory`, made by `decoder`."""

    def __init__(
        self,
        directory: Path,
        decoder: Decoder,
        decode_limits: DecodeLimits,
        thumbnails: ThumbnailCache,
        limits: OutgoingLimits | None = None,
    ) -> None:
        self._directory = directory
        self._decoder = decoder
        self.limits = limits or OutgoingLimits()
        self._decode_limits = replace(decode_limits, edge=self.limits.edge)
        self._thumbnail_limits = decode_limits
        self._thumbnails = thumbnails
        self._lock = threading.Lock()
        self._tidied = False

    def within(self, limits: OutgoingLimits) -> OutgoingPictures:
        """Return the same, made by other limits: those that the user saw them by."""
        if limits == self.limits:
            return self
        return OutgoingPictures(self._directory, self._decoder, self._thumbnail_limits, self._thumbnails, limits)

    def request(self, plan: Plan, job: PlannedJob) -> GenerationRequest:
        """Return what is sent for a job. Raises as `file_of`."""
        pictures = tuple(self.picture(reference, role) for reference, role in job.references)
        return GenerationRequest(plan.model.name, job.prompt, pictures, plan.size, plan.ratio)

    def picture(self, reference: Reference, role: Role) -> OutgoingPicture:
        """Return the exact picture that is sent of a reference. Raises as `file_of`."""
        encoded = self.encoded(reference)
        return OutgoingPicture(encoded.data, encoded.media_type, encoded.width, encoded.height, role)

    def encoded(self, reference: Reference) -> EncodedPicture:
        """Return the exact file that is sent of a reference. Raises as `file_of`."""
        return read_encoded(self.file_of(reference))

    def file_of(self, reference: Reference) -> Path:
        """Return a file of the exact bytes that are sent of a reference, to be shown before.

        Raises InvalidBrief where the file was changed since it was chosen, or cannot be read; DiskFull or
        DataDirectoryUnusable where it cannot be kept.
        """
        for path in self._possible_files(reference):
            if is_kept(path):
                return path
        return self._keep(reference, self._encode(reference))

    def thumbnail_of(self, reference: Reference) -> Path:
        """Return a small file that shows what is sent of a reference. Raises as `file_of`."""
        found = self._thumbnails.find(reference.content_hash)
        if found is not None:
            return found
        with _readable(reference):
            image = self._decoder.decode(reference.path, self._bytes_of(reference), self._thumbnail_limits).image
        return self._thumbnails.put(reference.content_hash, image)

    def each(self, make: Callable[[Reference], _T], references: Sequence[Reference]) -> Iterator[_T]:
        """Yield what `make` gives for each reference, in order, made by as many threads as there are processors."""
        with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="outgoing") as threads:
            yield from threads.map(make, references)

    def _encode(self, reference: Reference) -> EncodedPicture:
        with _readable(reference):
            image = self._decoder.decode(reference.path, self._bytes_of(reference), self._decode_limits).image
            return encode_outgoing(image, self.limits)

    def _bytes_of(self, reference: Reference) -> bytes | None:
        content = read_content(reference.path, KEPT_BYTES)
        if content.hash.hex() != reference.content_hash:
            raise InvalidBrief(f"{reference.path} was changed since it was chosen", "choose it again")
        return content.data

    def _possible_files(self, reference: Reference) -> Iterator[Path]:
        limits = self.limits
        stem = f"{reference.content_hash}-{limits.edge}-{limits.quality}-{limits.max_bytes}"
        for suffix in _SUFFIXES.values():
            yield self._directory / reference.content_hash[:2] / f"{stem}{suffix}"

    def _keep(self, reference: Reference, encoded: EncodedPicture) -> Path:
        path = next(path for path in self._possible_files(reference) if path.suffix == _SUFFIXES[encoded.media_type])
        try:
            write_whole(path, lambda stream: stream.write(encoded.data))
        except OSError as error:
            raise failed_write(self._directory, error) from error
        self._forget_oldest_once()
        return path

    def _forget_oldest_once(self) -> None:
        """Bring the folder within its quota, once in the life of this object: it grows slowly."""
        with self._lock:
            if self._tidied:
                return
            self._tidied = True
        forget_oldest(self._directory.glob("??/*"), QUOTA_BYTES)


@contextmanager
def _readable(reference: Reference) -> Iterator[None]:
    try:
        yield
    except DecodeError as error:
        raise InvalidBrief(f"{reference.path} cannot be sent: {error.message}", error.hint) from error
