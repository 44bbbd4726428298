"""The one door to decoded images for the rest of the engine: chooses between this process and an isolated child.

Thread-safe. Invariant: the bytes decide where a file is decoded, so that no misnamed file slips past the isolation.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from engine.images.decode import decode_source
from engine.images.formats import identify
from engine.images.isolation import IsolatedDecoder
from engine.images.picture import DecodedImage, DecodeLimits
from engine.images.source import load_source


class Decoder:
    """Decodes files within `limits`; at most `workers` children stand behind it. The owner closes it."""

    def __init__(self, limits: DecodeLimits, workers: int) -> None:
        self._limits = limits
        self._isolated = IsolatedDecoder(workers)

    def decode(self, path: Path, data: bytes | None = None, limits: DecodeLimits | None = None) -> DecodedImage:
        """Decode a file; `data` are its bytes if the caller has read them. Raises DecodeError.

        `limits` stand in for those that the decoder was made with.
        """
        limits = limits or self._limits
        source = load_source(path, data)
        format_ = identify(path, source.head)
        if format_.isolated:
            limits.check_bytes(source.size)
            return self._isolated.decode(path, limits)
        return decode_source(source, format_, limits)

    def decode_suspect(self, path: Path) -> DecodedImage:
        """Decode a file that may have ended this process before, in a child whatever its format. Raises DecodeError."""
        return self._isolated.decode(path, self._limits)

    def close(self) -> None:
        """End the children."""
        self._isolated.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
