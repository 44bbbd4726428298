"""What is searched for, as the user sees it: typed words, pictures, filters and an order. One value, never changed.

The search bar edits it, the history keeps it, the session turns it into the engine's query.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

USUAL_WEIGHT = 1.0
UNLIKE_WEIGHT = -0.5


class Shape(StrEnum):
    """Width against height."""

    SQUARE = "square"
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a picture in 0…1 of its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LikePicture:
    """A picture that results should be like, or unlike if the weight is negative; `thumbnail` is its key, if any."""

    path: Path
    weight: float = USUAL_WEIGHT
    part: Part | None = None
    thumbnail: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that all hold; the default lets everything pass. `colour` is `#rrggbb`."""

    folder: Path | None = None
    formats: tuple[str, ...] = ()
    min_edge: int = 0
    shape: Shape | None = None
    alpha: bool | None = None
    colour: str = ""
    days: int = 0
    tag: str = ""
    min_rating: int = 0


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Search:
    """A search; the default shows everything."""

    text: str = ""
    pictures: tuple[LikePicture, ...] = ()
    filters: Filters = field(default=NO_FILTERS)

    @property
    def asks(self) -> bool:
        """Whether there is something to be like, so that results have a relevance."""
        return bool(self.text.strip() or self.pictures)

    @property
    def shows_everything(self) -> bool:
        """Whether nothing is asked and nothing filtered."""
        return not self.asks and self.filters == NO_FILTERS

    def with_picture(self, picture: LikePicture) -> Search:
        """Return this search with one more picture; one that is in it already takes the new weight."""
        others = tuple(one for one in self.pictures if (one.path, one.part) != (picture.path, picture.part))
        return replace(self, pictures=(*others, picture))

    def without_picture(self, picture: LikePicture) -> Search:
        """Return this search with a picture less."""
        return replace(self, pictures=tuple(one for one in self.pictures if one != picture))
