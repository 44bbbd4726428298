"""What lies in the tray, and as what: a value that is never changed.

An asset may lie there in several roles. The preferences keep it as words such as `garment:12`; a bare number is of a
tray without roles and lies there in the usual one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from engine.protocol import Role

USUAL_ROLE = Role.PROP


class Lying(NamedTuple):
    """An asset in a role."""

    role: Role
    asset_id: int


@dataclass(frozen=True, slots=True)
class Tray:
    """Assets in their roles, in the order they were put in."""

    lying: tuple[Lying, ...] = ()

    def ids(self) -> tuple[int, ...]:
        """Return every asset once."""
        return tuple(dict.fromkeys(one.asset_id for one in self.lying))

    def well(self, role: Role) -> tuple[int, ...]:
        """Return the assets of one role."""
        return tuple(one.asset_id for one in self.lying if one.role is role)

    def with_assets(self, asset_ids: Iterable[int], role: Role) -> Tray:
        """Return the tray with assets in a role, where they do not lie there yet."""
        return Tray(tuple(dict.fromkeys((*self.lying, *(Lying(role, one) for one in asset_ids)))))

    def without(self, asset_ids: Collection[int], role: Role | None = None) -> Tray:
        """Return the tray without assets, in one role or in all."""
        gone = set(asset_ids)
        return Tray(tuple(one for one in self.lying if not (one.asset_id in gone and role in (None, one.role))))

    def moved(self, asset_ids: Collection[int], source: Role, target: Role) -> Tray:
        """Return the tray with assets in another role."""
        return self if source is target else self.without(asset_ids, source).with_assets(asset_ids, target)

    def written(self) -> tuple[str, ...]:
        """Return it as the preferences keep it."""
        return tuple(f"{one.role}:{one.asset_id}" for one in self.lying)


def read_tray(written: Iterable[int | str]) -> Tray:
    """Return the tray that was written; what makes no sense is left out."""
    return Tray(tuple(dict.fromkeys(lying for one in written if (lying := _read(one)) is not None)))


def _read(written: int | str) -> Lying | None:
    if isinstance(written, int):
        return Lying(USUAL_ROLE, written)
    role, _, number = written.partition(":")
    try:
        return Lying(Role(role), int(number))
    except ValueError:
        return None
