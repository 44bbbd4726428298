"""Looks after jobs that were being sent when a process ended: done if their picture is there, else the user is asked.

Invariant: a job that may have been billed is never sent again by itself.
"""

from __future__ import annotations

from engine.catalogue.compositions import Compositions
from engine.catalogue.jobs import Job, JobState
from engine.catalogue.ledger import Bill
from engine.compose.booking import Booking
from engine.compose.saving import Saver
from engine.services.service import Family, ServiceFailed

_LOST = ServiceFailed(
    Family.ASK,
    "interrupted",
    "Propmaster ended while it waited for the answer. The picture may have been made and billed although it did not"
    " arrive.",
    "Ask for it again, which may cost once more, or leave it.",
    maybe_billed=True,
)
_UNSENT = ServiceFailed(Family.RETRY, "interrupted", "Propmaster ended while it made the picture.")


def recover(compositions: Compositions, booking: Booking, saver: Saver, batch_id: int | None = None) -> list[Job]:
    """Settle the jobs of a batch, or of all, that were cut off while they were sent; return them as they are now.

    Raises ResultsFolderUnusable where a batch's folder cannot be looked at now; its jobs stay as they are.
    """
    cut_off = [job for job in compositions.jobs.left_sending() if batch_id in (None, job.batch_id)]
    for job in cut_off:
        result = saver.find_saved(compositions.batch(job.batch_id), job)
        if result is not None:
            booking.finish(job.id, job.attempts, result, Bill(job.price, request_id=result.request_id))
        elif job.price:
            booking.fail(job.id, job.attempts, _LOST, JobState.MAYBE_BILLED, maybe_billed=True)
        else:
            booking.fail(job.id, job.attempts, _UNSENT, JobState.WAITING, maybe_billed=False)
    settled = compositions.jobs.of_ids([job.id for job in cut_off])
    return [settled[job.id] for job in cut_off]
