"""From a brief to a plan: every picture to be made, with its references, prompt and price, before anything is sent.

Pure: no network, no disk. Invariant: what a plan holds, its model accepts: number and kind of references, size, ratio.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, product
from math import prod

from engine.compose.brief import Brief, Element, Group, InvalidBrief, Mode, Reference
from engine.compose.generators.generator import Role
from engine.compose.models import Model, Models
from engine.compose.prompt import Templates, write_prompt
from engine.protocol import DEFAULT_CURRENCY
from engine.services.money import USD, Currency

USUAL_SIZE = "1K"
MAX_JOBS = 20_000
"""More pictures than anyone means to order at once."""

_ORDER = {role: number for number, role in enumerate(Role)}
_PRODUCTS = frozenset({Role.GARMENT, Role.ACCESSORY, Role.PROP})


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One picture to make. `cell` is the alternative taken of each group, `take` counts pictures of one cell from 0.

    `elements` with a reference come in the order of the numbers in `prompt`; `price` is micro-USD.
    """

    cell: tuple[int, ...]
    take: int
    elements: tuple[Element, ...]
    prompt: str
    price: int

    @property
    def references(self) -> tuple[tuple[Reference, Role], ...]:
        """What is sent, in the order of the numbers in the prompt."""
        return tuple((one.reference, one.role) for one in self.elements if one.reference is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be made and what it would cost. `currency` is the one to show beside US dollars."""

    brief: Brief
    model: Model
    size: str
    ratio: str
    jobs: tuple[PlannedJob, ...]
    currency: Currency

    @property
    def price_each(self) -> int:
        """The most that any one of the pictures may cost, in micro-USD."""
        return max(job.price for job in self.jobs)

    @property
    def price(self) -> int:
        """The most that all of it may cost, in micro-USD."""
        return sum(job.price for job in self.jobs)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every picture that would leave the machine, each once, in the order of its first use."""
        return tuple(dict.fromkeys(reference for job in self.jobs for reference, _ in job.references))

    def price_in_words(self) -> str:
        """Return the price each and in all, in both currencies, with the dates of the table."""
        many = f"{len(self.jobs):,} picture{'s' if len(self.jobs) != 1 else ''}"
        if not self.price_each:
            return f"{many} by {self.model.title}: free"
        other = self.currency
        cheap = f", under {other.symbol}1" if other.of(self.price_each) < 1 else ""
        most = "up to " if self.model.tokens else ""
        words = (
            f"{many} at {most}{USD.written(self.price_each)} ({other.written(self.price_each)}{cheap}) each:"
            f" {USD.written(self.price)} ({other.written(self.price)}) in all; prices of {self.model.as_of}"
        )
        return words if other is USD else f"{words}, {other.code} at {other.per_usd:f} of {other.as_of}"


def make_plan(
    brief: Brief, models: Models, templates: Templates, currency: str = DEFAULT_CURRENCY, today: date | None = None
) -> Plan:
    """Return the plan of a brief. Raises InvalidBrief, ModelUnknown or ModelRetired, each saying what to do."""
    model = models.find(brief.model or models.default.name, today)
    size = _one_of("size", brief.size or _usual_size(model), model.sizes, model)
    ratio = _one_of("ratio", brief.ratio, model.ratios, model)
    _require_sense(brief)
    jobs: list[PlannedJob] = []
    for cell in product(*(range(len(group)) for group in brief.groups)):
        elements = _in_order(brief.groups, cell)
        _require_room(elements, model)
        prompt = write_prompt(templates, brief.mode, elements, brief.text)
        price = model.most_for(size, sum(one.reference is not None for one in elements), prompt)
        jobs += [PlannedJob(cell, take, elements, prompt, price) for take in range(brief.count)]
    return Plan(brief, model, size, ratio, tuple(jobs), models.currency(currency))


def _in_order(groups: Sequence[Group], cell: Sequence[int]) -> tuple[Element, ...]:
    """Return the elements of a cell by role, persons first; within a role as the groups have them."""
    chosen = chain.from_iterable(group[index] for group, index in zip(groups, cell, strict=True))
    return tuple(sorted(chosen, key=lambda element: _ORDER[element.role]))


def _usual_size(model: Model) -> str:
    return USUAL_SIZE if USUAL_SIZE in model.sizes else model.sizes[0]


def _one_of(what: str, wanted: str, offered: Sequence[str], model: Model) -> str:
    if not wanted:
        return offered[0]
    found = next((one for one in offered if one.lower() == wanted.strip().lower()), None)
    if found is None:
        raise InvalidBrief(f"{model.name} makes no pictures of {what} {wanted}", f"choose one of {', '.join(offered)}")
    return found


def _require_sense(brief: Brief) -> None:
    for number, group in enumerate(brief.groups, 1):
        if not group or not all(group):
            raise InvalidBrief(f"group {number} of the matrix is empty", "choose at least one picture for it")
    if brief.count < 1:
        raise InvalidBrief("no picture is asked for", "ask for at least one of each")
    many = prod(len(group) for group in brief.groups) * brief.count
    if many > MAX_JOBS:
        raise InvalidBrief(f"this plans {many:,} pictures; {MAX_JOBS:,} is the most", "split it into several batches")
    elements = list(chain.from_iterable(chain.from_iterable(brief.groups)))
    said = bool(brief.text.strip())
    if not said and not elements:
        raise InvalidBrief("there is nothing to compose", "say in words what to make, or choose references")
    roles = {element.role for element in elements}
    pictured = {element.role for element in elements if element.reference is not None}
    if brief.mode is Mode.DRESS:
        _require(Role.PERSON in pictured, "dressing", "a picture of the person to dress")
        _require(said or bool(roles & {Role.GARMENT, Role.ACCESSORY}), "dressing", "a garment or an accessory")
    if brief.mode is Mode.SCENE:
        _require(bool(pictured & {Role.PERSON, *_PRODUCTS}), "a scene", "a picture of what is to be set into it")
        _require(said or Role.SCENE in roles, "a scene", "the place, as a picture or in words")


def _require(holds: bool, what: str, needed: str) -> None:
    if not holds:
        raise InvalidBrief(f"{what} needs {needed}", f"choose {needed}")


def _require_room(elements: Sequence[Element], model: Model) -> None:
    room = model.references
    kinds = Counter(room.kind_of(element.role) for element in elements if element.reference is not None)
    for kind, many in kinds.items():
        most = getattr(room, kind)
        if many > most:
            named = "references" if kind == "objects" else f"references of {kind}"
            raise InvalidBrief(
                f"{model.name} takes at most {most} {named} a picture; here are {many}",
                "take some away, or choose a model that takes more",
            )
