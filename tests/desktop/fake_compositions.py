"""What the scripted engine answers about compositions: the Draft generator, one batch, and its jobs in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

from engine import protocol
from engine.protocol import JobState, Role

PRICE = 33_600
YUAN = protocol.Currency("CNY", "¥", 7.0827, "2026-11-20", "https://example.org/rates")
BUDGET = protocol.Budget(day=10_000_000, spent_today=0, left_today=10_000_000, batch=5_000_000)
MODEL = protocol.GeneratorModel(
    "draft", "Draft", (("1K", 0),), ("1:1", "3:4"), 14, 4, 1, "2026-11-20", "https://example.org/prices"
)
PAID = protocol.GeneratorModel(
    "paid", "Paid", (("1K", PRICE), ("2K", 2 * PRICE)), ("1:1",), 10, 4, 0, "2026-11-22", "https://example.org/prices"
)
OLD = replace(PAID, name="old", title="Old", successor=PAID.name, retired="2026-10-02")
MODELS = (MODEL, PAID, OLD)
BATCH = protocol.Batch(
    id=1,
    created_at="2026-11-25T12:00:00.000+00:00",
    mode=protocol.Mode.DRESS,
    text="a hat",
    generator="draft",
    results_folder=Path("/art/made"),
    standing=protocol.Standing.ENDED,
    counts=tuple((state, 1) for state in JobState),
    spent=PRICE,
    budget=BUDGET.batch,
    consented_at="2026-11-25T12:00:01.000+00:00",
)
COLUMNS = 4
GROUPS = (
    ((protocol.Element(Role.PERSON, asset_id=1, name="prop-0000.png"),), (protocol.Element(Role.PERSON, "a knight"),)),
    tuple((protocol.Element(Role.GARMENT, words),) for words in ("coat", "hat", "boots", "scarf")),
)
JOBS = tuple(
    protocol.Job(number, BATCH.id, divmod(number - 1, COLUMNS), 0, state, PRICE, result=_result)
    for number, state in enumerate(JobState, 1)
    for _result in (Path(f"/art/made/dress-0001-{number}.png") if state is JobState.DONE else None,)
)
REFERENCE = protocol.JobReference(1, Role.PERSON, Path("/art/prop-0000.png"), "", 1)
PLAN = protocol.CompositionPlan(
    mode=protocol.Mode.DRESS,
    generator="draft",
    model=MODEL.name,
    title=MODEL.title,
    size="1K",
    ratio="1:1",
    total=1,
    price_each=0,
    price=0,
    as_of=MODEL.as_of,
    source=MODEL.source,
    currency=YUAN,
    budget=BUDGET,
    results_folder=Path("/art/made"),
    local=True,
)


def composing_answers() -> dict[type, Callable[[Any], protocol.Event | None]]:
    """Return an answer for each command whose answer holds more than that it is done."""
    return {
        protocol.SplitDescription: _split,
        protocol.PlanComposition: _plan,
        protocol.FetchPlannedJobs: lambda c: protocol.PlannedJobsFetched(c.request_id, c.plan_id, c.offset, ()),
        protocol.RunPlan: lambda c: protocol.BatchStarted(c.request_id, BATCH),
        protocol.RedoJobs: lambda c: protocol.JobsPlanned(c.request_id, c.batch_id, c.job_ids),
        protocol.ListBatches: lambda c: protocol.BatchesListed(c.request_id, (BATCH,)),
        protocol.FetchBatch: lambda c: protocol.BatchFetched(c.request_id, BATCH, GROUPS),
        protocol.FetchJobs: _jobs,
        protocol.FetchJob: lambda c: protocol.JobFetched(c.request_id, _details(c.job_id)),
        protocol.WhereUsed: lambda c: protocol.LineageFetched(c.request_id, c.asset_id, 0, ()),
        protocol.MadeFrom: lambda c: protocol.LineageFetched(c.request_id, c.asset_id, 0, ()),
        protocol.ExportPicks: lambda c: protocol.PicksExported(c.request_id, c.batch_id, ()),
        protocol.WriteDisclosure: lambda c: protocol.FileWritten(
            c.request_id, BATCH.results_folder / "disclosure.json"
        ),
        protocol.FetchLedger: lambda c: protocol.LedgerFetched(
            c.request_id, (protocol.LedgerDay("2026-11-25", 1, PRICE, 0),), PRICE, BUDGET, YUAN
        ),
        protocol.WriteLedger: lambda c: protocol.FileWritten(c.request_id, c.path),
        protocol.ListGenerators: lambda c: protocol.GeneratorsListed(
            c.request_id,
            (
                protocol.Generator("gemini", (PAID, OLD), needs_key=True),
                protocol.Generator("draft", (MODEL,), needs_key=False),
            ),
            (YUAN,),
        ),
        protocol.FindKey: lambda c: protocol.KeyFound(c.request_id, c.service, None),
        protocol.KeepKey: lambda c: protocol.KeyKept(
            c.request_id, c.service, protocol.KeptKey(protocol.KeyPlace.KEYRING, "the keyring")
        ),
        protocol.TryConnection: lambda c: protocol.ConnectionTried(c.request_id, c.service, works=True, said="Ready."),
    }


def _split(command: protocol.SplitDescription) -> protocol.DescriptionSplit:
    """Split at “with”: a person, and accessories."""
    parts = command.text.split(" with ")
    roles = (Role.PERSON, *[Role.ACCESSORY] * len(parts))
    return protocol.DescriptionSplit(
        command.request_id, tuple(protocol.DescribedPart(part, role) for part, role in zip(parts, roles, strict=False))
    )


def _plan(command: protocol.PlanComposition) -> protocol.CompositionPlanned:
    """Plan every combination; each costs as much as the table says of its model."""
    brief = command.brief
    model = next((one for one in MODELS if one.name == brief.model), MODELS[0])
    total = prod(len(group) for group in brief.groups) * brief.count
    price = dict(model.prices)[brief.size or model.prices[0][0]]
    plan = replace(
        PLAN,
        mode=brief.mode,
        generator="draft" if model is MODEL else "gemini",
        model=model.name,
        title=model.title,
        total=total,
        price_each=price,
        price=price * total,
        local=model is MODEL,
        results_folder=command.results_folder or PLAN.results_folder,
        cautions=() if model is MODEL else (protocol.Caution.NO_KEY,),
    )
    return protocol.CompositionPlanned(command.request_id, plan, (_planned(),))


def _planned() -> protocol.PlannedJob:
    return protocol.PlannedJob((0, 0), 0, "Dress the person in image 1.", (REFERENCE,), 0)


def _jobs(command: protocol.FetchJobs) -> protocol.JobsFetched:
    found = [job for job in JOBS if not command.states or job.state in command.states]
    page = tuple(found[command.offset : command.offset + command.count])
    return protocol.JobsFetched(command.request_id, command.batch_id, len(found), command.offset, page)


def _details(job_id: int) -> protocol.JobDetails:
    job = next(job for job in JOBS if job.id == job_id)
    return protocol.JobDetails(job, "Dress the person in image 1.", MODEL.name, "1K", "1:1", (REFERENCE,), PRICE)
