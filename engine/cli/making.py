"""Makes the pictures of a batch in front of the user: consent, a bar, a Ctrl-C that loses nothing, the outcome."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.cli.context import common
from engine.cli.output import print_json, printable, stderr, stdout
from engine.errors import PropmasterError, in_one_text
from engine.services.money import MICRO, USD

if TYPE_CHECKING:
    from engine.catalogue.jobs import Job
    from engine.cli.maker import Maker, Report
    from engine.studio import BatchStatus

STATE_STYLES = {
    "done": "green",
    "refused": "yellow",
    "failed": "red",
    "maybe_billed": "bold yellow",
    "cancelled": "dim",
}
PAUSED = 130
_ENDED = frozenset(STATE_STYLES)


class ConsentMissing(PropmasterError):
    """Something would be sent that nobody agreed to."""

    code = "consent_missing"


def require_consent(question: str, *, yes: bool) -> None:
    """Ask whether to send, unless that was said. Raises ConsentMissing, also where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty() or not typer.confirm(question, err=True):
        raise ConsentMissing("nothing was sent", "look at the plan with --dry-run, then send it with --yes")


def make_pictures(maker: Maker, batch_id: int) -> None:
    """Send what may be sent of a batch, print what came of it, and leave with 1 unless each job gave a picture.

    The first Ctrl-C lets come in what is on its way and leaves with 130; the second gives that up.
    """
    studio = maker.library.studio
    with _bar(studio.jobs(batch_id)) as report, _pausing(maker, batch_id):
        maker.finish(batch_id, report)
    status, jobs = studio.batch(batch_id), studio.jobs(batch_id)
    if common.as_json:
        print_json(batch_as_json(status, jobs))
    else:
        _print_outcome(status, jobs)
    halt = status.batch.halt
    if halt is not None and halt.reason == "paused":
        raise typer.Exit(PAUSED)
    if not all(job.state.value == "done" for job in jobs):
        raise typer.Exit(1)


def batch_as_json(status: BatchStatus, jobs: list[Job]) -> dict[str, Any]:
    """Return a batch with its jobs as scripts read it."""
    return {**status_as_json(status), "jobs": [job_as_json(job, status.batch.results_folder) for job in jobs]}


def status_as_json(status: BatchStatus) -> dict[str, Any]:
    """Return a batch at a glance as scripts read it."""
    batch, halt = status.batch, status.batch.halt
    return {
        "batch": batch.id,
        "created_at": batch.created_at,
        "mode": batch.mode,
        "generator": batch.generator,
        "results_folder": printable(batch.results_folder),
        "consented_at": batch.consented_at,
        "counts": {state.value: count for state, count in status.counts.items()},
        "usd_spent": status.spent / MICRO,
        "usd_budget": batch.budget / MICRO,
        "halt": None if halt is None else {"reason": halt.reason, "words": halt.words},
    }


def job_as_json(job: Job, folder: Path) -> dict[str, Any]:
    """Return a job as scripts read it."""
    failure = job.failure
    return {
        "job": job.id,
        "parent": job.parent_id,
        "cell": list(job.cell.choice),
        "take": job.cell.take,
        "state": job.state.value,
        "attempts": job.attempts,
        "model": job.model,
        "prompt": job.prompt,
        "references": [{"role": one.role, "path": printable(one.path)} for one in job.references],
        "picture": None if job.result_name is None else printable(folder / job.result_name),
        "failure": None
        if failure is None
        else {"family": failure.family, "reason": failure.reason, "words": failure.words, "hint": failure.hint},
        "model_text": job.model_text,
        "request_id": job.request_id,
        "verdict": job.verdict.value or None,
        "finished_at": job.finished_at,
    }


def counts_in_words(status: BatchStatus) -> str:
    """Return how many jobs are in each state, as rich text."""
    counts = ((state.value, count) for state, count in status.counts.items())
    return ", ".join(
        f"[{STATE_STYLES.get(name, 'default')}]{count} {name.replace('_', ' ')}[/]" for name, count in counts
    )


def print_job(job: Job, folder: Path) -> None:
    """Print one job, and what to do about it unless it is done."""
    cell = "×".join(str(index + 1) for index in job.cell.choice) or "1"
    take = f" take {job.cell.take + 1}" if job.cell.take else ""
    stdout.print(f"{job.id:6}  {cell}{take}  ", markup=False, end="")
    stdout.print(job.state.value.replace("_", " "), style=STATE_STYLES.get(job.state.value), end="  ")
    picture = "" if job.result_name is None else printable(folder / job.result_name)
    stdout.print(f"{picture}  {job.verdict.value}".rstrip(), markup=False)
    if job.failure is not None:
        stdout.print(f"        {in_one_text(job.failure.words, job.failure.hint)}", markup=False)
    if job.model_text and job.result_name is None:
        stdout.print(f"        The model said: {job.model_text}", markup=False, style="dim")


def _print_outcome(status: BatchStatus, jobs: list[Job]) -> None:
    batch = status.batch
    for job in jobs:
        print_job(job, batch.results_folder)
    stdout.print(f"Batch {batch.id}: {counts_in_words(status)}; {USD.written(status.spent)} booked")
    states = {state.value for state in status.counts}
    if batch.halt is not None:
        stdout.print(batch.halt.words, markup=False, style="yellow")
        stdout.print(f"`propmaster jobs resume {batch.id}` goes on.", markup=False)
    if states & {"refused", "failed"}:
        stdout.print(f"`propmaster jobs redo {batch.id} --refused --failed` asks again for those.", markup=False)
    if "maybe_billed" in states:
        again = f"`propmaster jobs redo {batch.id} --maybe-billed`"
        stdout.print(f"{again} asks again for those whose answer was lost, which may cost twice.", markup=False)


@contextmanager
def _bar(jobs: Sequence[Job]) -> Iterator[Report]:
    ended = {job.id for job in jobs if job.state.value in _ENDED}
    bar = Progress(
        TextColumn("Making"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=stderr, transient=True
    )
    task = bar.add_task("", total=len(jobs), completed=len(ended))

    def report(job_id: int, state: str) -> None:
        if state in _ENDED:
            ended.add(job_id)
            bar.update(task, completed=len(ended))

    with bar:
        yield report


@contextmanager
def _pausing(maker: Maker, batch_id: int) -> Iterator[None]:
    """Let the first Ctrl-C or polite kill pause the batch, the second end the program."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in signals}

    def pause(_number: int, _frame: object) -> None:
        maker.pause(batch_id)
        stderr.print("Waiting for what is on its way; Ctrl-C once more gives it up.")
        for number in signals:
            signal.signal(number, signal.default_int_handler)

    for number in signals:
        signal.signal(number, pause)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
