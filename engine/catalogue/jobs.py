"""Rows of jobs: each one picture to make, a cell of a batch. What was done already is never done again by itself.

A job that repeats another has it as its parent and stands in its place; of each cell the newest job is the *current*
one. Reads only; `job_states` changes them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.catalogue.database import Database, Row, value_to_name


class JobState(StrEnum):
    """How far a job is; stored, so values never change."""

    PLANNED = "planned"
    """Waits for consent."""
    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    """The service would not make it; another wording or reference may help."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    MAYBE_BILLED = "maybe_billed"
    """The answer was lost on the way; sending it again may cost twice, so the user is asked."""


UNFINISHED = (JobState.PLANNED, JobState.WAITING, JobState.SENDING)


class Verdict(StrEnum):
    """What the user made of a result; stored, so values never change."""

    NONE = ""
    PICKED = "picked"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A place in a batch: the alternative taken of each group, and the how manieth picture of it, all from 0."""

    choice: tuple[int, ...]
    take: int = 0


@dataclass(frozen=True, slots=True)
class JobReference:
    """A picture that a job is made from, where it lay when it was chosen. `content_hash` is hex.

    `asset_id` is None for a file outside the library.
    """

    role: str
    path: Path
    content_hash: str
    asset_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job as it is planned; `price` in micro-USD is the most that one attempt may cost."""

    cell: Cell
    prompt: str
    model: str
    size: str
    ratio: str
    price: int
    references: tuple[JobReference, ...] = ()


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why the last attempt gave no picture: family and reason of the generator, words for the user."""

    family: str
    reason: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A finished picture: its file in the results folder, and the hash of its bytes (hex)."""

    name: str
    content_hash: str
    request_id: str = ""
    model_text: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. References are numbered from 1 in its prompt; times are ISO 8601, UTC."""

    id: int
    batch_id: int
    parent_id: int | None
    cell: Cell
    state: JobState
    attempts: int
    prompt: str
    model: str
    size: str
    ratio: str
    price: int
    references: tuple[JobReference, ...]
    failure: JobFailure | None
    model_text: str
    request_id: str
    result_stem: str | None
    result_name: str | None
    result_hash: str | None
    verdict: Verdict
    created_at: str
    sent_at: str | None
    finished_at: str | None


_COLUMNS = (
    "id, batch_id, parent_id, cell, take, state, attempts, prompt, model, size, ratio, price,"
    " failure_family, failure_reason, failure_words, failure_hint, model_text, request_id, result_stem, result_name,"
    " lower(hex(result_hash)), verdict, created_at, sent_at, finished_at"
)
_CURRENT = "NOT EXISTS (SELECT 1 FROM jobs child WHERE child.parent_id = jobs.id)"


class Jobs:
    """Reads jobs, their lineage and how many there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_ids(self, job_ids: Sequence[int]) -> dict[int, Job]:
        """Return the jobs that have these ids, by id."""
        return self._made(
            list(self._database.rows_among(f"SELECT {_COLUMNS} FROM jobs WHERE id IN ({{ids}})", job_ids))
        )

    def find(self, job_id: int) -> Job | None:
        """Return one job."""
        return self.of_ids([job_id]).get(job_id)

    def current(self, batch_id: int, states: Collection[JobState] = tuple(JobState)) -> list[Job]:
        """Return the current jobs of a batch that are in one of these states, by cell."""
        chosen = ",".join("?" * len(states))
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM jobs WHERE batch_id = ? AND state IN ({chosen}) AND {_CURRENT} ORDER BY id",
            (batch_id, *states),
        )
        return sorted(self._made(rows).values(), key=lambda job: (job.cell, job.id))

    def waiting(self, batch_id: int) -> list[int]:
        """Return the ids of the jobs of a batch that may be sent, in order."""
        rows = self._database.rows(
            "SELECT id FROM jobs WHERE batch_id = ? AND state = 'waiting' ORDER BY id", (batch_id,)
        )
        return [int(row[0]) for row in rows]

    def left_sending(self) -> list[Job]:
        """Return the jobs of every batch that are being sent, or were when a process ended."""
        return list(self._made(self._database.rows(f"SELECT {_COLUMNS} FROM jobs WHERE state = 'sending'")).values())

    def counts(self, batch_id: int) -> dict[JobState, int]:
        """Return how many current jobs of a batch are in each state that any is in."""
        rows = self._database.rows(
            f"SELECT state, count(*) FROM jobs WHERE batch_id = ? AND {_CURRENT} GROUP BY state", (batch_id,)
        )
        return {JobState(str(state)): int(count) for state, count in rows}

    def results(self, batch_id: int) -> list[Job]:
        """Return every job of a batch that gave a picture, repeated ones too, in order."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM jobs WHERE batch_id = ? AND state = 'done' ORDER BY id", (batch_id,)
        )
        return list(self._made(rows).values())

    # Lineage

    def that_made(self, content_hash: str) -> list[Job]:
        """Return the jobs whose result has this content (hex): what it was made from, and how."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM jobs WHERE result_hash = ? ORDER BY id", (bytes.fromhex(content_hash),)
        )
        return list(self._made(rows).values())

    def that_used(self, content_hash: str) -> list[Job]:
        """Return the jobs with a reference of this content (hex), newest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM jobs WHERE id IN (SELECT job_id FROM job_references WHERE content_hash = ?)"
            " ORDER BY id DESC",
            (bytes.fromhex(content_hash),),
        )
        return list(self._made(rows).values())

    def _made(self, rows: Sequence[Row]) -> dict[int, Job]:
        references: dict[int, list[JobReference]] = {}
        sql = (
            "SELECT job_id, role, path, lower(hex(content_hash)), asset_id FROM job_references"
            " WHERE job_id IN ({ids}) ORDER BY job_id, position"
        )
        for job_id, role, path, content_hash, asset_id in self._database.rows_among(sql, [row[0] for row in rows]):
            one = JobReference(str(role), Path(value_to_name(path)), str(content_hash), asset_id)
            references.setdefault(job_id, []).append(one)
        return {row[0]: _job(row, tuple(references.get(row[0], ()))) for row in rows}


def _job(row: Row, references: tuple[JobReference, ...]) -> Job:
    failure = None
    if row[13] is not None:
        failure = JobFailure(str(row[12]), str(row[13]), str(row[14]), str(row[15]))
    return Job(
        id=int(row[0]),
        batch_id=int(row[1]),
        parent_id=row[2],
        cell=Cell(tuple(json.loads(row[3])), int(row[4])),
        state=JobState(str(row[5])),
        attempts=int(row[6]),
        prompt=str(row[7]),
        model=str(row[8]),
        size=str(row[9]),
        ratio=str(row[10]),
        price=int(row[11]),
        references=references,
        failure=failure,
        model_text=str(row[16]),
        request_id=str(row[17]),
        result_stem=None if row[18] is None else value_to_name(row[18]),
        result_name=None if row[19] is None else value_to_name(row[19]),
        result_hash=str(row[20]) or None if row[20] is not None else None,
        verdict=Verdict(str(row[21])),
        created_at=str(row[22]),
        sent_at=row[23],
        finished_at=row[24],
    )
