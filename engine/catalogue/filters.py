"""Which assets a search may return, by what the catalogue knows of them; vectors play no part here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.catalogue.database import Database, value_to_name

COLOUR_DISTANCE = 0.12
"""Largest OKLab distance at which two colours pass for the same; 0.02 is just noticeable."""
COLOUR_SHARE = 0.08
"""Least share of the opaque pixels that a colour must have."""


@dataclass(frozen=True, slots=True)
class AssetFilter:
    """Conditions that all hold; the default lets everything pass.

    `colour` is OKLab (l, a, b); `aspect` the lowest and highest width / height; sizes in pixels; `since_ns` and
    `until_ns` compare with the file's modification time; an asset has all of the `tags`.
    """

    folders: tuple[Path, ...] = ()
    formats: tuple[str, ...] = ()
    min_width: int = 0
    min_height: int = 0
    min_edge: int = 0
    aspect: tuple[float, float] | None = None
    alpha: bool | None = None
    colour: tuple[float, float, float] | None = None
    since_ns: int | None = None
    until_ns: int | None = None
    tags: tuple[str, ...] = ()
    min_rating: int = 0

    def passes_all(self) -> bool:
        """Return whether this filter has no condition."""
        return self == AssetFilter()


@dataclass(frozen=True, slots=True)
class Allowed:
    """What passed a filter: asset ids, and the distinct content ids among them, both sorted, int64."""

    assets: NDArray[np.int64]
    contents: NDArray[np.int64]


class Filters:
    """Evaluates filters over the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, wanted: AssetFilter) -> Allowed:
        """Return the assets and contents that pass; an empty result is no error."""
        conditions, parameters = self.conditions(wanted)
        rows = self._database.rows(
            "SELECT a.id, a.content_id FROM assets a JOIN contents c ON c.id = a.content_id"
            f" WHERE a.presence <> 'missing' AND {' AND '.join(conditions)} ORDER BY a.id",
            parameters,
        )
        both = np.array(rows, np.int64).reshape(-1, 2)
        return Allowed(both[:, 0], np.unique(both[:, 1]))

    def conditions(self, wanted: AssetFilter) -> tuple[list[str], list[Any]]:
        """Return SQL over `assets a` and `contents c`, and its parameters; for the modules beside this one."""
        conditions: list[str] = ["1"]
        parameters: list[Any] = []

        def add(condition: str, *values: Any) -> None:
            conditions.append(condition)
            parameters.extend(values)

        if wanted.folders:
            directories = self.directories_below(wanted.folders)
            add(f"a.directory_id IN ({','.join(map(str, directories))})")
        if wanted.formats:
            add(f"c.format IN ({','.join('?' * len(wanted.formats))})", *wanted.formats)
        if wanted.min_width:
            add("c.width >= ?", wanted.min_width)
        if wanted.min_height:
            add("c.height >= ?", wanted.min_height)
        if wanted.min_edge:
            add("min(c.width, c.height) >= ?", wanted.min_edge)
        if wanted.aspect is not None:
            add("1.0 * c.width / c.height BETWEEN ? AND ?", *wanted.aspect)
        if wanted.alpha is not None:
            add("c.has_alpha = ?", wanted.alpha)
        if wanted.since_ns is not None:
            add("a.mtime_ns >= ?", wanted.since_ns)
        if wanted.until_ns is not None:
            add("a.mtime_ns <= ?", wanted.until_ns)
        for tag in wanted.tags:
            add("a.content_id IN (SELECT content_id FROM tags WHERE tag = ?)", tag)
        if wanted.min_rating:
            add("a.content_id IN (SELECT content_id FROM marks WHERE rating >= ?)", wanted.min_rating)
        if wanted.colour is not None:
            add(*_colour_condition(wanted.colour))
        return conditions, parameters

    def directories_below(self, folders: tuple[Path, ...]) -> list[int]:
        """Return the directories that are one of these folders, or lie below it."""
        rows = self._database.rows(
            "SELECT d.id, f.path, d.relative FROM directories d JOIN folders f ON f.id = d.folder_id"
        )
        places = [(row[0], Path(value_to_name(row[1]), value_to_name(row[2]))) for row in rows]
        return [directory_id for directory_id, place in places if any(place.is_relative_to(f) for f in folders)]


def _colour_condition(colour: tuple[float, float, float]) -> tuple[Any, ...]:
    # The BETWEEN on `a` lets the index cut the table down before distances are computed.
    lightness, a, b = colour
    return (
        "a.content_id IN (SELECT content_id FROM colours k WHERE k.a BETWEEN ? AND ? AND k.share >= ?"
        " AND (k.l - ?) * (k.l - ?) + (k.a - ?) * (k.a - ?) + (k.b - ?) * (k.b - ?) <= ?)",
        a - COLOUR_DISTANCE,
        a + COLOUR_DISTANCE,
        COLOUR_SHARE,
        lightness,
        lightness,
        a,
        a,
        b,
        b,
        COLOUR_DISTANCE**2,
    )
