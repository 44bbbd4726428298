"""The one table of formats: which suffix and which first bytes belong to which decoder, and what of a file is indexed.

Anyone may read it; nothing heavy is imported. A new format is a row and, if no decoder fits, a module in `decoders`.
Invariant: what a file *is* goes by its first bytes wherever the format has a signature; the suffix only breaks ties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DecodeError, DecodeFault

COMPOSITE = "the picture"
MERGED = "the merged composite, else the layers composited"
TELLING_FRAME = "the picture; of an animation, a telling frame"
LARGEST_ICON = "the largest icon"
MERGED_IMAGE = "the merged image in the archive"
CANVAS_PREVIEW = "the canvas preview"
THUMBNAIL = "the embedded thumbnail"
TONE_MAPPED = "the picture, tone-mapped"
RENDERED = "the drawing, rendered"
DEVELOPED = "the embedded preview if large, else the developed picture"


@dataclass(frozen=True, slots=True)
class Format:
    """One row: `signature` is a regular expression on the first 4,096 bytes, None where a format has none of its own.

    `decoder` names a module in `engine.images.decoders`; `isolated` says that it runs in a child process;
    `extra` is the pip extra that brings the decoder, None if it always comes along.
    """

    name: str
    suffixes: tuple[str, ...]
    signature: bytes | None
    decoder: str = "pillow"
    indexed: str = COMPOSITE
    isolated: bool = False
    extra: str | None = None

    def matches(self, head: bytes) -> bool:
        """Say whether the first bytes of a file are this format's."""
        return self.signature is not None and re.match(self.signature, head, re.DOTALL) is not None


_TIFF = rb"II\*\0|MM\0\*|II\+\0|MM\0\+"
_RAW_SUFFIXES = (
    ".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".raf", ".orf", ".rw2", ".pef", ".srw",
    ".rwl", ".iiq", ".3fr", ".fff", ".mef", ".mos", ".kdc", ".dcr", ".erf", ".x3f",
)  # fmt: skip
_RAW = _TIFF + rb"|IIRO|IIRS|IIU\0|MMOR|FUJIFILMCCD-RAW|II\x1a\0\0\0HEAPCCDR|....ftypcrx |FOVb|\0MRM"
_ZIP = b"PK\x03\x04"
_SVG = (
    rb"(?:\xef\xbb\xbf)?\s*<(?:(?:\w+:)?svg\b|!DOCTYPE\s+svg\b|(?:\?xml|!--).*<(?:!DOCTYPE\s+|\w+:)?svg\b)|\x1f\x8b\x08"
)

FORMATS: tuple[Format, ...] = (
    Format("PNG", (".png", ".apng"), rb"\x89PNG\r\n\x1a\n", indexed=TELLING_FRAME),
    Format("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"), rb"\xff\xd8\xff"),
    Format("WEBP", (".webp",), rb"RIFF....WEBP", indexed=TELLING_FRAME),
    Format("GIF", (".gif",), rb"GIF8[79]a", indexed=TELLING_FRAME),
    Format("BMP", (".bmp", ".dib"), rb"BM....\0\0\0\0....[\x0c-\x80]\0\0\0"),
    Format("TIFF", (".tif", ".tiff"), _TIFF),
    Format("DDS", (".dds",), rb"DDS \x7c\0\0\0"),
    Format("ICO", (".ico",), rb"\0\0\x01\0[^\0].", decoder="ico", indexed=LARGEST_ICON),
    Format("AVIF", (".avif", ".avifs"), rb"....ftypavi[fs]", indexed=TELLING_FRAME),
    Format("PSD", (".psd", ".psb"), rb"8BPS\0[\x01\x02]", "psd", MERGED, isolated=True, extra="psd"),
    Format("SVG", (".svg", ".svgz"), _SVG, "svg", RENDERED, isolated=True),
    Format("KRA", (".kra",), rb"PK\x03\x04.{26}mimetypeapplication/x-kri?ta", "layered", MERGED_IMAGE),
    Format("ORA", (".ora",), rb"PK\x03\x04.{26}mimetypeimage/openraster", "layered", MERGED_IMAGE),
    Format("CLIP", (".clip",), rb"CSFCHUNK", "clip_studio", CANVAS_PREVIEW),
    Format("BLEND", (".blend",), rb"BLENDER[0-9_\-]|\x1f\x8b\x08|\x28\xb5\x2f\xfd", "blend", THUMBNAIL),
    Format("HDR", (".hdr", ".rgbe"), rb"#\?(?:RADIANCE|RGBE)\s", "radiance", TONE_MAPPED, isolated=True),
    Format("HEIC", (".heic", ".heif", ".hif"), rb"....ftyp(?:hei[cmsx]|hev[cm]|mif1|msf1)", "heif", isolated=True),
    Format("EXR", (".exr",), rb"\x76\x2f\x31\x01", "exr", TONE_MAPPED, isolated=True, extra="exr"),
    Format("JXL", (".jxl",), rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n", "jpeg_xl", isolated=True, extra="jxl"),
    Format("RAW", _RAW_SUFFIXES, _RAW, "raw", DEVELOPED, isolated=True, extra="raw"),
    Format("TGA", (".tga", ".vda", ".icb", ".vst"), None),
)

_BY_SUFFIX = {suffix: format_ for format_ in FORMATS for suffix in format_.suffixes}
SUFFIXES = frozenset(_BY_SUFFIX)
_COMPRESSED = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")  # gzip and zstd tell nothing of what is inside; the suffix must


def format_for(path: Path) -> Format | None:
    """Return the format that the suffix promises, or None for files Propmaster does not index."""
    return _BY_SUFFIX.get(path.suffix.lower())


def identify(path: Path, head: bytes) -> Format:
    """Return the format that a file really has. Raises DecodeError UNRECOGNISED for a file that is none.

    `head` are the first bytes of the file.
    """
    promised = format_for(path)
    if promised is not None and promised.matches(head):
        return promised
    found = _first_match(head)
    if found is not None:
        return found
    if promised is not None and _may_be_unsigned(promised, head):
        return promised
    claim = f"is named {path.suffix} but holds" if promised is not None else "holds"
    raise DecodeError(
        DecodeFault.UNRECOGNISED,
        f"The file {claim} no image that Propmaster knows.",
        "Open it in the program that made it and export it again.",
    )


def _first_match(head: bytes) -> Format | None:
    if head.startswith(_COMPRESSED):
        return None
    return next((format_ for format_ in FORMATS if format_.matches(head)), None)


def _may_be_unsigned(promised: Format, head: bytes) -> bool:
    """TGA has no signature; the archives' is only there if their first entry is the one the standards ask for."""
    return promised.signature is None or (promised.decoder == "layered" and head.startswith(_ZIP))
