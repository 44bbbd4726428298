"""SVG by resvg; runs in the isolated child only.

Invariant: resvg is handed a document that names no file and no address: only data: URLs may stay in picture references.
"""

from __future__ import annotations

import gzip
import io
import re
import xml.etree.ElementTree as ET

import resvg_py

from engine.errors import DecodeError, DecodeFault
from engine.images.decoders.pillow import decode_stream
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource

RENDER_EDGE_PX = 512  # small drawings are rendered this large: lines lose nothing, and thumbnails are this size
DOTS_PER_INCH = 96  # CSS; without it resvg refuses sizes in pt, mm and inches
MAX_TEXT_BYTES = 64 << 20

_SVG = "{http://www.w3.org/2000/svg}"
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|ex)?\s*")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PIXELS = {
    None: 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "em": 16.0, "ex": 8.0
}  # fmt: skip


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Render the drawing at a useful size; width and height are its nominal ones, or the rendered if it names none."""
    root = _parsed(source.read())
    _cut_references(root)
    nominal = _nominal_size(root)
    if nominal is None:  # resvg then shows all that is drawn
        picture = _rendered(root, limits, width=min(RENDER_EDGE_PX, limits.edge))
        return Picture(picture.image, picture.width, picture.height)
    width, height = nominal
    root.set("width", repr(width))  # resvg refuses sizes of 0, where a view box would do
    root.set("height", repr(height))
    scale = min(max(RENDER_EDGE_PX, width, height), limits.edge) / max(width, height)
    picture = _rendered(root, limits, width=max(1, round(width * scale)), height=max(1, round(height * scale)))
    return Picture(picture.image, max(1, round(width)), max(1, round(height)))


def _rendered(root: ET.Element, limits: DecodeLimits, *, width: int, height: int | None = None) -> Picture:
    png = resvg_py.svg_to_bytes(
        svg_string=ET.tostring(root, encoding="unicode"),
        width=width,
        height=height,
        dpi=DOTS_PER_INCH,
        skip_system_fonts=not _has_text(root),
    )
    return decode_stream(io.BytesIO(bytes(png)), limits, ("PNG",))


def _parsed(data: bytes) -> ET.Element:
    if data.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacking:
            data = unpacking.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise DecodeError(DecodeFault.TOO_MANY_BYTES, f"The drawing has more than {MAX_TEXT_BYTES >> 20} MB of text.")
    try:
        root = ET.fromstring(data)  # safe: expat bounds the growth of entities and loads none from outside
    except ET.ParseError as error:
        if "no element found" in str(error) or "unclosed" in str(error):
            raise EOFError("the drawing is cut off") from error
        raise
    if _local_name(root) != "svg":
        raise DecodeError(DecodeFault.UNRECOGNISED, "The file is XML, but not a drawing.")
    return root


def _nominal_size(root: ET.Element) -> tuple[float, float] | None:
    """Return width and height in CSS pixels, from the view box where they are missing, or None."""
    box = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    box_width, box_height = box[2:4] if len(box) == 4 and min(box[2:]) > 0 else (0.0, 0.0)
    width, height = _pixels(root.get("width")), _pixels(root.get("height"))
    if box_width and not (width and height):
        ratio = width / box_width or height / box_height or 1.0
        return box_width * ratio, box_height * ratio
    return (width or height, height or width) if width or height else None


def _pixels(length: str | None) -> float:
    match = _LENGTH.fullmatch(length or "")
    return max(0.0, float(match.group(1)) * _PIXELS[match.group(2)]) if match is not None else 0.0


def _cut_references(root: ET.Element) -> None:
    for element in root.iter():
        if _local_name(element) in ("image", "feImage"):
            for name, value in list(element.attrib.items()):
                if name.endswith("href") and not value.lstrip().startswith(("data:", "#")):
                    del element.attrib[name]


def _has_text(root: ET.Element) -> bool:
    return any(_local_name(element) == "text" for element in root.iter())


def _local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
