"""Between the protocol's values of compositions and those of the library, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine import protocol
from engine.catalogue.jobs import Job, JobState
from engine.catalogue.ledger import DaySum
from engine.compose.accounts import Budget
from engine.compose.brief import Brief, Element, Mode, Reference
from engine.compose.generators.generator import Role
from engine.compose.models import Model
from engine.compose.plan import PlannedJob
from engine.compose.references import References
from engine.services.money import Currency
from engine.studio import INTERRUPTED, BatchStatus

PAUSED_REASON = "paused"


def to_brief(wanted: protocol.Brief, references: References) -> Brief:
    """Return the library's brief. Raises AssetUnknown, NeverSent, or InvalidBrief for a file that cannot be read."""
    elements = [element for group in wanted.groups for choice in group for element in choice]
    ids = list(dict.fromkeys(one.asset_id for one in elements if one.asset_id is not None))
    paths = list(dict.fromkeys(one.path for one in elements if one.asset_id is None and one.path is not None))
    found: dict[int | Path, Reference] = dict(zip(ids, references.of_assets(ids), strict=True))
    found |= zip(paths, references.of_files(paths), strict=True)

    def to_element(element: protocol.Element) -> Element:
        chosen = element.path if element.asset_id is None else element.asset_id
        return Element(Role(element.role.value), element.text, None if chosen is None else found[chosen])

    groups = tuple(tuple(tuple(map(to_element, choice)) for choice in group) for group in wanted.groups)
    mode = Mode(wanted.mode.value)
    return Brief(mode, wanted.text, groups, wanted.model, wanted.size, wanted.ratio, wanted.count)


def from_brief(brief: Brief) -> protocol.Brief:
    """Return a brief of the library as a client asks for it."""

    def to_element(element: Element) -> protocol.Element:
        role, chosen = protocol.Role(element.role.value), element.reference
        if chosen is None:
            return protocol.Element(role, element.text)
        return protocol.Element(role, element.text, chosen.asset_id, path=None if chosen.asset_id else chosen.path)

    groups = tuple(tuple(tuple(map(to_element, choice)) for choice in group) for group in brief.groups)
    mode = protocol.Mode(brief.mode.value)
    return protocol.Brief(mode, brief.text, groups, brief.model, brief.size, brief.ratio, brief.count)


def to_groups(brief: Mapping[str, Any]) -> tuple[protocol.Group, ...]:
    """Return the groups of a brief as the catalogue keeps it."""
    return tuple(tuple(tuple(map(_to_told_element, choice)) for choice in group) for group in brief.get("groups", ()))


def to_planned_job(job: PlannedJob) -> protocol.PlannedJob:
    """Return a planned picture."""
    references = tuple(
        protocol.JobReference(
            number, protocol.Role(role.value), reference.path, reference.content_hash, reference.asset_id
        )
        for number, (reference, role) in enumerate(job.references, 1)
    )
    return protocol.PlannedJob(job.cell, job.take, job.prompt, references, job.price)


def to_batch(status: BatchStatus) -> protocol.Batch:
    """Return a batch at a glance."""
    batch, halt = status.batch, status.batch.halt
    return protocol.Batch(
        id=batch.id,
        created_at=batch.created_at,
        mode=protocol.Mode(batch.mode),
        text=str(batch.brief.get("text", "")),
        generator=batch.generator,
        results_folder=batch.results_folder,
        standing=_standing(status),
        counts=tuple((protocol.JobState(state.value), count) for state, count in status.counts.items()),
        spent=status.spent,
        budget=batch.budget,
        consented_at=batch.consented_at,
        halt_reason="" if halt is None else halt.reason,
        halt_words="" if halt is None else halt.words,
    )


def to_job(job: Job, folder: Path) -> protocol.Job:
    """Return a job as a matrix shows it; `folder` is where the results of its batch lie."""
    failure = job.failure
    return protocol.Job(
        id=job.id,
        batch_id=job.batch_id,
        cell=job.cell.choice,
        take=job.cell.take,
        state=protocol.JobState(job.state.value),
        price=job.price,
        attempts=job.attempts,
        reason="" if failure is None else failure.reason,
        words="" if failure is None else failure.words,
        hint="" if failure is None else failure.hint,
        result=None if job.result_name is None else folder / job.result_name,
        thumbnail=job.result_hash or "",
        verdict=protocol.Verdict(job.verdict.value),
    )


def to_job_details(job: Job, earlier: Sequence[Job], folder: Path, booked: int) -> protocol.JobDetails:
    """Return all that is known of a job; `booked` is micro-USD."""
    return protocol.JobDetails(
        job=to_job(job, folder),
        prompt=job.prompt,
        model=job.model,
        size=job.size,
        ratio=job.ratio,
        references=tuple(
            protocol.JobReference(number, protocol.Role(one.role), one.path, one.content_hash, one.asset_id)
            for number, one in enumerate(job.references, 1)
        ),
        booked=booked,
        model_text=job.model_text,
        request_id=job.request_id,
        created_at=job.created_at,
        sent_at=job.sent_at,
        finished_at=job.finished_at,
        earlier=tuple(to_job(one, folder) for one in earlier),
    )


def to_budget(budget: Budget) -> protocol.Budget:
    """Return the caps and what counts against today's."""
    return protocol.Budget(budget.day, budget.spent_today, budget.left_today, budget.batch)


def to_ledger_day(day: DaySum) -> protocol.LedgerDay:
    """Return what a day cost."""
    return protocol.LedgerDay(day.day.isoformat(), day.requests, day.amount, day.maybe_billed)


def to_currency(currency: Currency) -> protocol.Currency:
    """Return a currency of the table."""
    as_of = currency.as_of.isoformat()
    return protocol.Currency(currency.code, currency.symbol, float(currency.per_usd), as_of, currency.source)


def to_generator_model(model: Model) -> protocol.GeneratorModel:
    """Return a row of the table of models."""
    room = model.references
    return protocol.GeneratorModel(
        name=model.name,
        title=model.title,
        prices=tuple(model.prices.items()),
        ratios=model.ratios,
        objects=room.objects,
        persons=room.persons,
        styles=room.styles,
        as_of=model.as_of.isoformat(),
        source=model.source,
        successor=model.successor,
        retired="" if model.retired is None else model.retired.isoformat(),
    )


def _standing(status: BatchStatus) -> protocol.Standing:
    halt = status.batch.halt
    if status.running:
        return protocol.Standing.RUNNING
    if JobState.WAITING in status.counts or JobState.SENDING in status.counts:
        if halt is None or halt.reason == INTERRUPTED.reason:
            return protocol.Standing.INTERRUPTED
        return protocol.Standing.PAUSED if halt.reason == PAUSED_REASON else protocol.Standing.HALTED
    return protocol.Standing.UNAGREED if JobState.PLANNED in status.counts else protocol.Standing.ENDED


def _to_told_element(element: Mapping[str, Any]) -> protocol.Element:
    role = protocol.Role(element["role"])
    return protocol.Element(role, element.get("text", ""), element.get("asset"), element.get("name", ""))
