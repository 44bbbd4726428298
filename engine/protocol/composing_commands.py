"""What a front end asks about compositions; answered as the other commands are.

Part of `engine.protocol`. Only RunPlan, ResumeBatch and RedoJobs let anything leave the machine: whoever sends them
has shown the user what, and for how much.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.protocol.compositions import Brief, Ground, JobState, Verdict

JOBS_PAGE = 200
DEFAULT_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class SplitDescription:
    """Split a description into parts, each to be searched for: DescriptionSplit."""

    request_id: int
    text: str


@dataclass(frozen=True, slots=True)
class FindCandidates:
    """Find pictures for a part of a composition, of those that may be sent: CandidatesFound.

    Not a Search: it takes the place of none, and several may be asked at once.
    """

    request_id: int
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ChooseAssets:
    """Choose assets as references: AssetsChosen says which may be sent, and why others must stay."""

    request_id: int
    asset_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanComposition:
    """Plan without sending or keeping anything: CompositionPlanned, with the first jobs.

    The engine keeps the plan under this request's id until the client's next plan but three, or it is run. An empty
    `results_folder` stands for that of the settings. RequestFailed with code `never_sent` names the picture that must
    stay and says why; with `invalid_brief`, what is missing.
    """

    request_id: int
    brief: Brief
    results_folder: Path | None = None
    currency: str = DEFAULT_CURRENCY


@dataclass(frozen=True, slots=True)
class FetchPlannedJobs:
    """Read on in a plan: PlannedJobsFetched; RequestFailed with code `plan_unknown` if the engine has it no more."""

    request_id: int
    plan_id: int
    offset: int
    count: int = JOBS_PAGE


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Record the user's consent to a plan and send it: BatchStarted.

    `budget` caps the batch, in micro-USD; without one, the settings do. RequestFailed with code `plan_unknown` where it
    was run already or is kept no more, and with `budget_exceeded` where the plan costs more than the cap.
    """

    request_id: int
    plan_id: int
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class PauseBatch:
    """Send nothing more of a batch; what is on its way comes in: RequestCompleted, and BatchChanged once it stands."""

    request_id: int
    batch_id: int


@dataclass(frozen=True, slots=True)
class ResumeBatch:
    """Go on with a batch: RequestCompleted. `consent` says that the user agrees to its PLANNED jobs too."""

    request_id: int
    batch_id: int
    consent: bool = False


@dataclass(frozen=True, slots=True)
class CancelJobs:
    """Cancel jobs of a batch, or all unfinished ones: RequestCompleted. One being sent may be billed all the same."""

    request_id: int
    batch_id: int
    job_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RedoJobs:
    """Ask once more for these jobs, and all in these states, with the user's consent: JobsPlanned, in their places.

    They cost as much as those before, and send the same pictures. `wording` is said in addition to each prompt,
    `prompt` in place of it. RequestFailed with code `job_unknown` where there is none, or one cannot be repeated.
    """

    request_id: int
    batch_id: int
    job_ids: tuple[int, ...] = ()
    states: tuple[JobState, ...] = ()
    wording: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class JudgeJobs:
    """Pick or reject results, or take that back: RequestCompleted, then JobsChanged."""

    request_id: int
    job_ids: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ListBatches:
    """BatchesListed, newest first."""

    request_id: int


@dataclass(frozen=True, slots=True)
class FetchBatch:
    """BatchFetched; RequestFailed with code `batch_unknown`."""

    request_id: int
    batch_id: int


@dataclass(frozen=True, slots=True)
class FetchJobs:
    """JobsFetched: the current job of every cell, by cell; with `states` only those in one of them."""

    request_id: int
    batch_id: int
    states: tuple[JobState, ...] = ()
    offset: int = 0
    count: int = JOBS_PAGE


@dataclass(frozen=True, slots=True)
class FetchJob:
    """JobFetched; RequestFailed with code `job_unknown`."""

    request_id: int
    job_id: int


@dataclass(frozen=True, slots=True)
class WhereUsed:
    """LineageFetched: the jobs that an asset was a reference of, newest first."""

    request_id: int
    asset_id: int
    count: int = JOBS_PAGE


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """LineageFetched: the jobs whose result an asset is; FetchJob tells their references."""

    request_id: int
    asset_id: int


@dataclass(frozen=True, slots=True)
class ExportPicks:
    """Copy the picked results of a batch into a folder: PicksExported; RequestFailed with `job_unknown` without any."""

    request_id: int
    batch_id: int
    folder: Path
    ground: Ground = Ground.KEPT


@dataclass(frozen=True, slots=True)
class WriteDisclosure:
    """Write beside a batch's pictures, as JSON, how they were made: FileWritten."""

    request_id: int
    batch_id: int


@dataclass(frozen=True, slots=True)
class FetchLedger:
    """LedgerFetched."""

    request_id: int
    currency: str = DEFAULT_CURRENCY


@dataclass(frozen=True, slots=True)
class WriteLedger:
    """Write every line of the ledger to a CSV file: FileWritten; RequestFailed with code `file_unwritable`."""

    request_id: int
    path: Path


@dataclass(frozen=True, slots=True)
class SetBudget:
    """Set the cap of a day, of new batches or, with `batch_id`, of that batch, in US cents: RequestCompleted."""

    request_id: int
    day_cents: int | None = None
    batch_cents: int | None = None
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListGenerators:
    """GeneratorsListed."""

    request_id: int


@dataclass(frozen=True, slots=True)
class KeepKey:
    """Keep the key of a service: KeyKept. It is neither logged nor told to anyone."""

    request_id: int
    service: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForgetKey:
    """Remove the key of a service, but not one from an environment variable: RequestCompleted."""

    request_id: int
    service: str


@dataclass(frozen=True, slots=True)
class FindKey:
    """Where the key of a service is, which may ask the user to unlock a keyring: KeyFound."""

    request_id: int
    service: str


@dataclass(frozen=True, slots=True)
class TryConnection:
    """Ask a service, or what a generator is made of, whether it answers and takes the key: ConnectionTried. Free."""

    request_id: int
    service: str


ComposingCommand = (
    SplitDescription
    | FindCandidates
    | ChooseAssets
    | PlanComposition
    | FetchPlannedJobs
    | RunPlan
    | PauseBatch
    | ResumeBatch
    | CancelJobs
    | RedoJobs
    | JudgeJobs
    | ListBatches
    | FetchBatch
    | FetchJobs
    | FetchJob
    | WhereUsed
    | MadeFrom
    | ExportPicks
    | WriteDisclosure
    | FetchLedger
    | WriteLedger
    | SetBudget
    | ListGenerators
    | KeepKey
    | ForgetKey
    | FindKey
    | TryConnection
)
