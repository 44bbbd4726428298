"""Draws the application's icon in the sizes and files that each platform wants, from its one SVG."""

from __future__ import annotations

import io
from pathlib import Path

import resvg_py
from PIL import Image

SOURCE = Path(__file__).resolve().parents[1] / "resources" / "icons" / "propmaster.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = tuple(size for size in SIZES if size <= 256)  # the format knows no larger ones


def draw(size: int) -> Image.Image:
    """Return the icon, `size` pixels wide and high."""
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(SOURCE), width=size, height=size))))


def write_icons(folder: Path) -> None:
    """Write `propmaster.ico` for Windows and `propmaster.icns` for macOS."""
    folder.mkdir(parents=True, exist_ok=True)
    largest = draw(SIZES[-1])
    smaller = [draw(size) for size in ICO_SIZES]
    largest.save(folder / "propmaster.ico", sizes=[(size, size) for size in ICO_SIZES], append_images=smaller)
    largest.save(folder / "propmaster.icns")
