"""Reads emoji and icon sets: SVG paths in Iconify's JSON, named by code point or by icon name.

Emoji carry labels and tags in English and Chinese from Emojibase; icons are called by their names. One in ten emoji
concepts is kept out of training, with every icon of the same name, and so is the whole Fluent family.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from starter_encoder.naming import is_kept_apart, words_of
from starter_encoder.pictures import Drawing, Picture, Split, Style

EMOJI_SETS = (
    "noto", "twemoji", "openmoji", "emojione", "fxemoji", "noto-v1", "emojione-v1", "streamline-emojis",
)  # fmt: skip
HELD_ONE_IN = 10
_SIZE = 224
_TAGS = 6
# Emojibase's groups of bare components and of flags: no objects.
_SKIPPED_GROUPS = (None, 2, 9)
_SKIN = re.compile("(light|medium|dark)-skin|skin-tone")


@dataclass(frozen=True, slots=True)
class Emoji:
    """One emoji concept."""

    code: str
    en: str
    zh: str
    tags: tuple[str, ...]
    zh_tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IconSet:
    """What is taken of one icon set. `keep` and `drop` are searched for in the name."""

    name: str
    style: Style
    keep: str = ""
    drop: str = ""
    prefixes: str = ""


# Words of user interfaces; such icons show arrows, badges and text rather than things.
_INTERFACE = (
    r"\b(arrow|chevron|caret|align|format|alpha|numeric|roman|sort|filter|view|page|layout|menu|tab|cursor|select|text"
    r"|off|alert|plus|minus|check|remove|add|delete|edit|cog|settings?|badge|variant|slash|dots?|border|letter|number"
    r"|logo|brand|api|html|css|http|wifi|signal|bluetooth|network|cloud|database|server|file|folder|document|email"
    r"|mail|message|comment|chat|account|user|login|logout|code|language|axis|vector|ratio|crop|margin|padding|grid"
    r"|list|table|column|row|flip|rotate|undo|redo|sync|refresh|reload|download|upload|import|export|share|link|zoom"
    r"|circle|square|box|rectangle|triangle|hexagon|octagon|rhombus|percent|equal|not|x|xmark|question|exclamation"
    r"|negative|24px|bug|data|app|web|website|browser|payment|refund|shipment|optimization|automatic|kanban|graph"
    r"|google|facebook|twitter|microsoft|apple pay|windows|linux|android|microblog)\b"
)
_VARIANT = r"-(outline|light|thin|bold|negative|24px)$"

ICON_SETS = (
    IconSet("game-icons", Style.MONO),
    IconSet("flat-color-icons", Style.FLAT),
    IconSet("mdi", Style.MONO, drop=_VARIANT),
    IconSet("ph", Style.MONO, keep=r"-(fill|duotone)$"),
    IconSet("healthicons", Style.MONO, drop=_VARIANT),
    IconSet("temaki", Style.MONO),
    IconSet("icon-park", Style.FLAT),
    IconSet("streamline-color", Style.FLAT),
    IconSet("streamline-plump-color", Style.FLAT),
    IconSet("streamline-ultimate-color", Style.FLAT),
    IconSet("streamline-freehand-color", Style.DRAWN),
    IconSet("streamline-kameleon-color", Style.FLAT),
    IconSet("streamline-stickies-color", Style.FLAT),
    IconSet(
        "streamline-pixel",
        Style.PIXEL,
        prefixes=r"^(interface essential|content files|school science|health|entertainment events hobbies"
        r"|computers devices electronics|business products?|money payments|coding apps websites|food drink"
        r"|internet network|email|phone|photo|video movies?|music|social rewards|shopping shipping|travel|transport"
        r"|vehicle|weather|pet animals|map|ecology|clothes|building real estate|construction|wild animals)\s",
    ),
)
_VARIANT_WORDS = re.compile(r"\b(fill|duotone|duo|flat|alt|alternate|variant|outline)\b")


class EmojiTable:
    """Emojibase's labels by code point, and what icon names mean in them."""

    def __init__(self, emojibase: Path) -> None:
        english = json.loads((emojibase / "en/data.json").read_text(encoding="utf-8"))
        chinese = {row["hexcode"]: row for row in json.loads((emojibase / "zh/data.json").read_text(encoding="utf-8"))}
        self._emoji = {
            normal_code(row["hexcode"]): _parse_emoji(row, chinese.get(row["hexcode"], {}))
            for row in english
            if row.get("group") not in _SKIPPED_GROUPS
        }

    def find(self, code: str) -> Emoji | None:
        """Return the emoji at a normalised code point."""
        return self._emoji.get(code)

    def all(self) -> tuple[Emoji, ...]:
        return tuple(self._emoji.values())

    @cached_property
    def by_slug(self) -> Mapping[str, str]:
        """Code points by the label's letters and digits alone."""
        return {squash(emoji.en): code for code, emoji in self._emoji.items()}

    def split_of(self, code: str) -> Split:
        return Split.HELD if is_kept_apart(code, HELD_ONE_IN) else Split.TRAIN

    @cached_property
    def held_labels(self) -> frozenset[str]:
        """The names that may not be trained on under any source."""
        held = [emoji.en.lower() for code, emoji in self._emoji.items() if self.split_of(code) is Split.HELD]
        return frozenset(held) | {label.split(":")[0] for label in held}

    def is_held(self, label: str) -> bool:
        """Tell whether a name, or its last word, is that of a concept kept out of training."""
        return label in self.held_labels or label.split()[-1] in self.held_labels


def read_emoji(name: str, folder: Path, table: EmojiTable) -> Iterator[tuple[Picture, Drawing]]:
    """Yield each concept of an emoji set once, without skin tones."""
    codes = _codes_of(folder)
    seen: set[str] = set()
    for icon, drawing in _read_set(folder):
        if _SKIN.search(icon):
            continue
        code = codes.get(icon) or table.by_slug.get(squash(icon)) or ""
        emoji = table.find(code)
        if emoji is None or code in seen:
            continue
        seen.add(code)
        yield _emoji_picture(name, icon, Style.FLAT, emoji, table.split_of(code)), drawing


def read_rendered_emoji(name: str, folder: Path, table: EmojiTable) -> Iterator[tuple[Picture, Drawing]]:
    """Yield the Fluent 3D pictures, files named by code point. The whole set stays out of training."""
    for path in sorted((folder / "assets").iterdir()):
        code = normal_code(path.stem)
        emoji = table.find(code)
        if emoji is not None:
            yield _emoji_picture(name, path.name, Style.RENDERED, emoji, Split.APART), Drawing(path=str(path))


def read_icons(icon_set: IconSet, folder: Path, table: EmojiTable) -> Iterator[tuple[Picture, Drawing]]:
    """Yield the icons that show things; what is called like a concept kept apart is left out."""
    for icon, drawing in _read_set(folder):
        if icon_set.keep and not re.search(icon_set.keep, icon):
            continue
        if icon_set.drop and re.search(icon_set.drop, icon):
            continue
        label = " ".join(_VARIANT_WORDS.sub(" ", words_of(icon)).split())
        label = re.sub(icon_set.prefixes, "", label) if icon_set.prefixes else label
        if len(label) < 3 or re.search(_INTERFACE, label) or len(label.split()) > 5:
            continue
        if not table.is_held(label):
            yield Picture(icon_set.name, icon, icon_set.style, (label,)), drawing


def normal_code(code: str) -> str:
    """Return a code point sequence without variation selectors, upper case."""
    return "-".join(part for part in code.upper().split("-") if part != "FE0F")


def squash(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def _emoji_picture(source: str, origin: str, style: Style, emoji: Emoji, split: Split) -> Picture:
    chinese = (emoji.zh,) if emoji.zh else ()
    return Picture(source, origin, style, (emoji.en,), chinese, emoji.tags, split, emoji.code)


def _parse_emoji(english: Mapping[str, Any], chinese: Mapping[str, Any]) -> Emoji:
    return Emoji(
        normal_code(english["hexcode"]),
        english["label"].lower(),
        chinese.get("label", ""),
        tuple(english.get("tags", ())[:_TAGS]),
        tuple(chinese.get("tags", ())[:_TAGS]),
    )


def _codes_of(folder: Path) -> Mapping[str, str]:
    path = folder / "chars.json"
    if not path.is_file():
        return {}
    codes: dict[str, str] = {}
    for code, icon in json.loads(path.read_text(encoding="utf-8")).items():
        codes.setdefault(icon, normal_code(code))
    return codes


def _read_set(folder: Path) -> Iterator[tuple[str, Drawing]]:
    icons = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    for name, icon in icons["icons"].items():
        left, top, width, height = (
            icon.get(key, icons.get(key, default))
            for key, default in (("left", 0), ("top", 0), ("width", 16), ("height", 16))
        )
        scale = _SIZE / max(width, height)
        yield (
            name,
            Drawing(
                svg='<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
                f' viewBox="{left} {top} {width} {height}" width="{round(width * scale)}"'
                f' height="{round(height * scale)}">{icon["body"]}</svg>'
            ),
        )
