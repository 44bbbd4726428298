"""What filters are called, and the choices that the filter menu offers. Words only, in the present language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from desktop.models.search import Filters, Shape

MIN_EDGES_PX = (128, 256, 512, 1024, 2048)
DAYS = (1, 7, 30, 365)
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
    """One condition of a filter, in words; `without` is the filter once it is taken away."""

    words: str
    without: Filters
    colour: str = ""


def conditions_of(filters: Filters) -> list[Condition]:
    """Return the conditions that hold, one for each chip."""
    found = []
    if filters.folder is not None:
        found.append(Condition(filters.folder.name or str(filters.folder), replace(filters, folder=None)))
    if filters.formats:
        found.append(Condition(" · ".join(filters.formats), replace(filters, formats=())))
    if filters.min_edge:
        found.append(Condition(edge_words(filters.min_edge), replace(filters, min_edge=0)))
    if filters.shape is not None:
        found.append(Condition(shape_words(filters.shape), replace(filters, shape=None)))
    if filters.alpha is not None:
        found.append(Condition(alpha_words(filters.alpha), replace(filters, alpha=None)))
    if filters.colour:
        found.append(Condition("", replace(filters, colour=""), filters.colour))
    if filters.days:
        found.append(Condition(days_words(filters.days), replace(filters, days=0)))
    if filters.tag:
        found.append(Condition(f"# {filters.tag}", replace(filters, tag="")))
    if filters.min_rating:
        found.append(Condition(rating_words(filters.min_rating), replace(filters, min_rating=0)))
    return found


def edge_words(edge_px: int) -> str:
    """Return a least size in words."""
    return QCoreApplication.translate("Filters", "from {0} px").format(edge_px)


def shape_words(shape: Shape) -> str:
    """Return a shape in words."""
    translate = QCoreApplication.translate
    return {
        Shape.SQUARE: translate("Filters", "square"),
        Shape.PORTRAIT: translate("Filters", "portrait"),
        Shape.LANDSCAPE: translate("Filters", "landscape"),
    }[shape]


def alpha_words(alpha: bool) -> str:
    """Return in words whether pictures have transparency."""
    translate = QCoreApplication.translate
    return translate("Filters", "transparent") if alpha else translate("Filters", "opaque")


def days_words(days: int) -> str:
    """Return in words how new a file must be."""
    translate = QCoreApplication.translate
    return {
        1: translate("Filters", "last day"),
        7: translate("Filters", "last week"),
        30: translate("Filters", "last month"),
        365: translate("Filters", "last year"),
    }[days]


def rating_words(rating: int) -> str:
    """Return a least rating in stars."""
    return "★" * rating + ("+" if rating < RATINGS[-1] else "")
