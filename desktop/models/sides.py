"""The sides of a matrix, and where each job of a batch stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from engine.protocol import Choice, Group, Job


@dataclass(frozen=True, slots=True)
class Sides:
    """The choices of a matrix: its first group by row, every combination of the others by column, takes within."""

    rows: tuple[Choice, ...] = ((),)
    columns: tuple[Choice, ...] = ((),)
    takes: int = 1
    sizes: tuple[int, ...] = ()

    @property
    def places(self) -> int:
        """How many cells there are."""
        return len(self.rows) * len(self.columns) * self.takes

    def place_of(self, job: Job) -> int:
        """Return where a job stands; −1 for one that has no place."""
        if len(job.cell) != len(self.sizes) or not 0 <= job.take < self.takes:
            return -1
        place = 0
        for choice, size in zip(job.cell, self.sizes, strict=True):
            if not 0 <= choice < size:
                return -1
            place = place * size + choice
        return place * self.takes + job.take


def sides_of(groups: Sequence[Group], jobs: int) -> Sides:
    """Return the sides of a batch of so many jobs."""
    sizes = tuple(len(group) for group in groups)
    rows: tuple[Choice, ...] = tuple(groups[0]) if groups else ((),)
    combined = product(*groups[1:])
    columns = tuple(tuple(element for choice in choices for element in choice) for choices in combined)
    return Sides(rows, columns, max(1, jobs // max(prod(sizes), 1)), sizes)
