"""Who makes compositions for the command line: this process, or the engine of a window that holds the library.

Both read the library themselves. Invariant: one of them at a time sends, since a library has one writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine import protocol
from engine.cli.context import common
from engine.cli.remote import RunningEngine, running_engine
from engine.errors import BudgetExceeded

if TYPE_CHECKING:
    from engine.catalogue.jobs import Job, JobState, Verdict
    from engine.compose.plan import Plan
    from engine.compose.progress import Told
    from engine.library import Library
    from engine.studio import Studio

Report = Callable[[int, str], None]
"""Is told of each job that changed, by its id, and its state."""


class Maker(Protocol):
    """Everything that writes or sends; what is consented to is sent at once or by `finish`."""

    @property
    def library(self) -> Library:
        """Return the library, for reading."""

    def add(self, plan: Plan, folder: Path | None, budget: int | None) -> int:
        """Make a plan, that the user agreed to, a batch; return its id. Raises what `Studio.add` raises."""

    def consent(self, batch_id: int, planned: Sequence[Job]) -> None:
        """Agree to jobs of a batch that nobody agreed to yet, and go on with it."""

    def redo(self, batch_id: int, jobs: Sequence[Job], wording: str, prompt: str) -> None:
        """Agree to ask once more for jobs. Raises JobUnknown."""

    def cancel(self, batch_id: int, job_ids: Sequence[int]) -> int:
        """Cancel jobs, or all that are unfinished; return how many."""

    def judge(self, job_ids: Sequence[int], verdict: Verdict) -> None:
        """Pick or reject results."""

    def set_budget(self, day_cents: int | None, batch_cents: int | None, batch_id: int | None) -> None:
        """Set caps. Raises InvalidSetting or BatchUnknown."""

    def pause(self, batch_id: int) -> None:
        """Send nothing more of a batch; what is on its way comes in."""

    def finish(self, batch_id: int, report: Report) -> None:
        """Wait until nothing of a batch is left to send, or it stands still."""


@contextmanager
def open_maker(opened: Callable[[], Library] = common.open_to_write) -> Iterator[Maker]:
    """Yield the running engine of the data directory, or this process with the library `opened` for it.

    What does not send can be done to a library that is opened for reading, beside another command that writes to it.
    """
    with running_engine(common.data_directory()) as engine:
        if engine is None:
            with opened() as library:
                yield OwnMaker(library)
        else:
            with common.open_to_read() as library:
                yield EngineMaker(library, engine)


class OwnMaker:
    """Makes compositions in this process."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @property
    def _studio(self) -> Studio:
        return self.library.studio

    def add(self, plan: Plan, folder: Path | None, budget: int | None) -> int:
        batch_id = self._studio.add(plan, folder, budget)
        self._studio.consent(batch_id)
        return batch_id

    def consent(self, batch_id: int, planned: Sequence[Job]) -> None:
        if planned:
            self._studio.consent(batch_id, [job.id for job in planned])

    def redo(self, batch_id: int, jobs: Sequence[Job], wording: str, prompt: str) -> None:
        from engine.studio import rewording

        self._studio.consent(batch_id, self._studio.redo([job.id for job in jobs], rewording(wording, prompt)))

    def cancel(self, batch_id: int, job_ids: Sequence[int]) -> int:
        return self._studio.cancel(batch_id, job_ids)

    def judge(self, job_ids: Sequence[int], verdict: Verdict) -> None:
        self._studio.judge(job_ids, verdict)

    def set_budget(self, day_cents: int | None, batch_cents: int | None, batch_id: int | None) -> None:
        self._studio.accounts.set_budget(day_cents, batch_cents, batch_id)

    def pause(self, batch_id: int) -> None:
        self._studio.pause(batch_id)

    def finish(self, batch_id: int, report: Report) -> None:
        from engine.compose.progress import JobChanged

        def hear(told: Told) -> None:
            if isinstance(told, JobChanged):
                report(told.job_id, told.state.value)

        self._studio.watch(hear)
        self._studio.start(batch_id).result()


class EngineMaker:
    """Has the engine of an open window make them, as one more client of it."""

    def __init__(self, library: Library, engine: RunningEngine) -> None:
        self.library = library
        self._engine = engine

    def add(self, plan: Plan, folder: Path | None, budget: int | None) -> int:
        from engine.serving.composing_wording import from_brief

        target = None if folder is None else folder.expanduser().absolute()
        brief = from_brief(plan.brief)
        planned = self._engine.ask(protocol.PlanComposition, brief, target, plan.currency.code)
        assert isinstance(planned, protocol.CompositionPlanned)
        if planned.plan.price > plan.price:
            raise BudgetExceeded("the plan costs more now than was agreed to", "look at the plan with --dry-run again")
        started = self._engine.ask(protocol.RunPlan, planned.request_id, budget)
        assert isinstance(started, protocol.BatchStarted)
        return started.batch.id

    def consent(self, batch_id: int, planned: Sequence[Job]) -> None:
        self._engine.ask(protocol.ResumeBatch, batch_id, bool(planned))

    def redo(self, batch_id: int, jobs: Sequence[Job], wording: str, prompt: str) -> None:
        self._engine.ask(protocol.RedoJobs, batch_id, tuple(job.id for job in jobs), (), wording, prompt)

    def cancel(self, batch_id: int, job_ids: Sequence[int]) -> int:
        from engine.catalogue.jobs import JobState

        before = self._count(batch_id, JobState.CANCELLED)
        self._engine.ask(protocol.CancelJobs, batch_id, tuple(job_ids))
        return self._count(batch_id, JobState.CANCELLED) - before

    def judge(self, job_ids: Sequence[int], verdict: Verdict) -> None:
        self._engine.ask(protocol.JudgeJobs, tuple(job_ids), protocol.Verdict(verdict.value))

    def set_budget(self, day_cents: int | None, batch_cents: int | None, batch_id: int | None) -> None:
        self._engine.ask(protocol.SetBudget, day_cents, batch_cents, batch_id)

    def pause(self, batch_id: int) -> None:
        self._engine.tell(protocol.PauseBatch, batch_id)

    def finish(self, batch_id: int, report: Report) -> None:
        self._engine.follow_batch(batch_id, report)

    def _count(self, batch_id: int, state: JobState) -> int:
        return len(self.library.studio.jobs(batch_id, (state,)))
