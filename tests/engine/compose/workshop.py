"""A catalogue, a results folder and a queue with a scripted generator, as tests of batches need them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.compositions import Halt, NewBatch
from engine.catalogue.jobs import Cell, Job, JobReference, JobState, NewJob
from engine.compose.booking import Booking
from engine.compose.generators.generator import OutgoingPicture
from engine.compose.means import Means, Pace
from engine.compose.progress import Told
from engine.compose.queue import Queue
from engine.compose.recovery import recover
from engine.compose.saving import Saver
from engine.services.service import Usage
from tests.helpers.scripted_generator import DEADLINE_S, ScriptedGenerator, StillTime

PRICE = 33_600
TODAY = date(2026, 11, 25)
REFERENCE = JobReference("garment", Path("/art/coat.png"), "ab" * 16, 7)


def no_pictures(_job: Job) -> tuple[OutgoingPicture, ...]:
    """Send none."""
    return ()


class Workshop:
    """Everything that makes batches, over one data directory."""

    def __init__(self, home: Path, *, concurrency: int = 2, per_minute: int = 0) -> None:
        home.mkdir(exist_ok=True)
        self.catalogue = Catalogue(home)
        self.folder = home.parent / "results"
        self.folder.mkdir(exist_ok=True)
        self.generator = ScriptedGenerator()
        self.time = StillTime()
        self.told: list[Told] = []
        self.day_cap = 1000 * PRICE
        self.compositions = self.catalogue.compositions
        self.booking = Booking(self.catalogue.database, self.compositions, self.catalogue.ledger, lambda: TODAY)
        self.saver = Saver(home / "kept", self.compositions.states)
        self.cost_of: Callable[[Usage], int | None] = lambda _usage: None
        self.pictures_of: Callable[[Job], tuple[OutgoingPicture, ...]] = no_pictures
        means = Means(
            compositions=self.compositions,
            booking=self.booking,
            saver=self.saver,
            generator_of=lambda _batch: lambda: self.generator,
            pictures_of=lambda job: self.pictures_of(job),
            cost_of=lambda _job, usage: self.cost_of(usage),
            day_cap=lambda: self.day_cap,
            pace=Pace(concurrency, per_minute, DEADLINE_S),
            report=self.told.append,
        )
        self.queue = Queue(means, self.time.surroundings())

    def batch(self, jobs: int, *, budget: int = 1000 * PRICE, price: int = PRICE) -> int:
        """Plan a batch of prompts "p0", "p1" … that the user agreed to."""
        planned = tuple(NewJob(Cell((n,)), f"p{n}", "model", "1K", "1:1", price, (REFERENCE,)) for n in range(jobs))
        batch_id = self.compositions.add(NewBatch("dress", {}, "scripted", self.folder, budget, planned))
        self.compositions.consent(batch_id)
        return batch_id

    def run(self, batch_id: int) -> Halt | None:
        """Run a batch to its end or halt."""
        return self.queue.start(batch_id).result(30)

    def states(self, batch_id: int = 1) -> dict[str, int]:
        """Return how many current jobs are in each state."""
        return {state.value: count for state, count in self.compositions.jobs.counts(batch_id).items()}

    def job(self, prompt: str) -> Job:
        """Return the current job of a prompt in the first batch."""
        return next(job for job in self.compositions.jobs.current(1) if job.prompt == prompt)

    def entries(self) -> list[tuple[str, int]]:
        """Return state and amount of each line of the ledger."""
        return [(entry.state.value, entry.amount) for entry in self.catalogue.ledger.entries()]

    def files(self) -> list[str]:
        """Return the names in the results folder."""
        return sorted(path.name for path in self.folder.iterdir())

    def recover(self) -> list[Job]:
        """Do what happens at the next start."""
        return recover(self.compositions, self.booking, self.saver)

    def close(self) -> None:
        """Close queue and catalogue."""
        self.queue.close(grace_s=0)
        self.catalogue.close()


def told_states(workshop: Workshop, job_id: int) -> list[JobState]:
    """Return the states that were told of a job."""
    return [one.state for one in workshop.told if getattr(one, "job_id", None) == job_id]  # type: ignore[union-attr]
