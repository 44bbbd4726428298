"""From a plan to a batch of durable jobs, and from a job back to what it sends."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.catalogue.compositions import Batch, NewBatch
from engine.catalogue.jobs import Cell, Job, JobReference, NewJob
from engine.compose.brief import Brief, Element, Reference
from engine.compose.generators.generator import OutgoingPicture, Role
from engine.compose.pictures import OutgoingPictures
from engine.compose.plan import Plan
from engine.images.outgoing import OutgoingLimits

_LIMITS = "outgoing"


def batch_of(
    plan: Plan, results_folder: Path, budget: int | None = None, limits: OutgoingLimits | None = None
) -> NewBatch:
    """Return the batch of a plan; `budget` is its cap in micro-USD, without one the plan's own price.

    `limits` are those that the user saw the outgoing pictures by: whatever the settings say later, they hold.
    """
    jobs = tuple(
        NewJob(
            cell=Cell(job.cell, job.take),
            prompt=job.prompt,
            model=plan.model.name,
            size=plan.size,
            ratio=plan.ratio,
            price=job.price,
            references=tuple(
                JobReference(role.value, reference.path, reference.content_hash, reference.asset_id)
                for reference, role in job.references
            ),
        )
        for job in plan.jobs
    )
    cap = plan.price if budget is None else budget
    brief = brief_as_json(plan.brief) | {_LIMITS: asdict(limits or OutgoingLimits())}
    return NewBatch(plan.brief.mode.value, brief, plan.model.generator, results_folder, cap, jobs)


def pictures_of(job: Job, batch: Batch, pictures: OutgoingPictures) -> tuple[OutgoingPicture, ...]:
    """Return what a job sends, in the order of the numbers in its prompt. Raises as `OutgoingPictures.file_of`."""
    agreed = batch.brief.get(_LIMITS)
    within = pictures if agreed is None else pictures.within(OutgoingLimits(**agreed))
    return tuple(
        within.picture(Reference(one.path, one.content_hash, one.asset_id), Role(one.role)) for one in job.references
    )


def brief_as_json(brief: Brief) -> dict[str, Any]:
    """Return a brief as the catalogue keeps it."""
    return {
        "mode": brief.mode.value,
        "text": brief.text,
        "groups": [[[_element_as_json(one) for one in choice] for choice in group] for group in brief.groups],
        "model": brief.model,
        "size": brief.size,
        "ratio": brief.ratio,
        "count": brief.count,
    }


def _element_as_json(element: Element) -> dict[str, Any]:
    reference = element.reference
    told: dict[str, Any] = {"role": element.role.value, "text": element.text}
    if reference is not None:
        told |= {"name": _printable(reference.path.name), "hash": reference.content_hash, "asset": reference.asset_id}
    return told


def _printable(name: str) -> str:
    """Return a name as text can hold it, whatever bytes it is made of; jobs keep the exact path."""
    return name.encode("utf-8", "replace").decode("utf-8")
