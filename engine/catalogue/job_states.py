"""Changes of jobs: planned, sent, done or not, cancelled, judged.

Every change names the states it may start from, so that two who act at once cannot both succeed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from engine.catalogue.database import Database, name_to_value
from engine.catalogue.jobs import JobFailure, JobState, NewJob, Result, Verdict

_PUT = (
    "INSERT INTO jobs"
    " (batch_id, parent_id, cell, take, state, prompt, model, size, ratio, price, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)


class JobStates:
    """Writes jobs. Each method joins the transaction around it, if there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, batch_id: int, jobs: Sequence[NewJob], parent_ids: Sequence[int | None] = ()) -> list[int]:
        """Record planned jobs, each in place of its parent, and return their ids in order."""
        parents = parent_ids or [None] * len(jobs)
        with self._database.write() as connection:
            ids = []
            for job, parent_id in zip(jobs, parents, strict=True):
                place = (batch_id, parent_id, json.dumps(job.cell.choice), job.cell.take, JobState.PLANNED)
                what = (job.prompt, job.model, job.size, job.ratio, job.price, now_exactly())
                ids.append(int(connection.execute(_PUT, (*place, *what)).fetchone()[0]))
            connection.executemany(
                "INSERT INTO job_references (job_id, position, role, path, content_hash, asset_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        job_id,
                        position,
                        one.role,
                        name_to_value(str(one.path)),
                        bytes.fromhex(one.content_hash),
                        one.asset_id,
                    )
                    for job_id, job in zip(ids, jobs, strict=True)
                    for position, one in enumerate(job.references, 1)
                ],
            )
        return ids

    def consent(self, batch_id: int, job_ids: Sequence[int] | None) -> int:
        """Let these planned jobs of a batch be sent, or all of them; return how many."""
        sql = "UPDATE jobs SET state = 'waiting' WHERE batch_id = ? AND state = 'planned'"
        with self._database.write() as connection:
            if job_ids is None:
                return connection.execute(sql, (batch_id,)).rowcount
            return sum(connection.execute(f"{sql} AND id = ?", (batch_id, one)).rowcount for one in job_ids)

    def withdraw_consent(self) -> int:
        """Let no job of any batch be sent before the user agrees anew; return how many would have been."""
        with self._database.write() as connection:
            return connection.execute("UPDATE jobs SET state = 'planned' WHERE state = 'waiting'").rowcount

    def claim(self, job_id: int, result_stem: str) -> int | None:
        """Mark a waiting job as being sent and return the number of the attempt, None if it waits no more."""
        with self._database.write() as connection:
            row = connection.execute(
                "UPDATE jobs SET state = 'sending', attempts = attempts + 1, result_stem = ?, sent_at = ?,"
                " finished_at = NULL WHERE id = ? AND state = 'waiting' RETURNING attempts",
                (name_to_value(result_stem), now_exactly(), job_id),
            ).fetchone()
        return None if row is None else int(row[0])

    def rename_result(self, job_id: int, result_stem: str) -> None:
        """Record another name for the coming result: the first was taken meanwhile."""
        with self._database.write() as connection:
            connection.execute("UPDATE jobs SET result_stem = ? WHERE id = ?", (name_to_value(result_stem), job_id))

    def finish(self, job_id: int, result: Result) -> None:
        """Record the saved picture of a job that was being sent."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE jobs SET state = 'done', result_name = ?, result_hash = ?, request_id = ?, model_text = ?,"
                " failure_family = NULL, failure_reason = NULL, failure_words = NULL, failure_hint = NULL,"
                " finished_at = ? WHERE id = ? AND state = 'sending'",
                (
                    name_to_value(result.name),
                    bytes.fromhex(result.content_hash),
                    result.request_id,
                    result.model_text,
                    now_exactly(),
                    job_id,
                ),
            )

    def fail(
        self, job_id: int, state: JobState, failure: JobFailure, model_text: str = "", request_id: str = ""
    ) -> None:
        """Record why an attempt gave no picture, and what becomes of the job; it may wait for another attempt."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, failure_family = ?, failure_reason = ?, failure_words = ?,"
                " failure_hint = ?, model_text = ?, request_id = ?, finished_at = ?"
                " WHERE id = ? AND state IN ('sending', 'waiting')",
                (
                    state,
                    failure.family,
                    failure.reason,
                    failure.words,
                    failure.hint,
                    model_text,
                    request_id,
                    now_exactly(),
                    job_id,
                ),
            )

    def wait_again(self, job_ids: Sequence[int]) -> None:
        """Let failed jobs wait again."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE jobs SET state = 'waiting' WHERE id = ? AND state = 'failed'", [(one,) for one in job_ids]
            )

    def cancel(self, job_ids: Sequence[int]) -> list[int]:
        """Cancel the jobs among these that were not sent yet; return their ids."""
        with self._database.write() as connection:
            return [
                job_id
                for job_id in job_ids
                if connection.execute(
                    "UPDATE jobs SET state = 'cancelled', finished_at = ?"
                    " WHERE id = ? AND state IN ('planned', 'waiting')",
                    (now_exactly(), job_id),
                ).rowcount
            ]

    def judge(self, job_ids: Sequence[int], verdict: Verdict) -> None:
        """Pick or reject results, or take that back."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE jobs SET verdict = ? WHERE id = ? AND state = 'done'", [(verdict, one) for one in job_ids]
            )


def now_exactly() -> str:
    """Return the present moment as jobs record it: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
