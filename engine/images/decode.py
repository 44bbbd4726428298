"""One file in, upright sRGB pixels and facts out, in this process and this thread; safe to call from many threads.

Callers outside this room use `decoder.Decoder`, which sends the risky formats to a child process.
Invariant: whatever a file holds, the outcome is a DecodedImage or a DecodeError with a reason.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from PIL import Image

from engine.images.faults import missing_decoder, translated
from engine.images.formats import Format, identify
from engine.images.normalise import upright_size, upright_srgb
from engine.images.palette import palette_of
from engine.images.picture import DecodedImage, DecodeLimits, ImageFacts, Picture
from engine.images.source import ImageSource, load_source

__all__ = ["DecodeLimits", "DecodedImage", "ImageFacts", "decode_image", "decode_source"]


class _DecoderModule(Protocol):
    def decode(self, source: ImageSource, limits: DecodeLimits) -> Picture: ...


def decode_image(path: Path, limits: DecodeLimits, *, data: bytes | None = None) -> DecodedImage:
    """Decode a file of any format; `data` are its bytes if the caller has read them. Raises DecodeError."""
    source = load_source(path, data)
    return decode_source(source, identify(path, source.head), limits)


def decode_source(source: ImageSource, format_: Format, limits: DecodeLimits) -> DecodedImage:
    """Decode a file that has been identified. Raises DecodeError."""
    limits.check_bytes(source.size)
    decoder = _decoder_of(format_)
    with translated(source, format_):
        picture = decoder.decode(source, limits)
        image = upright_srgb(picture, limits.edge)
    return DecodedImage(image, _facts(format_, picture, image))


def _decoder_of(format_: Format) -> _DecoderModule:
    # Loaded when first needed: heavy decoders stay out of every process that never meets their files.
    try:
        return cast(_DecoderModule, import_module(f"engine.images.decoders.{format_.decoder}"))
    except ImportError as error:
        raise missing_decoder(format_) from error


def _facts(format_: Format, picture: Picture, image: Image.Image) -> ImageFacts:
    width, height = upright_size(picture)
    return ImageFacts(
        format=format_.name,
        width=width,
        height=height,
        frames=picture.frames,
        has_alpha=image.mode == "RGBA",
        captured_at=picture.captured_at,
        camera=picture.camera,
        palette=palette_of(image),
    )
