"""What the engine tells about compositions: answers, and news to every client.

Part of `engine.protocol`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.protocol.compositions import (
    Batch,
    Budget,
    CompositionPlan,
    Currency,
    DescribedPart,
    Generator,
    Group,
    Job,
    JobDetails,
    KeptBack,
    KeptKey,
    LedgerDay,
    PlannedJob,
)
from engine.protocol.values import AssetRow

# Answers


@dataclass(frozen=True, slots=True)
class DescriptionSplit:
    """The parts of a description, the head first."""

    request_id: int
    parts: tuple[DescribedPart, ...]


@dataclass(frozen=True, slots=True)
class CandidatesFound:
    """The pictures that fit a part best, with their scores and bands, best first."""

    request_id: int
    rows: tuple[AssetRow, ...]


@dataclass(frozen=True, slots=True)
class AssetsChosen:
    """The assets that may be sent and those that must stay, each in the order asked for; ones that are no more lack."""

    request_id: int
    rows: tuple[AssetRow, ...]
    kept_back: tuple[KeptBack, ...] = ()


@dataclass(frozen=True, slots=True)
class CompositionPlanned:
    """A plan that RunPlan takes by this request's id, with its first jobs."""

    request_id: int
    plan: CompositionPlan
    jobs: tuple[PlannedJob, ...]


@dataclass(frozen=True, slots=True)
class PlannedJobsFetched:
    """Jobs of a plan from `offset` on."""

    request_id: int
    plan_id: int
    offset: int
    jobs: tuple[PlannedJob, ...]


@dataclass(frozen=True, slots=True)
class BatchStarted:
    """A plan is a batch now, and runs."""

    request_id: int
    batch: Batch


@dataclass(frozen=True, slots=True)
class JobsPlanned:
    """The jobs that stand in the places of others, and are being sent."""

    request_id: int
    batch_id: int
    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BatchesListed:
    """Every batch, newest first."""

    request_id: int
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class BatchFetched:
    """One batch, and the groups whose choices the cells of its jobs number."""

    request_id: int
    batch: Batch
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class JobsFetched:
    """Of `total` jobs that were asked for, those from `offset` on."""

    request_id: int
    batch_id: int
    total: int
    offset: int
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class JobFetched:
    """All that is known of a job."""

    request_id: int
    details: JobDetails


@dataclass(frozen=True, slots=True)
class LineageFetched:
    """The first of `total` jobs that an asset comes from or went into."""

    request_id: int
    asset_id: int
    total: int
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class PicksExported:
    """The copies; those of the jobs `uncut` have their ground still, which is not plain enough to be cut."""

    request_id: int
    batch_id: int
    files: tuple[Path, ...]
    uncut: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A file was written."""

    request_id: int
    path: Path


@dataclass(frozen=True, slots=True)
class LedgerFetched:
    """What each day cost, newest first, and in all, in micro-USD."""

    request_id: int
    days: tuple[LedgerDay, ...]
    total: int
    budget: Budget
    currency: Currency


@dataclass(frozen=True, slots=True)
class GeneratorsListed:
    """The generators with their models, the default one first, and the currencies that amounts can be shown in."""

    request_id: int
    generators: tuple[Generator, ...]
    currencies: tuple[Currency, ...]


@dataclass(frozen=True, slots=True)
class KeyKept:
    """A key is kept."""

    request_id: int
    service: str
    kept: KeptKey


@dataclass(frozen=True, slots=True)
class KeyFound:
    """Where the key of a service is; None where there is none that can be right."""

    request_id: int
    service: str
    kept: KeptKey | None


@dataclass(frozen=True, slots=True)
class ConnectionTried:
    """Whether a service answers and takes the key: `said` tells it in English, `hint` what to do where it does not.

    `reason` is then a stable word for the cause, as in Job.
    """

    request_id: int
    service: str
    works: bool
    said: str
    hint: str = ""
    reason: str = ""


# News


@dataclass(frozen=True, slots=True)
class BatchChanged:
    """A batch began, came further or stands still. At most ten a second of each batch."""

    batch: Batch


@dataclass(frozen=True, slots=True)
class JobsChanged:
    """Jobs of a batch changed, each told as it is by now. At most ten a second of each batch."""

    batch_id: int
    jobs: tuple[Job, ...]


ComposingAnswer = (
    DescriptionSplit
    | CandidatesFound
    | AssetsChosen
    | CompositionPlanned
    | PlannedJobsFetched
    | BatchStarted
    | JobsPlanned
    | BatchesListed
    | BatchFetched
    | JobsFetched
    | JobFetched
    | LineageFetched
    | PicksExported
    | FileWritten
    | LedgerFetched
    | GeneratorsListed
    | KeyKept
    | KeyFound
    | ConnectionTried
)
ComposingNews = BatchChanged | JobsChanged
