"""What the messages about compositions are made of: briefs, plans, batches, jobs, generators, the ledger.

Part of `engine.protocol`. Amounts are whole micro-USD unless their name says cents, times are ISO 8601 in UTC. A
`Choice` holds the elements that go together; a `Group` is one side of a matrix, with one choice or several.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.protocol.values import AssetRow


class Mode(StrEnum):
    """What kind of picture is made."""

    DRESS = "dress"
    PROP = "prop"
    SCENE = "scene"
    VARIATION = "variation"


class Role(StrEnum):
    """What a reference is to a composition."""

    PERSON = "person"
    GARMENT = "garment"
    ACCESSORY = "accessory"
    PROP = "prop"
    SCENE = "scene"
    STYLE = "style"


class JobState(StrEnum):
    """How far a job is.

    PLANNED waits for the user's consent, WAITING for its turn. REFUSED may succeed in other words. MAYBE_BILLED lost
    its answer on the way: asking again may cost twice.
    """

    PLANNED = "planned"
    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    MAYBE_BILLED = "maybe_billed"


class Verdict(StrEnum):
    """What the user made of a result."""

    NONE = ""
    PICKED = "picked"
    REJECTED = "rejected"


class Ground(StrEnum):
    """What becomes of a picture's ground when it is exported: a plain one can be CUT, for true alpha."""

    KEPT = "kept"
    CUT = "cut"


class Standing(StrEnum):
    """How a batch is: INTERRUPTED where its engine ended, PAUSED by the user, HALTED for the reason that is told.

    UNAGREED holds jobs that nobody agreed to and none that may be sent; ENDED has nothing left to send.
    """

    UNAGREED = "unagreed"
    RUNNING = "running"
    PAUSED = "paused"
    HALTED = "halted"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


class Caution(StrEnum):
    """What a user should know before a plan is sent.

    OVER_DAY costs more than is left of today's budget; OVER_BATCH more than a batch may; NO_KEY has no key for its
    service; RETIRING uses a model that has a successor.
    """

    OVER_DAY = "over_day"
    OVER_BATCH = "over_batch"
    NO_KEY = "no_key"
    RETIRING = "retiring"


class KeyPlace(StrEnum):
    """Where a key is kept."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class DescribedPart:
    """One part of a description: what it shows, in the user's words, and what it is to the picture."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class KeptBack:
    """An asset that must stay on this machine; `words` and `hint` say why and what to do, in English."""

    row: AssetRow
    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a picture: words, a reference, or a reference and what it is in words.

    A reference is an asset, or in a brief any file by its `path`. `name` is its file's, in answers.
    """

    role: Role
    text: str = ""
    asset_id: int | None = None
    name: str = ""
    path: Path | None = None


Choice = tuple[Element, ...]
Group = tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What to compose: `count` pictures of every combination of one choice of each group.

    Empty `model` and `ratio` stand for the first on offer, an empty `size` for 1K.
    """

    mode: Mode
    text: str = ""
    groups: tuple[Group, ...] = ()
    model: str = ""
    size: str = ""
    ratio: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class JobReference:
    """A picture that a job is made from; `number` is what its prompt calls it.

    `path` is where it lay when it was chosen, `thumbnail` a key as in AssetRow; `asset_id` is None outside the library.
    """

    number: int
    role: Role
    path: Path
    thumbnail: str
    asset_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A picture that would be made. `cell` is the choice of each group, `take` counts those of one cell, all from 0."""

    cell: tuple[int, ...]
    take: int
    prompt: str
    references: tuple[JobReference, ...]
    price: int


@dataclass(frozen=True, slots=True)
class OutgoingPicture:
    """A picture that would leave the machine: `path` is a file of the exact bytes, made of `source`. Sizes in pixels.

    `size` counts bytes.
    """

    source: Path
    path: Path
    media_type: str
    width: int
    height: int
    size: int
    asset_id: int | None = None


@dataclass(frozen=True, slots=True)
class Currency:
    """What amounts are shown in beside US dollars: how much of it a dollar is, on which day, and who says so."""

    code: str
    symbol: str
    per_usd: float
    as_of: str
    source: str


@dataclass(frozen=True, slots=True)
class Budget:
    """The caps of a day and of a new batch, and what counts against today's."""

    day: int
    spent_today: int
    left_today: int
    batch: int


@dataclass(frozen=True, slots=True)
class CompositionPlan:
    """What the user is asked to agree to. `generator` makes `total` pictures at `price_each`; prices are of `as_of`.

    `outgoing` holds every picture that its service gets, each once; `local` says that none leaves this machine.
    """

    mode: Mode
    generator: str
    model: str
    title: str
    size: str
    ratio: str
    total: int
    price_each: int
    price: int
    as_of: str
    source: str
    currency: Currency
    budget: Budget
    results_folder: Path
    local: bool
    outgoing: tuple[OutgoingPicture, ...] = ()
    cautions: tuple[Caution, ...] = ()
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch at a glance. `budget` caps `spent`; `halt_reason` is a stable word, `halt_words` say it in English."""

    id: int
    created_at: str
    mode: Mode
    text: str
    generator: str
    results_folder: Path
    standing: Standing
    counts: tuple[tuple[JobState, int], ...]
    spent: int
    budget: int
    consented_at: str | None = None
    halt_reason: str = ""
    halt_words: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as a matrix shows it; `price` is the most that one attempt may cost.

    `words` and `hint` say why it gave no picture and what to do, `reason` is a stable word for it. `result` is the
    finished picture's file, `thumbnail` a key as in AssetRow, to be had once it is indexed.
    """

    id: int
    batch_id: int
    cell: tuple[int, ...]
    take: int
    state: JobState
    price: int
    attempts: int = 0
    reason: str = ""
    words: str = ""
    hint: str = ""
    result: Path | None = None
    thumbnail: str = ""
    verdict: Verdict = Verdict.NONE


@dataclass(frozen=True, slots=True)
class JobDetails:
    """All that is known of a job and its picture. `booked` is what counts in the ledger.

    `earlier` are the jobs that it repeats, the latest first.
    """

    job: Job
    prompt: str
    model: str
    size: str
    ratio: str
    references: tuple[JobReference, ...]
    booked: int
    model_text: str = ""
    request_id: str = ""
    created_at: str = ""
    sent_at: str | None = None
    finished_at: str | None = None
    earlier: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """What was spent on one day of the user's calendar; of `amount`, nobody can tell for sure of `maybe_billed`."""

    day: str
    requests: int
    amount: int
    maybe_billed: int


@dataclass(frozen=True, slots=True)
class GeneratorModel:
    """A model on offer: its price a picture by size, and how many references it takes, persons and styles apart.

    Where `persons` or `styles` is 0, these count as objects. `retired` is a date, empty while it can be used.
    """

    name: str
    title: str
    prices: tuple[tuple[str, int], ...]
    ratios: tuple[str, ...]
    objects: int
    persons: int
    styles: int
    as_of: str
    source: str
    successor: str = ""
    retired: str = ""


@dataclass(frozen=True, slots=True)
class KeptKey:
    """Where the key of a service is kept; `warning` is for the user, in English."""

    place: KeyPlace
    where: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Generator:
    """A service, or a program on this machine, that makes pictures; `key` says where that of a service is kept."""

    name: str
    models: tuple[GeneratorModel, ...]
    needs_key: bool
    key: KeptKey | None = None

    @property
    def lacks_key(self) -> bool:
        """Whether nothing can be asked of it before it gets a key."""
        return self.needs_key and self.key is None
