"""What a result says of its origin, in its own file and in a batch's disclosure; no path, key or address in it.

Pure. Invariant: the origin of a result names one attempt of one job and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.catalogue.compositions import Batch
from engine.catalogue.jobs import Job
from engine.catalogue.ledger import Bill
from engine.images.provenance import SourceType

VERSION = 1
DRAFT = "draft"


def origin_of(batch: Batch, job: Job, bill: Bill) -> dict[str, Any]:
    """Return the origin of a job's result as JSON; `price` is in micro-USD."""
    return {
        "version": VERSION,
        "program": "Propmaster",
        **_identity(job),
        "parent": job.parent_id,
        "mode": batch.mode,
        "generator": batch.generator,
        "model": job.model,
        "size": job.size,
        "ratio": job.ratio,
        "prompt": job.prompt,
        "references": references_of(job),
        "date": job.sent_at,
        "price": bill.amount,
        "request_id": bill.request_id,
    }


def is_origin_of(origin: dict[str, Any] | None, job: Job) -> bool:
    """Return whether a file's origin names the last attempt of this job."""
    return origin is not None and all(origin.get(key) == value for key, value in _identity(job).items())


def source_of(batch: Batch, job: Job) -> SourceType:
    """Return what kind of picture a job makes, in IPTC's words."""
    if batch.generator == DRAFT:
        return SourceType.PASTED_TOGETHER
    return SourceType.GENERATED_FROM_PICTURES if job.references else SourceType.GENERATED


def references_of(job: Job) -> list[dict[str, Any]]:
    """Return a job's references as JSON, in the order of their numbers in the prompt."""
    return [
        {"number": number, "role": one.role, "name": one.path.name, "hash": one.content_hash}
        for number, one in enumerate(job.references, 1)
    ]


def disclosure_of(batch: Batch, results: Sequence[Job]) -> dict[str, Any]:
    """Return what may be told to whom the pictures of a batch are given."""
    return {
        "version": VERSION,
        "program": "Propmaster",
        "batch": batch.id,
        "mode": batch.mode,
        "generator": batch.generator,
        "planned": batch.created_at,
        "pictures": [
            {
                "file": job.result_name,
                "hash": job.result_hash,
                "source_type": source_of(batch, job),
                "model": job.model,
                "date": job.finished_at,
                "prompt": job.prompt,
                "references": references_of(job),
            }
            for job in results
        ],
    }


def _identity(job: Job) -> dict[str, Any]:
    return {"batch": job.batch_id, "job": job.id, "attempt": job.attempts, "sent": job.sent_at}
