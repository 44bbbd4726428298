"""The bytes of one file, on disk or already read; the only place of this room that opens the user's files.

Decoders read through it. Invariant: the operating system's refusals leave here as DecodeError.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import DecodeError, DecodeFault

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ImageSource:
    """A file as decoders see it: its size, its first bytes, and a seekable stream."""

    path: Path
    size: int
    head: bytes
    data: bytes | None

    def open(self) -> BinaryIO:
        """Open for reading. A stream rather than a path goes to Pillow, which maps paths into memory: a file cut short
        by its writer would then kill the process instead of raising."""
        return io.BytesIO(self.data) if self.data is not None else self.path.open("rb")

    def read(self) -> bytes:
        """Return all bytes."""
        return self.data if self.data is not None else self.path.read_bytes()


def load_source(path: Path, data: bytes | None = None) -> ImageSource:
    """Look at a file. Raises DecodeError EMPTY, VANISHED, ACCESS_DENIED or UNREADABLE."""
    if data is None:
        with translated_file_errors(), path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            source = ImageSource(path, stream.seek(0, io.SEEK_END), head, None)
    else:
        source = ImageSource(path, len(data), data[:HEAD_BYTES], data)
    if not source.size:
        raise DecodeError(DecodeFault.EMPTY, "The file is empty.", "Export or copy it again.")
    return source


@contextmanager
def translated_file_errors() -> Iterator[None]:
    """Turn the operating system's errors into DecodeError; others pass."""
    try:
        yield
    except FileNotFoundError as error:
        raise DecodeError(DecodeFault.VANISHED, "The file is no longer there.") from error
    except PermissionError as error:
        raise DecodeError(
            DecodeFault.ACCESS_DENIED, "The file may not be read.", "Give your user the right to read it."
        ) from error
    except OSError as error:
        if error.errno is None:  # a library's own OSError, about the content
            raise
        raise DecodeError(
            DecodeFault.UNREADABLE,
            f"The file cannot be read: {error.strerror}.",
            "Check the disk or the network drive.",
        ) from error
