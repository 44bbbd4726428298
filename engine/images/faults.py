"""Whatever a decoder raises becomes a DecodeError with a reason here; used by `decode` only.

Invariant: nothing but DecodeError leaves `translated`, save KeyboardInterrupt and its like.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from engine.errors import DecodeError, DecodeFault
from engine.images.formats import Format
from engine.images.source import ImageSource, translated_file_errors

TAIL_BYTES = 64

_CUT_WORDS = ("truncat", "premature", "unexpected end", "end of file", "eof", "incomplete", "not enough", "too short")
_UNKNOWN_VARIANT_WORDS = ("unsupported", "not supported", "unimplemented", "unknown pixel mode", "unknown compression")
_END_MARKS = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "GIF": b"\x3b"}
_BOXED = frozenset({"AVIF", "HEIC"})


@contextmanager
def translated(source: ImageSource, format_: Format) -> Iterator[None]:
    """Translate all errors of one file's decoding."""
    try:
        with translated_file_errors():
            yield
    except DecodeError:
        raise
    except MemoryError as error:
        raise DecodeError(
            DecodeFault.TOO_MANY_PIXELS, "Decoding the picture needs more memory than there is.", "Save a smaller copy."
        ) from error
    except ImportError as error:
        raise missing_decoder(format_) from error
    except Exception as error:  # decoders raise anything on hostile bytes: struct.error, zlib.error, IndexError…
        raise _content_fault(error, source, format_) from error


def missing_decoder(format_: Format) -> DecodeError:
    """Return the error for a decoder that is not installed; its hint names the extra."""
    requirement = f"propmaster[{format_.extra}]" if format_.extra is not None else "--force-reinstall propmaster"
    return DecodeError(
        DecodeFault.MISSING_DECODER,
        f"The decoder for this {format_.name} file is not installed.",
        f"pip install {requirement}",
    )


def _content_fault(error: Exception, source: ImageSource, format_: Format) -> DecodeError:
    words = str(error).lower()
    if isinstance(error, EOFError) or any(word in words for word in _CUT_WORDS) or _ends_early(source, format_):
        return DecodeError(
            DecodeFault.TRUNCATED, f"The {format_.name} file ends before its picture does.", "Copy or export it again."
        )
    if isinstance(error, NotImplementedError) or any(word in words for word in _UNKNOWN_VARIANT_WORDS):
        return DecodeError(
            DecodeFault.UNREADABLE, f"This variant of {format_.name} cannot be read: {error}.", "Export it as PNG."
        )
    return DecodeError(
        DecodeFault.CORRUPT, f"The {format_.name} file is damaged: {_reason(error)}.", "Copy or export it again."
    )


def _reason(error: Exception) -> str:
    # Pillow's "cannot identify image file <_io.BufferedReader name=…>" would tell the user of our internals.
    text = str(error).split(" <")[0].rstrip(".")
    return text or type(error).__name__


def _ends_early(source: ImageSource, format_: Format) -> bool:
    """Say whether the file lacks its end: some decoders report a cut file in the same words as a damaged one."""
    with source.open() as stream:
        if format_.name in _END_MARKS:
            stream.seek(max(0, source.size - TAIL_BYTES))
            return _END_MARKS[format_.name] not in stream.read()
        if format_.name == "WEBP":
            return int.from_bytes(source.head[4:8], "little") + 8 > source.size
        return format_.name in _BOXED and _last_box_end(stream, source.size) > source.size


def _last_box_end(stream: BinaryIO, size: int) -> int:
    """Walk the top-level boxes of an ISO base media file (ISO/IEC 14496-12)."""
    position = 0
    while position + 8 <= size:
        stream.seek(position)
        header = stream.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8:
            return size
        position += length
    return position
