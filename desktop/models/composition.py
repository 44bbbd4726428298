"""What is being composed, as the user sees it: a sheet of slots, and how the pictures should be. Values, never changed.

Whatever the way it is put together, a sheet becomes one `Brief`: each slot is a group of its matrix.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from engine.protocol import AssetRow, Band, Brief, Element, GeneratorModel, Group, Mode, Role

SAID_ANYWAY = (Role.SCENE, Role.STYLE)
"""Roles that words alone may stand for, so that they are said also where the description says them."""
PRODUCTS = (Role.GARMENT, Role.ACCESSORY, Role.PROP)


class Way(Enum):
    """How a composition is put together; each has a sheet of its own."""

    DESCRIBE = auto()
    DRESS = auto()
    SCENE = auto()
    STYLE = auto()


MODES = {Way.DESCRIBE: Mode.PROP, Way.DRESS: Mode.DRESS, Way.SCENE: Mode.SCENE, Way.STYLE: Mode.VARIATION}
FROM_TRAY = {Way.DRESS: (Role.PERSON, Role.GARMENT, Role.ACCESSORY), Way.SCENE: (Role.PROP, Role.SCENE)}
"""The slots of ways that begin with what lies in the tray."""


class Lack(Enum):
    """What a sheet needs before anything can be planned."""

    ANYTHING = auto()
    WORDS = auto()
    PERSON = auto()
    CLOTHES = auto()
    SUBJECT = auto()
    PLACE = auto()
    STYLE = auto()


class Kind(Enum):
    """What a model counts references by."""

    OBJECTS = auto()
    PERSONS = auto()
    STYLES = auto()


@dataclass(frozen=True, slots=True)
class Excess:
    """A picture would have more references of a kind than its model takes."""

    kind: Kind
    many: int
    most: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One part: its words, the pictures that may stand for it, and those that do.

    `files` lie outside the library, and stand for it until they are taken away. `in_turn` makes a picture with each of
    those that stand for it, else all go into one. `asked` is how many candidates its words were searched for, `fed` are
    the candidates that lie in the tray, `trouble` says why the search failed. `settled` says that the user has chosen,
    `described` that it comes from the description.
    """

    key: int
    role: Role
    text: str = ""
    candidates: tuple[AssetRow, ...] = ()
    files: tuple[Path, ...] = ()
    chosen: tuple[int, ...] = ()
    in_turn: bool = True
    asked: int = 0
    fed: tuple[int, ...] = ()
    waits: bool = False
    trouble: str = ""
    settled: bool = False
    described: bool = False

    @property
    def rows(self) -> tuple[AssetRow, ...]:
        """The chosen pictures, in the order they are shown."""
        chosen = set(self.chosen)
        return tuple(row for row in self.candidates if row.id in chosen)

    @property
    def pictures(self) -> tuple[AssetRow | Path, ...]:
        """All that stands for it."""
        return (*self.rows, *self.files)

    @property
    def lines(self) -> tuple[str, ...]:
        """Its words; each line is an alternative."""
        return tuple(line.strip() for line in self.text.splitlines() if line.strip())

    @property
    def references(self) -> int:
        """How many references one picture gets from it, at most."""
        pictures = len(self.pictures)
        return min(pictures, 1) if self.in_turn else pictures * max(len(self.lines), 1)

    def adds_to(self, said: str) -> bool:
        """Return whether it has a picture, or words that are not `said` already."""
        worded = bool(self.lines) and (self.role in SAID_ANYWAY or self.text.strip() not in said)
        return worded or bool(self.pictures)

    def group(self, said: str) -> Group:
        """Return its choices; none where it adds nothing to what is `said`."""
        if not self.adds_to(said):
            return ()
        pictures, lines = self.pictures or (None,), self.lines or ("",)
        elements = tuple(_element(self.role, line, picture) for picture in pictures for line in lines)
        return tuple((one,) for one in elements) if self.in_turn else (elements,)

    def offering(self, rows: Iterable[AssetRow]) -> Slot:
        """Return the slot with pictures in front of its candidates, all of them chosen."""
        new = tuple({row.id: row for row in rows}.values())
        ids = {row.id: row for row in new}
        others = tuple(row for row in self.candidates if row.id not in ids)
        chosen = (*ids, *(one for one in self.chosen if one not in ids))
        return replace(self, candidates=(*new, *others), chosen=chosen, settled=True)

    def answered_with(self, found: Sequence[AssetRow], preselected: Sequence[Band]) -> Slot:
        """Return the slot with what was found behind what it keeps; the best is chosen for those who did not."""
        stays = {*self.fed, *(self.chosen if self.settled else ())}
        held = tuple(row for row in self.candidates if row.id in stays)
        ids = {row.id for row in held}
        best = tuple(row.id for row in found[:1] if row.band in preselected)
        kept = self.chosen if self.settled else tuple(one for one in self.chosen if one in self.fed)
        return replace(
            self,
            candidates=(*held, *(row for row in found if row.id not in ids)),
            chosen=kept if self.settled else (*kept, *best),
            waits=False,
        )

    def fed_with(self, rows: Sequence[AssetRow]) -> Slot:
        """Return the slot with what lies in the tray in front; what is new there is chosen, what left it goes."""
        ids = tuple(row.id for row in rows)
        in_tray, were_there, were_chosen = set(ids), set(self.fed), set(self.chosen)
        others = tuple(row for row in self.candidates if row.id not in in_tray and row.id not in were_there)
        new = (one for one in ids if one not in were_there and one not in were_chosen)
        kept = in_tray.union(row.id for row in others)
        chosen = tuple(one for one in (*self.chosen, *new) if one in kept)
        return replace(self, candidates=(*rows, *others), chosen=chosen, fed=ids)

    def without(self, asset_ids: Collection[int]) -> Slot:
        """Return the slot without these candidates."""
        return replace(
            self,
            candidates=tuple(row for row in self.candidates if row.id not in asset_ids),
            chosen=tuple(one for one in self.chosen if one not in asset_ids),
        )


@dataclass(frozen=True, slots=True)
class Output:
    """How the pictures should be. Empty words stand for the first on offer, no folder for that of the settings."""

    model: str = ""
    size: str = ""
    ratio: str = ""
    count: int = 1
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything put together in one way."""

    way: Way
    text: str = ""
    slots: tuple[Slot, ...] = ()

    @property
    def groups(self) -> tuple[Group, ...]:
        """The choices of every slot that has some."""
        return tuple(group for slot in self.slots if (group := slot.group(self._described)))

    @property
    def _described(self) -> str:
        """What the words for the whole say of its parts."""
        return self.text if self.way is Way.DESCRIBE else ""

    def brief(self, output: Output) -> Brief:
        """Return what the engine plans by."""
        return Brief(
            MODES[self.way], self.text.strip(), self.groups, output.model, output.size, output.ratio, output.count
        )

    def find(self, key: int) -> Slot | None:
        """Return a slot by its key, None if it was removed."""
        return next((slot for slot in self.slots if slot.key == key), None)

    def with_slot(self, slot: Slot) -> Sheet:
        """Return the sheet with a slot in the place of its former self, or one more."""
        if self.find(slot.key) is None:
            return replace(self, slots=(*self.slots, slot))
        return replace(self, slots=tuple(slot if one.key == slot.key else one for one in self.slots))

    def without_slot(self, key: int) -> Sheet:
        """Return the sheet without a slot."""
        return replace(self, slots=tuple(slot for slot in self.slots if slot.key != key))

    def lack(self) -> Lack | None:
        """Return what is missing before it can be planned."""
        said = bool(self.text.strip())
        pictured = {slot.role for slot in self.slots if slot.pictures}
        roles = {slot.role for slot in self.slots if slot.adds_to(self._described)}
        needs: dict[Way, Sequence[tuple[bool, Lack]]] = {
            Way.DESCRIBE: ((said or bool(roles), Lack.ANYTHING),),
            Way.DRESS: (
                (Role.PERSON in pictured, Lack.PERSON),
                (said or bool(roles & {Role.GARMENT, Role.ACCESSORY}), Lack.CLOTHES),
            ),
            Way.SCENE: (
                (bool(pictured & {Role.PERSON, *PRODUCTS}), Lack.SUBJECT),
                (said or Role.SCENE in roles, Lack.PLACE),
            ),
            Way.STYLE: ((said, Lack.WORDS), (Role.STYLE in pictured, Lack.STYLE)),
        }
        return next((lack for holds, lack in needs[self.way] if not holds), None)

    def excess(self, model: GeneratorModel) -> tuple[Excess, ...]:
        """Return where one picture would have more references than a model takes."""
        many = dict.fromkeys(Kind, 0)
        for slot in self.slots:
            many[_kind_of(slot.role, model)] += slot.references
        most = {Kind.OBJECTS: model.objects, Kind.PERSONS: model.persons, Kind.STYLES: model.styles}
        return tuple(Excess(kind, many[kind], most[kind]) for kind in Kind if many[kind] > most[kind])


def _element(role: Role, words: str, picture: AssetRow | Path | None) -> Element:
    if picture is None:
        return Element(role, words)
    if isinstance(picture, Path):
        return Element(role, words, name=picture.name, path=picture)
    return Element(role, words, picture.id, picture.path.name)


def _kind_of(role: Role, model: GeneratorModel) -> Kind:
    if role is Role.PERSON and model.persons:
        return Kind.PERSONS
    return Kind.STYLES if role is Role.STYLE and model.styles else Kind.OBJECTS
