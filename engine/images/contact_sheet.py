"""A contact sheet: rows of captioned pictures under titles, as one PNG, for the demo and for reports.

Anyone may call it. Invariant: it always writes a sheet; a picture that cannot be read becomes an empty frame.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from engine.errors import DataDirectoryUnusable, DecodeError
from engine.images.decode import DecodeLimits, decode_image
from engine.images.fonts import FONT_HINT, NOT_DRAWABLE, DrawingFont, load_font

Cell = tuple[Path | Image.Image, str]
Row = tuple[str, Sequence[Cell]]

CELL_PX = 168
GAP_PX = 14
MARGIN_PX = 28
TITLE_PX = 22
CAPTION_PX = 13
MAX_COLUMNS = 8
MIN_WIDTH_PX = 480

_PAPER = (250, 250, 248)
_FRAME = (236, 236, 232)
_INK = (32, 32, 36)
_FAINT = (112, 112, 118)
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class _Pen:
    draw: ImageDraw.ImageDraw
    title: DrawingFont
    caption: DrawingFont


def save_contact_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write the sheet; rows of more than MAX_COLUMNS pictures go on below. Raises DataDirectoryUnusable."""
    columns = max(1, min(MAX_COLUMNS, max((len(cells) for _, cells in rows), default=1)))
    width = max(MIN_WIDTH_PX, 2 * MARGIN_PX + columns * (CELL_PX + GAP_PX) - GAP_PX)
    height = 2 * MARGIN_PX + sum(_row_height(len(cells), columns) for _, cells in rows) + _line(CAPTION_PX)
    sheet = Image.new("RGB", (width, height), _PAPER)
    pen = _Pen(ImageDraw.Draw(sheet), load_font(TITLE_PX), load_font(CAPTION_PX))
    top = MARGIN_PX
    for title, cells in rows:
        _draw_row(sheet, pen, top, title, cells, columns)
        top += _row_height(len(cells), columns)
    if _lacks_letters(rows, pen):
        pen.draw.text((MARGIN_PX, top), pen.caption.drawable(FONT_HINT), fill=_FAINT, font=pen.caption.font)
    _save(sheet, path)


def _draw_row(sheet: Image.Image, pen: _Pen, top: int, title: str, cells: Sequence[Cell], columns: int) -> None:
    room = sheet.width - 2 * MARGIN_PX
    pen.draw.text((MARGIN_PX, top), _shortened(title, pen.title, room), fill=_INK, font=pen.title.font)
    for index, (picture, caption) in enumerate(cells):
        left = MARGIN_PX + index % columns * (CELL_PX + GAP_PX)
        cell_top = top + _line(TITLE_PX) + index // columns * _cell_height()
        _draw_cell(sheet, pen, (left, cell_top), picture, caption)


def _draw_cell(
    sheet: Image.Image, pen: _Pen, corner: tuple[int, int], picture: Path | Image.Image, caption: str
) -> None:
    left, top = corner
    pen.draw.rectangle((left, top, left + CELL_PX - 1, top + CELL_PX - 1), fill=_FRAME)
    small = _small(picture)
    if small is not None:
        place = (left + (CELL_PX - small.width) // 2, top + (CELL_PX - small.height) // 2)
        sheet.paste(small, place, small if small.mode == "RGBA" else None)
    text = _shortened(caption, pen.caption, CELL_PX)
    pen.draw.text((left, top + CELL_PX + 4), text, fill=_FAINT, font=pen.caption.font)


def _small(picture: Path | Image.Image) -> Image.Image | None:
    if isinstance(picture, Path):
        try:
            picture = decode_image(picture, DecodeLimits(edge=2 * CELL_PX)).image
        except DecodeError:
            return None
    scale = CELL_PX / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    is_pixel_art = scale >= 3  # kept crisp; anything larger looks better smooth
    return picture.resize(size, Image.Resampling.NEAREST if is_pixel_art else Image.Resampling.LANCZOS)


def _shortened(text: str, font: DrawingFont, room_px: int) -> str:
    """Return the drawable text, cut in the middle where it is too long: names differ at both ends."""
    text = font.drawable(text)
    if font.font.getlength(text) <= room_px:
        return text
    ellipsis = _ELLIPSIS if NOT_DRAWABLE not in font.drawable(_ELLIPSIS) else "..."
    for kept in range(len(text) - 1, 0, -1):
        cut = text[: (kept + 1) // 2].rstrip() + ellipsis + text[len(text) - kept // 2 :].lstrip()
        if font.font.getlength(cut) <= room_px:
            return cut
    return ellipsis


def _lacks_letters(rows: Sequence[Row], pen: _Pen) -> bool:
    texts = [text for title, cells in rows for text in (title, *(caption for _, caption in cells))]
    return any(NOT_DRAWABLE in pen.caption.drawable(text) for text in texts)


def _row_height(cells: int, columns: int) -> int:
    return _line(TITLE_PX) + max(1, -(-cells // columns)) * _cell_height()


def _cell_height() -> int:
    return CELL_PX + _line(CAPTION_PX) + GAP_PX


def _line(font_px: int) -> int:
    return round(font_px * 1.6)


def _save(sheet: Image.Image, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        sheet.save(unfinished, "PNG")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise DataDirectoryUnusable(
            f"The contact sheet cannot be written to {path}: {error.strerror or error}.", "Choose another folder."
        ) from error
