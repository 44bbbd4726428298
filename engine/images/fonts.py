"""Fonts of this computer for text that is drawn into pictures; used by the contact sheet.

Invariant: `drawable` text never shows a missing-glyph box: what no font here can draw is named in words instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

NOT_DRAWABLE = "[…]"
FONT_HINT = "[…] stands for characters that no font on this computer can draw; install Noto Sans CJK to see them."

# Fonts with Chinese letters, best first; each name is looked for in all of the platform's font folders.
_CJK_NAMES = (
    "msyh.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf", "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf", "simhei.ttf", "simsun.ttc", "Arial Unicode.ttf", "NotoSerifCJK-Regular.ttc", "uming.ttc",
)  # fmt: skip
_ABSENT = "\U0010ffff"  # a code point that no font may ever give a glyph


@dataclass(frozen=True)
class DrawingFont:
    """A font at one size, with what it can draw remembered."""

    font: Font
    _drawable: dict[str, bool] = field(default_factory=dict)

    def drawable(self, text: str) -> str:
        """Return the text with each run of characters that the font lacks replaced by NOT_DRAWABLE."""
        parts: list[str] = []
        for character in text:
            if character.isspace():
                parts.append(" ")
            elif self._has(character):
                parts.append(character)
            elif not parts or parts[-1] != NOT_DRAWABLE:
                parts.append(NOT_DRAWABLE)
        return "".join(parts)

    def _has(self, character: str) -> bool:
        if character not in self._drawable:
            self._drawable[character] = character.isprintable() and _glyph(self.font, character) != _glyph(
                self.font, _ABSENT
            )
        return self._drawable[character]


def load_font(size_px: int) -> DrawingFont:
    """Return a font with Chinese letters if this computer has one, else the Latin one that comes with Pillow."""
    path = find_cjk_font()
    if path is not None:
        try:
            return DrawingFont(ImageFont.truetype(path, size_px))
        except OSError:  # damaged or not for FreeType
            find_cjk_font.cache_clear()
    return DrawingFont(ImageFont.load_default(size_px))


@cache
def find_cjk_font() -> Path | None:
    """Return the best font with Chinese letters, or None. Walks the font folders once."""
    wanted = {name.lower(): rank for rank, name in enumerate(_CJK_NAMES)}
    ranked = [(wanted[path.name.lower()], path) for path in _font_files() if path.name.lower() in wanted]
    return min(ranked)[1] if ranked else None


def _font_files() -> Iterator[Path]:
    for folder in _font_folders():
        for parent, _, names in os.walk(folder):
            yield from (Path(parent, name) for name in names)


def _font_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home))
        return Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local / "Microsoft/Windows/Fonts"
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"
    return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts"


def _glyph(font: Font, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)
