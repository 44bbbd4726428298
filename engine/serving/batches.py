"""Handlers of batches: how they go, what became of each job, what was spent, and where a picture comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine import protocol
from engine.catalogue.jobs import UNFINISHED, Job, JobState, Verdict
from engine.compose.picks import Ground
from engine.errors import JobUnknown
from engine.serving.composing_wording import (
    to_batch,
    to_budget,
    to_currency,
    to_groups,
    to_job,
    to_job_details,
    to_ledger_day,
)
from engine.serving.engine import Engine
from engine.serving.plans import Plans
from engine.studio import Studio, rewording


def pause_batch(engine: Engine, _: Plans, command: protocol.PauseBatch) -> protocol.Answer:
    """Send nothing more of a batch."""
    engine.library.studio.pause(command.batch_id)
    return protocol.RequestCompleted(command.request_id)


def resume_batch(engine: Engine, _: Plans, command: protocol.ResumeBatch) -> protocol.Answer:
    """Go on with a batch. Raises BatchUnknown."""
    if command.consent:
        engine.library.studio.consent(command.batch_id)
    engine.start_batch(command.batch_id)
    return protocol.RequestCompleted(command.request_id)


def cancel_jobs(engine: Engine, _: Plans, command: protocol.CancelJobs) -> protocol.Answer:
    """Cancel jobs. Raises BatchUnknown."""
    studio = engine.library.studio
    unfinished = [job.id for job in studio.jobs(command.batch_id, UNFINISHED)]
    studio.cancel(command.batch_id, command.job_ids)
    engine.batch_news.note(command.batch_id, [one for one in unfinished if one in (command.job_ids or unfinished)])
    return protocol.RequestCompleted(command.request_id)


def redo_jobs(engine: Engine, _: Plans, command: protocol.RedoJobs) -> protocol.Answer:
    """Plan jobs once more as the user agreed to, and send them. Raises BatchUnknown or JobUnknown."""
    studio = engine.library.studio
    chosen = studio.chosen(command.batch_id, command.job_ids, [JobState(state.value) for state in command.states])
    rewords = rewording(command.wording, command.prompt)
    job_ids = studio.redo([job.id for job in chosen], rewords)
    studio.consent(command.batch_id, job_ids)
    engine.batch_news.note(command.batch_id, job_ids)
    engine.start_batch(command.batch_id)
    return protocol.JobsPlanned(command.request_id, command.batch_id, tuple(job_ids))


def judge_jobs(engine: Engine, _: Plans, command: protocol.JudgeJobs) -> protocol.Answer:
    """Pick or reject results."""
    studio = engine.library.studio
    studio.judge(command.job_ids, Verdict(command.verdict.value))
    for job in studio.found_jobs(command.job_ids):
        engine.batch_news.note(job.batch_id, [job.id])
    return protocol.RequestCompleted(command.request_id)


def list_batches(engine: Engine, _: Plans, command: protocol.ListBatches) -> protocol.Answer:
    """Return every batch."""
    return protocol.BatchesListed(command.request_id, tuple(map(to_batch, engine.library.studio.batches())))


def fetch_batch(engine: Engine, _: Plans, command: protocol.FetchBatch) -> protocol.Answer:
    """Return one batch with its groups. Raises BatchUnknown."""
    status = engine.library.studio.batch(command.batch_id)
    return protocol.BatchFetched(command.request_id, to_batch(status), to_groups(status.batch.brief))


def fetch_jobs(engine: Engine, _: Plans, command: protocol.FetchJobs) -> protocol.Answer:
    """Return a page of a batch. Raises BatchUnknown."""
    studio = engine.library.studio
    states = [JobState(state.value) for state in command.states] or list(JobState)
    jobs = studio.jobs(command.batch_id, states)
    start = max(0, command.offset)
    told = _told(studio, jobs[start : start + max(0, command.count)])
    return protocol.JobsFetched(command.request_id, command.batch_id, len(jobs), start, told)


def fetch_job(engine: Engine, _: Plans, command: protocol.FetchJob) -> protocol.Answer:
    """Return all of a job. Raises JobUnknown."""
    studio = engine.library.studio
    job = _found(studio, command.job_id)
    earlier: list[Job] = []
    while (parent_id := (earlier[-1] if earlier else job).parent_id) is not None:
        earlier.append(_found(studio, parent_id))
    entries = studio.accounts.entries(job.batch_id)
    booked = sum(entry.amount for entry in entries if entry.job_id == job.id)
    details = to_job_details(job, earlier, studio.batch(job.batch_id).batch.results_folder, booked)
    return protocol.JobFetched(command.request_id, details)


def where_used(engine: Engine, _: Plans, command: protocol.WhereUsed) -> protocol.Answer:
    """Return the jobs that an asset went into. Raises AssetUnknown."""
    studio = engine.library.studio
    jobs = studio.used_in(command.asset_id)
    told = _told(studio, jobs[: max(0, command.count)])
    return protocol.LineageFetched(command.request_id, command.asset_id, len(jobs), told)


def made_from(engine: Engine, _: Plans, command: protocol.MadeFrom) -> protocol.Answer:
    """Return the jobs that an asset comes from. Raises AssetUnknown."""
    studio = engine.library.studio
    jobs = studio.made_from(command.asset_id)
    return protocol.LineageFetched(command.request_id, command.asset_id, len(jobs), _told(studio, jobs))


def export_picks(engine: Engine, _: Plans, command: protocol.ExportPicks) -> protocol.Answer:
    """Copy picked results. Raises BatchUnknown, JobUnknown or ResultsFolderUnusable."""
    ground = Ground(command.ground.value)
    made = engine.library.studio.export_picks(command.batch_id, command.folder.expanduser(), ground)
    return protocol.PicksExported(command.request_id, command.batch_id, made.files, made.uncut)


def write_disclosure(engine: Engine, _: Plans, command: protocol.WriteDisclosure) -> protocol.Answer:
    """Write how a batch was made. Raises BatchUnknown or ResultsFolderUnusable."""
    return protocol.FileWritten(command.request_id, engine.library.studio.write_disclosure(command.batch_id))


def fetch_ledger(engine: Engine, _: Plans, command: protocol.FetchLedger) -> protocol.Answer:
    """Return what was spent. Raises ModelTableDamaged for a currency that the table lacks."""
    accounts = engine.library.studio.accounts
    days = tuple(map(to_ledger_day, accounts.days()))
    currency = to_currency(engine.library.composer.models().currency(command.currency))
    total = sum(day.amount for day in days)
    return protocol.LedgerFetched(command.request_id, days, total, to_budget(accounts.budget()), currency)


def write_ledger(engine: Engine, _: Plans, command: protocol.WriteLedger) -> protocol.Answer:
    """Write every line of the ledger. Raises FileUnwritable."""
    path = command.path.expanduser()
    engine.library.studio.accounts.write_csv(path)
    return protocol.FileWritten(command.request_id, path)


def set_budget(engine: Engine, _: Plans, command: protocol.SetBudget) -> protocol.Answer:
    """Set caps. Raises InvalidSetting or BatchUnknown."""
    accounts = engine.library.studio.accounts
    accounts.set_budget(command.day_cents, command.batch_cents, command.batch_id)
    if command.batch_id is not None:
        engine.batch_news.note(command.batch_id)
    return protocol.RequestCompleted(command.request_id)


def _found(studio: Studio, job_id: int) -> Job:
    found = studio.found_jobs([job_id])
    if not found:
        raise JobUnknown(f"there is no job {job_id}", "look at the batch again")
    return found[0]


def _told(studio: Studio, jobs: Sequence[Job]) -> tuple[protocol.Job, ...]:
    folders: dict[int, Path] = {
        batch_id: studio.batch(batch_id).batch.results_folder for batch_id in {job.batch_id for job in jobs}
    }
    return tuple(to_job(job, folders[job.batch_id]) for job in jobs)
