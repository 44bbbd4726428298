"""Makes batch 1 of a catalogue with Gemini on loopback, as a process of its own that tests kill.

    python -m tests.helpers.batch_worker HOME ADDRESS

Prints "ready" when it begins to send. A batch that halts is resumed, as by a user who read why. With --answer it first
asks again for every job that gave no picture, as a user does who was asked.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.jobs import JobState, NewJob
from engine.compose.booking import Booking
from engine.compose.generators.gemini import GeminiAccess, GeminiGenerator
from engine.compose.generators.generator import OutgoingPicture, Role
from engine.compose.means import Means, Pace
from engine.compose.queue import Queue
from engine.compose.saving import Saver
from engine.services.keys import ApiKey
from tests.helpers.gemini_server import KEY
from tests.helpers.scripted_generator import picture

BATCH = 1
ENDED_BADLY = (JobState.REFUSED, JobState.FAILED, JobState.MAYBE_BILLED)
DAY_CAP = 10**12


def open_queue(home: Path, catalogue: Catalogue, address: str, pace: Pace) -> Queue:
    """Return a queue whose every job sends one small picture to the server at an address."""
    access = GeminiAccess(key=ApiKey(KEY), base_url=address, deadline_s=pace.deadline_s)
    sent = (OutgoingPicture(picture(), "image/png", 48, 48, Role.GARMENT),)
    means = Means(
        compositions=catalogue.compositions,
        booking=Booking(catalogue.database, catalogue.compositions, catalogue.ledger, lambda: date(2026, 11, 25)),
        saver=Saver(home / "unsaved", catalogue.compositions.states),
        generator_of=lambda _batch: lambda: GeminiGenerator(access),
        pictures_of=lambda _job: sent,
        cost_of=lambda _job, _usage: None,
        day_cap=lambda: DAY_CAP,
        pace=pace,
        report=lambda _told: None,
    )
    return Queue(means)


def ask_again(catalogue: Catalogue) -> int:
    """Repeat every job that ended badly, with consent; return how many."""
    jobs = catalogue.compositions.jobs.current(BATCH, ENDED_BADLY)
    again = [
        (job.id, NewJob(job.cell, job.prompt, job.model, job.size, job.ratio, job.price, job.references))
        for job in jobs
    ]
    catalogue.compositions.repeat(BATCH, again)
    catalogue.compositions.consent(BATCH)
    return len(again)


def main() -> int:
    """Run until nothing waits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("address")
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--deadline", type=float, default=3.0)
    parser.add_argument("--answer", action="store_true")
    chosen = parser.parse_args()
    catalogue = Catalogue(chosen.home)
    queue = open_queue(chosen.home, catalogue, chosen.address, Pace(chosen.concurrency, 0, chosen.deadline))
    try:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        while True:
            while queue.start(BATCH).result() is not None:
                pass
            if not chosen.answer or not ask_again(catalogue):
                return 0
    finally:
        queue.close()
        catalogue.close()


if __name__ == "__main__":
    sys.exit(main())
