"""How plans of compositions are shown: to people in lines, to scripts as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.cli.composing_parts import FoundPart
from engine.cli.output import BAND_STYLES, printable, stdout
from engine.compose.origin import DRAFT
from engine.compose.pictures import OutgoingPictures
from engine.compose.plan import Plan, PlannedJob
from engine.services.money import MICRO

JOBS_PRINTED = 3
LOOKED_AT = 64
"""Up to so many pictures are made ready to say how large they are; more would take long."""


def plan_as_json(plan: Plan, found: Sequence[FoundPart], pictures: OutgoingPictures) -> dict[str, Any]:
    """Return a plan as scripts read it. Amounts are numbers in the currency that their key names."""
    other = plan.currency
    return {
        "mode": plan.brief.mode,
        "text": plan.brief.text,
        "generator": plan.model.generator,
        "model": plan.model.name,
        "size": plan.size,
        "ratio": plan.ratio,
        "parts": [_part_as_json(one) for one in found],
        "pictures": len(plan.jobs),
        "price": {
            "usd_each": plan.price_each / MICRO,
            "usd": plan.price / MICRO,
            "currency": other.code,
            "each": round(float(other.of(plan.price_each)), 4),
            "all": round(float(other.of(plan.price)), 4),
            "prices_of": str(plan.model.as_of),
            "source": plan.model.source,
            "words": plan.price_in_words(),
        },
        "sent": [] if plan.model.generator == DRAFT else sent_as_json(plan, pictures),
        "jobs": [_job_as_json(job) for job in plan.jobs],
    }


def sent_as_json(plan: Plan, pictures: OutgoingPictures) -> list[dict[str, Any]]:
    """Return every picture that would leave; with the exact size of what is sent, if they are not too many."""
    references = plan.references
    if len(references) > LOOKED_AT:
        return [{"path": printable(one.path)} for one in references]
    told = []
    for reference in references:
        encoded = pictures.encoded(reference)
        told.append(
            {
                "path": printable(reference.path),
                "media_type": encoded.media_type,
                "width": encoded.width,
                "height": encoded.height,
                "bytes": len(encoded.data),
            }
        )
    return told


def print_plan(plan: Plan, found: Sequence[FoundPart], pictures: OutgoingPictures) -> None:
    """Print what would be made, what would leave the machine, and the price."""
    for part in found:
        _print_part(part)
    for number, job in enumerate(plan.jobs[:JOBS_PRINTED], 1):
        stdout.print(f"\n[bold]Picture {number}[/]")
        for index, (reference, role) in enumerate(job.references, 1):
            stdout.print(f"  image {index}: {role.value}  {printable(reference.path)}", markup=False)
        stdout.print(f"  {job.prompt}", markup=False, style="dim")
    if len(plan.jobs) > JOBS_PRINTED:
        stdout.print(f"\n… and {len(plan.jobs) - JOBS_PRINTED:,} more of the same kind; --json lists them all")
    _print_sent(plan, pictures)
    stdout.print(f"\n{plan.model.title}, {plan.size}, {plan.ratio}", markup=False)
    stdout.print(plan.price_in_words(), markup=False, style="bold")
    if plan.model.successor:
        stdout.print(f"{plan.model.name} will be retired; {plan.model.successor} follows it.", markup=False)


def _print_sent(plan: Plan, pictures: OutgoingPictures) -> None:
    leaves = "Stays on this computer, as" if plan.model.generator == DRAFT else "Leaves this computer, as"
    sent = sent_as_json(plan, pictures)
    if sent and "bytes" in sent[0]:
        stdout.print(f"\n{leaves} these exact pixels without places, cameras and names:")
        for one in sent:
            size = f"{one['width']}×{one['height']} {one['media_type']}, {one['bytes'] / 1000:.0f} kB"
            stdout.print(f"  {Path(one['path']).name}  {size}", markup=False)
    elif sent:
        stdout.print(f"\n{leaves} pixels without places, cameras and names: {len(sent):,} pictures")


def _print_part(found: FoundPart) -> None:
    stdout.print(f"{found.part.role.value:<10} ", end="")
    stdout.print(found.part.text or "…", markup=False, end="  → ")
    if found.reference is not None:
        stdout.print(printable(found.reference.path), markup=False, end="")
    else:
        stdout.print("in words", end="", style="dim")
    if found.hit is None:
        stdout.print()
    elif found.reference is not None:
        stdout.print(f"  [{BAND_STYLES[found.hit.band]}]{found.hit.score:.3f} {found.hit.band}[/]")
    else:
        stdout.print(f"  (the best match is weak: {printable(found.hit.asset.path.name)})", markup=False, style="dim")


def _part_as_json(found: FoundPart) -> dict[str, Any]:
    hit = found.hit
    return {
        "text": found.part.text,
        "role": found.part.role,
        "reference": None if found.reference is None else printable(found.reference.path),
        "match": None if hit is None else printable(hit.asset.path),
        "score": None if hit is None else round(hit.score, 4),
        "band": None if hit is None else hit.band,
    }


def _job_as_json(job: PlannedJob) -> dict[str, Any]:
    return {
        "cell": list(job.cell),
        "take": job.take,
        "prompt": job.prompt,
        "references": [
            {"number": number, "role": role, "path": printable(reference.path)}
            for number, (reference, role) in enumerate(job.references, 1)
        ],
        "usd": job.price / MICRO,
    }
