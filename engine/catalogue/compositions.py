"""Rows of batches: what was asked for, what the user agreed to, and why a batch stands still."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from engine.catalogue.database import Database, Row, name_to_value, value_to_name
from engine.catalogue.job_states import JobStates, now_exactly
from engine.catalogue.jobs import Jobs, NewJob
from engine.errors import BatchUnknown, PropmasterError, in_one_text


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch as it is planned; `brief` is whatever JSON the plan was made from, `budget` a cap in micro-USD."""

    mode: str
    brief: Mapping[str, Any]
    generator: str
    results_folder: Path
    budget: int
    jobs: tuple[NewJob, ...]


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a batch stands still: a stable word, and words for the user."""

    reason: str
    words: str

    @classmethod
    def of(cls, error: PropmasterError) -> Self:
        """Return the halt that an error causes; the reason of a generator's failure is more exact than its code."""
        return cls(getattr(error, "reason", error.code), in_one_text(error.message, error.hint))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands. `consented_at` is None until the user agreed; times are ISO 8601, UTC."""

    id: int
    created_at: str
    mode: str
    brief: Mapping[str, Any]
    generator: str
    results_folder: Path
    budget: int
    consented_at: str | None
    halt: Halt | None


_COLUMNS = "id, created_at, mode, brief, generator, results_folder, budget, consented_at, halt_reason, halt_words"


class Compositions:
    """Reads and writes batches; the jobs in them belong to `jobs` and `states`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.jobs = Jobs(database)
        self.states = JobStates(database)

    def add(self, batch: NewBatch) -> int:
        """Record a batch with its planned jobs and return its id. Nothing of it is sent before `consent`."""
        with self._database.write() as connection:
            row = connection.execute(
                "INSERT INTO batches (created_at, mode, brief, generator, results_folder, budget)"
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    now_exactly(),
                    batch.mode,
                    json.dumps(batch.brief, ensure_ascii=False),
                    batch.generator,
                    name_to_value(str(batch.results_folder)),
                    batch.budget,
                ),
            ).fetchone()
            self.states.add(int(row[0]), batch.jobs)
        return int(row[0])

    def all(self) -> list[Batch]:
        """Return every batch, newest first."""
        return [_batch(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM batches ORDER BY id DESC")]

    def batch(self, batch_id: int) -> Batch:
        """Return one batch. Raises BatchUnknown."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM batches WHERE id = ?", (batch_id,))
        if not rows:
            raise BatchUnknown(f"there is no batch {batch_id}", "`propmaster jobs` lists the batches")
        return _batch(rows[0])

    def consent(self, batch_id: int, job_ids: Sequence[int] | None = None) -> int:
        """Record that the user agreed to these planned jobs of a batch, or all; return how many may now be sent."""
        with self._database.write() as connection:
            connection.execute("UPDATE batches SET consented_at = ? WHERE id = ?", (now_exactly(), batch_id))
            return self.states.consent(batch_id, job_ids)

    def set_budget(self, batch_id: int, budget: int) -> None:
        """Set a batch's cap, in micro-USD."""
        with self._database.write() as connection:
            connection.execute("UPDATE batches SET budget = ? WHERE id = ?", (budget, batch_id))

    def halt(self, batch_id: int, halt: Halt | None) -> None:
        """Record why a batch stands still, or that it goes on."""
        values = ("", "") if halt is None else (halt.reason, halt.words)
        with self._database.write() as connection:
            connection.execute("UPDATE batches SET halt_reason = ?, halt_words = ? WHERE id = ?", (*values, batch_id))

    def repeat(self, batch_id: int, repeated: Sequence[tuple[int, NewJob]]) -> list[int]:
        """Plan jobs in place of others of the same batch, given with their ids; return the new ids in order."""
        parent_ids = [parent_id for parent_id, _ in repeated]
        return self.states.add(batch_id, [job for _, job in repeated], parent_ids)


def _batch(row: Row) -> Batch:
    return Batch(
        id=int(row[0]),
        created_at=str(row[1]),
        mode=str(row[2]),
        brief=json.loads(row[3]),
        generator=str(row[4]),
        results_folder=Path(value_to_name(row[5])),
        budget=int(row[6]),
        consented_at=row[7],
        halt=Halt(str(row[8]), str(row[9])) if row[8] else None,
    )
