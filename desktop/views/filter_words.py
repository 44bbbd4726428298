"""What filters are called, and the choices that the filter menu offers. Words only, in the present language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from desktop.models.search import Search
from engine.protocol import Filter, Subset

MIN_EDGES_PX = (128, 256, 512, 1024, 2048)
SHAPES = ("square", "portrait", "landscape")
SPANS = ("1d", "1w", "1m", "1y")
RATINGS = (1, 2, 3, 4, 5)
FORMATS = (
    "PNG",
    "JPEG",
    "WEBP",
    "PSD",
    "SVG",
    "TGA",
    "TIFF",
    "GIF",
    "KRA",
    "ORA",
    "CLIP",
    "BLEND",
    "DDS",
    "EXR",
    "HDR",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter, in words; `without` is the filter once it is taken away, `colour` a swatch."""

    words: str
    without: Filter
    colour: str = ""


def conditions_of(now: Filter) -> list[Condition]:
    """Return the conditions that hold, one for each chip."""
    held: list[tuple[object, str, Filter]] = [
        (now.folders, ", ".join(path.name or str(path) for path in now.folders), replace(now, folders=())),
        (now.formats, " · ".join(now.formats), replace(now, formats=())),
        (now.min_edge, edge_words(now.min_edge), replace(now, min_edge=0)),
        (now.aspect, shape_words(now.aspect), replace(now, aspect="")),
        (now.alpha is not None, alpha_words(now.alpha), replace(now, alpha=None)),
        (now.since, span_words(now.since), replace(now, since="")),
        (now.tags, " ".join(f"#{tag}" for tag in now.tags), replace(now, tags=())),
        (now.min_rating, rating_words(now.min_rating), replace(now, min_rating=0)),
        (now.subset is not Subset.ALL, subset_words(now.subset), replace(now, subset=Subset.ALL)),
    ]
    found = [Condition(words, without) for holds, words, without in held if holds]
    if now.colour:
        found.append(Condition("", replace(now, colour=""), now.colour))
    return found


def edge_words(edge_px: int) -> str:
    """Return a least size in words."""
    return QCoreApplication.translate("Filters", "from {0} px").format(edge_px)


def shape_words(aspect: str) -> str:
    """Return a shape in words; a ratio is its own word."""
    translate = QCoreApplication.translate
    return {
        "square": translate("Filters", "square"),
        "portrait": translate("Filters", "portrait"),
        "landscape": translate("Filters", "landscape"),
    }.get(aspect, aspect)


def alpha_words(alpha: bool | None) -> str:
    """Return in words whether pictures have transparency."""
    translate = QCoreApplication.translate
    return translate("Filters", "transparent") if alpha else translate("Filters", "opaque")


def span_words(span: str) -> str:
    """Return in words how new a file must be; a date is its own word."""
    translate = QCoreApplication.translate
    return {
        "1d": translate("Filters", "last day"),
        "1w": translate("Filters", "last week"),
        "1m": translate("Filters", "last month"),
        "1y": translate("Filters", "last year"),
    }.get(span, span)


def subset_words(subset: Subset) -> str:
    """Return in words which files a list is about."""
    translate = QCoreApplication.translate
    return {
        Subset.ALL: "",
        Subset.FAILED: translate("Filters", "without a picture"),
        Subset.WAITING: translate("Filters", "not read yet"),
    }[subset]


def rating_words(rating: int) -> str:
    """Return a least rating in stars."""
    return "★" * rating + ("+" if rating < RATINGS[-1] else "")


def words_of(search: Search) -> str:
    """Return a whole search on one line, such as for a list of recent ones."""
    pictures = [f"≈ {picture.name or '…'}" for picture in search.pictures]
    conditions = [condition.words or condition.colour for condition in conditions_of(search.filter)]
    return " · ".join(filter(None, [search.text, *pictures, *conditions]))
