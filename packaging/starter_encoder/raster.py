"""Draws pictures onto transparent squares of 224 pixels.

Pure functions, run in worker processes. The object fills the square: what an encoder sees of a cropped sprite.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

from starter_encoder.pictures import Drawing

SIZE = 224
Pixels = NDArray[np.uint8]

_LEAST_OPAQUE = 0.005
_MARGIN = 0.03
_UNITS = {"": 1.0, "px": 1.0, "pt": 1.25, "mm": 3.543307, "cm": 35.43307, "in": 90.0, "pc": 15.0}
_DRAWN_AT = 320
# What Inkscape of that time took for a document that does not tell its size: A4 at 90 dots an inch.
_DEFAULT_PAGE = (744.09, 1052.36)


def draw(drawing: Drawing) -> Pixels | None:
    """Return uint8 `[224, 224, 4]`, or None for what cannot be drawn or shows nothing."""
    try:
        image = _open(drawing)
        if drawing.box is not None:
            image = image.crop(drawing.box)
        square = _fit(image, crop=not drawing.svg)
    except (OSError, ValueError, SyntaxError):
        return None
    return square if (square[..., 3] > 20).mean() >= _LEAST_OPAQUE else None


def _open(drawing: Drawing) -> Image.Image:
    if drawing.svg:
        return _draw_svg(drawing.svg)
    if drawing.path.endswith(".svg"):
        return _draw_svg(mend_svg(Path(drawing.path).read_text(encoding="utf-8", errors="ignore")))
    return Image.open(drawing.path)


def _draw_svg(document: str) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True))))


def mend_svg(document: str) -> str:
    """Return a document that renderers understand: a viewBox, a size in pixels, every namespace declared.

    Half of the old clip art has sizes in points without a viewBox, or prefixes of editors nobody declares.
    """
    document = re.sub(r"<metadata.*?</metadata>", "", document, flags=re.DOTALL)
    found = re.search(r"<svg\b[^>]*>", document, re.DOTALL)
    if not found:
        return document
    head = found.group(0)
    sides = {}
    bare = head
    for side in ("width", "height"):
        length = re.search(rf"\s{side}\s*=\s*[\"']\s*([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|mm|cm|in|pc|)\s*[\"']", head)
        if length:
            sides[side] = float(length.group(1)) * _UNITS[length.group(2)]
        bare = re.sub(rf"\s{side}\s*=\s*[\"'][^\"']*[\"']", "", bare, count=1)
    box = re.search(r"viewBox\s*=\s*[\"']([^\"']*)[\"']", head)
    added = ""
    if box:
        numbers = [float(number) for number in re.split(r"[\s,]+", box.group(1).strip())]
        width, height = numbers[2], numbers[3]
    else:
        width, height = sides.get("width", _DEFAULT_PAGE[0]), sides.get("height", _DEFAULT_PAGE[1])
        added += f' viewBox="0 0 {width:.2f} {height:.2f}"'
    if width <= 0 or height <= 0:
        width = height = float(_DRAWN_AT)
    scale = _DRAWN_AT / max(width, height)
    added += f' width="{width * scale:.1f}" height="{height * scale:.1f}"'
    for prefix, address in (("xmlns", "http://www.w3.org/2000/svg"), ("xmlns:xlink", "http://www.w3.org/1999/xlink")):
        if not re.search(rf"\b{prefix}\s*=", head):
            added += f' {prefix}="{address}"'
    for prefix in sorted(set(re.findall(r"[\s</]([A-Za-z_][\w\-]*):[A-Za-z]", document))):
        known = prefix in ("xml", "xmlns", "xlink", "http", "https")
        if not known and not re.search(rf"xmlns:{prefix}\s*=", document):
            added += f' xmlns:{prefix}="urn:{prefix}"'
    return document.replace(head, bare[:4] + added + bare[4:], 1)


def _fit(image: Image.Image, *, crop: bool) -> Pixels:
    image = image.convert("RGBA")
    if crop:
        opaque = image.getchannel("A").point(lambda value: 255 if value > 8 else 0).getbbox()
        if opaque:
            margin = int(_MARGIN * max(opaque[2] - opaque[0], opaque[3] - opaque[1]))
            image = image.crop(
                (
                    max(0, opaque[0] - margin),
                    max(0, opaque[1] - margin),
                    min(image.width, opaque[2] + margin),
                    min(image.height, opaque[3] + margin),
                )
            )
    scale = SIZE / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    square = Image.new("RGBA", (SIZE, SIZE))
    square.paste(
        image.resize((width, height), Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC),
        ((SIZE - width) // 2, (SIZE - height) // 2),
    )
    return np.asarray(square)
