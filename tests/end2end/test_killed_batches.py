"""Batches whose process is killed over and over, against a Gemini of our own that counts what is to be paid."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.compositions import NewBatch
from engine.catalogue.jobs import Cell, JobReference, JobState, NewJob
from engine.catalogue.ledger import EntryState
from engine.images.result import check_result

PRICE = 33_600
MODEL = "gemini-nano-banana-2.1"
REFERENCE = JobReference("garment", Path("/art/coat.png"), "ab" * 16)


@dataclass(frozen=True)
class Trial:
    """How large a batch, how bad the service, how often killed."""

    cells: int
    kills: int
    latency_s: float
    faults: float
    concurrency: int
    seed: int = 7

    @property
    def ideal_s(self) -> float:
        """The time of a batch without faults, kills and any work of our own."""
        return self.cells * self.latency_s / self.concurrency


class Arena:
    """A catalogue with one batch, a server as a process, workers to kill."""

    def __init__(self, root: Path, trial: Trial) -> None:
        self.home, self.folder, self.tally = root / "home", root / "results", root / "billed.jsonl"
        self.home.mkdir()
        self.folder.mkdir()
        self.trial = trial
        self.sending_s = 0.0
        self.accounted_s = 0.0
        jobs = tuple(
            NewJob(Cell((n // 40, n % 40)), f"cell {n} of the batch", MODEL, "1K", "1:1", PRICE, (REFERENCE,))
            for n in range(trial.cells)
        )
        with self.catalogue() as catalogue:
            catalogue.compositions.add(NewBatch("dress", {}, "gemini", self.folder, 10**12, jobs))
            catalogue.compositions.consent(1)

    @contextmanager
    def catalogue(self) -> Iterator[Catalogue]:
        """Open the catalogue for a look."""
        opened = Catalogue(self.home)
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def server(self) -> Iterator[str]:
        """Run the service and yield its address."""
        trial = self.trial
        knobs = ["--latency", trial.latency_s, "--faults", trial.faults, "--seed", trial.seed, "--tally", self.tally]
        command = [sys.executable, "-m", "tests.helpers.gemini_server", *map(str, knobs)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()
            process.communicate()

    def work(self, address: str, *options: str, killed_when: int | None = None) -> None:
        """Run a worker until it ends, or kill it once so many requests in all have reached the service."""
        command = [sys.executable, "-m", "tests.helpers.batch_worker", str(self.home), address, *options]
        process = subprocess.Popen(
            [*command, "--concurrency", str(self.trial.concurrency)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        began = time.monotonic()
        if killed_when is None:
            assert process.wait(600) == 0
        else:
            while process.poll() is None and self.requests() < killed_when:
                time.sleep(0.005)
            process.kill()
        self.sending_s += time.monotonic() - began
        process.communicate()

    def requests(self) -> int:
        """Return how many requests reached the service."""
        return self.tally.read_bytes().count(b"\n") if self.tally.exists() else 0

    def billed(self) -> Counter[str]:
        """Return for each prompt how many pictures the service made."""
        lines = [json.loads(line) for line in self.tally.read_text("utf-8").splitlines()]
        return Counter(line["prompt"] for line in lines if line["billed"])


def run_trial(root: Path, trial: Trial) -> Arena:
    """Kill a batch's process again and again, then let it end and answer what it asks."""
    arena = Arena(root, trial)
    chance = random.Random(trial.seed)
    with arena.server() as address:
        for number in range(1, trial.kills + 1):
            moment = trial.cells * number // (trial.kills + 1)
            arena.work(address, killed_when=moment + chance.randrange(trial.concurrency))
        arena.work(address)
        arena.accounted_s = arena.sending_s
        require_every_cell_accounted_for(arena)
        require_nothing_paid_twice_unasked(arena)
        arena.work(address, "--answer")
    require_every_cell_done(arena)
    return arena


def require_every_cell_accounted_for(arena: Arena) -> None:
    """Each cell gave a picture, or has a reason why not; nothing waits or hangs."""
    with arena.catalogue() as catalogue:
        jobs = catalogue.compositions.jobs.current(1)
    assert len({job.cell for job in jobs}) == len(jobs) == arena.trial.cells
    ended = {JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.MAYBE_BILLED}
    assert {job.state for job in jobs} <= ended
    assert all(job.failure is not None for job in jobs if job.state is not JobState.DONE)


def require_nothing_paid_twice_unasked(arena: Arena) -> None:
    """No cell was made twice by the service while nobody was asked, and the ledger counts no less than was made."""
    billed = arena.billed()
    with arena.catalogue() as catalogue:
        jobs = catalogue.compositions.jobs.current(1)
        entries = catalogue.ledger.entries(1)
    assert max(billed.values()) == 1
    counted = Counter(entry.job_id for entry in entries if entry.state is not EntryState.RELEASED)
    for job in jobs:
        assert counted[job.id] == 1 if job.state in (JobState.DONE, JobState.MAYBE_BILLED) else counted[job.id] <= 1
        assert billed[job.prompt] <= counted[job.id]
    assert not any(entry.state is EntryState.RESERVED for entry in entries)


def require_every_cell_done(arena: Arena) -> None:
    """Each cell has its one whole picture, and whatever was made more than once was marked and asked for."""
    billed = arena.billed()
    with arena.catalogue() as catalogue:
        jobs = catalogue.compositions.jobs.current(1)
        of_cell = {job.id: job.prompt for job in catalogue.compositions.jobs.of_ids(range(1, 100_000)).values()}
        entries = catalogue.ledger.entries(1)
    assert {job.state for job in jobs} == {JobState.DONE}
    unsure = Counter(of_cell[entry.job_id] for entry in entries if entry.state is EntryState.MAYBE_BILLED)
    assert all(billed[job.prompt] <= 1 + unsure[job.prompt] for job in jobs)
    names = {job.result_name for job in jobs}
    assert names == {path.name for path in arena.folder.iterdir()}
    assert len(names) == arena.trial.cells
    for path in arena.folder.iterdir():
        check_result(path.read_bytes())


def test_killed_batch_goes_on_and_loses_and_pays_nothing_twice(tmp_path: Path) -> None:
    run_trial(tmp_path, Trial(cells=30, kills=2, latency_s=0.05, faults=0.0, concurrency=4))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_thousand_cells_through_ten_kills_and_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import resource  # not on Windows

    trial = Trial(cells=1000, kills=10, latency_s=0.5, faults=0.05, concurrency=8)
    began = time.monotonic()
    arena = run_trial(tmp_path, trial)
    whole_s = time.monotonic() - began
    with arena.catalogue() as catalogue:
        entries = Counter(entry.state.value for entry in catalogue.ledger.entries(1))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with capsys.disabled():
        print(  # noqa: T201 - the measurement is what this test is for
            f"\n{trial.cells} cells, {trial.kills} kills, every fault: all accounted for after"
            f" {arena.accounted_s:.1f} s of sending, {arena.accounted_s / trial.ideal_s:.2f} times the ideal of"
            f" {trial.ideal_s:.1f} s; all done after {arena.sending_s:.1f} s; {whole_s:.1f} s with starts and checks,"
            f" {used.ru_utime + used.ru_stime:.1f} s of processor for service and workers;"
            f" {arena.requests()} requests; ledger {dict(entries)}"
        )
