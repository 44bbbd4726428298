"""What goes through the pipe between `isolation` and `isolated_child`: length-prefixed JSON, then raw pixels.

Invariant: nothing that is read is ever executed or unpickled; a child that a hostile file has taken over can only lie.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.palette import PaletteColour
from engine.images.picture import DecodedImage, DecodeLimits, ImageFacts

Answer: TypeAlias = DecodedImage | DecodeError | str  # a str is the greeting
GREETING = "ready"

_LENGTHS = struct.Struct("<II")  # bytes of JSON, bytes of pixels


@dataclass(frozen=True, slots=True)
class Request:
    """One file to decode."""

    path: Path
    limits: DecodeLimits


def pack_request(request: Request) -> bytes:
    """Encode a request; names that are not UTF-8 survive as escaped surrogates."""
    return _packed({"path": str(request.path), "limits": asdict(request.limits)})


def read_request(stream: IO[bytes]) -> Request | None:
    """Return the next request, None at the end of the stream."""
    message = _read(stream)
    if message is None:
        return None
    return Request(Path(message[0]["path"]), DecodeLimits(**message[0]["limits"]))


def pack_answer(answer: Answer) -> bytes:
    """Encode an answer."""
    if isinstance(answer, str):
        return _packed({"greeting": answer})
    if isinstance(answer, DecodeError):
        return _packed({"fault": answer.fault.value, "message": answer.message, "hint": answer.hint})
    header = {"mode": answer.image.mode, "size": answer.image.size, "facts": asdict(answer.facts)}
    return _packed(header, answer.image.tobytes())


def read_answer(stream: IO[bytes]) -> Answer | None:
    """Return the next answer, None at the end of the stream."""
    message = _read(stream)
    if message is None:
        return None
    header, pixels = message
    if "greeting" in header:
        return str(header["greeting"])
    if "fault" in header:
        return DecodeError(DecodeFault(header["fault"]), header["message"], header["hint"])
    facts = header["facts"] | {"palette": tuple(PaletteColour(**colour) for colour in header["facts"]["palette"])}
    return DecodedImage(Image.frombytes(header["mode"], tuple(header["size"]), pixels), ImageFacts(**facts))


def _packed(header: dict[str, Any], pixels: bytes = b"") -> bytes:
    text = json.dumps(header).encode("ascii")
    return _LENGTHS.pack(len(text), len(pixels)) + text + pixels


def _read(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    text_bytes, pixel_bytes = _LENGTHS.unpack(lengths)
    text, pixels = stream.read(text_bytes), stream.read(pixel_bytes)
    if len(text) < text_bytes or len(pixels) < pixel_bytes:
        return None
    header: dict[str, Any] = json.loads(text)
    return header, pixels
