from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.compositions import Halt, NewBatch
from engine.catalogue.jobs import Cell, JobFailure, JobReference, JobState, NewJob, Result, Verdict
from engine.errors import BatchUnknown

DRESS = JobReference("garment", Path("/art/kleid 红.png"), "ab" * 16, 7)
MODEL = JobReference("person", Path("/elsewhere/model.png"), "cd" * 16)
REFUSAL = JobFailure("ask", "image_safety", "It would not.", "Choose other words.")


def new_job(column: int, *references: JobReference) -> NewJob:
    return NewJob(Cell((0, column)), f"prompt {column}", "model", "1K", "3:4", 33_600, references)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path)
    jobs = (new_job(0, MODEL, DRESS), new_job(1, MODEL), new_job(2))
    opened.compositions.add(NewBatch("dress", {"text": "雨衣"}, "fake", tmp_path / "out", 5_000_000, jobs))
    yield opened
    opened.close()


def done(catalogue: Catalogue, job_id: int, content_hash: str) -> None:
    assert catalogue.compositions.states.claim(job_id, f"stem-{job_id}") is not None
    catalogue.compositions.states.finish(job_id, Result(f"stem-{job_id}.png", content_hash, "req-1", "Here it is."))


def test_batch_and_jobs_come_back_as_they_were_planned(catalogue: Catalogue, tmp_path: Path) -> None:
    batch = catalogue.compositions.batch(1)
    assert (batch.mode, batch.brief, batch.results_folder) == ("dress", {"text": "雨衣"}, tmp_path / "out")
    assert batch.consented_at is None
    jobs = catalogue.compositions.jobs.current(1)
    assert [(job.cell, job.state, job.references) for job in jobs] == [
        (Cell((0, 0)), JobState.PLANNED, (MODEL, DRESS)),
        (Cell((0, 1)), JobState.PLANNED, (MODEL,)),
        (Cell((0, 2)), JobState.PLANNED, ()),
    ]


def test_nothing_can_be_claimed_before_consent_nor_twice_after_it(catalogue: Catalogue) -> None:
    assert catalogue.compositions.states.claim(1, "stem") is None
    assert catalogue.compositions.consent(1) == 3
    assert catalogue.compositions.batch(1).consented_at is not None
    assert catalogue.compositions.states.claim(1, "stem") == 1
    assert catalogue.compositions.states.claim(1, "stem") is None
    assert [job.id for job in catalogue.compositions.jobs.left_sending()] == [1]


def test_cancelling_leaves_what_is_being_sent_or_done_alone(catalogue: Catalogue) -> None:
    catalogue.compositions.consent(1)
    done(catalogue, 1, "ee" * 16)
    catalogue.compositions.states.claim(2, "stem")
    assert catalogue.compositions.states.cancel([1, 2, 3]) == [3]
    assert catalogue.compositions.jobs.counts(1) == {JobState.DONE: 1, JobState.SENDING: 1, JobState.CANCELLED: 1}


def test_repeated_job_takes_the_place_of_its_parent_and_asks_again(catalogue: Catalogue) -> None:
    catalogue.compositions.consent(1)
    catalogue.compositions.states.claim(1, "stem")
    catalogue.compositions.states.fail(1, JobState.REFUSED, REFUSAL, model_text="No.")
    (again,) = catalogue.compositions.repeat(1, [(1, replace(new_job(0, MODEL, DRESS), prompt="other words"))])
    current = {job.cell: job for job in catalogue.compositions.jobs.current(1)}
    assert len(current) == 3
    assert (current[Cell((0, 0))].id, current[Cell((0, 0))].parent_id) == (again, 1)
    assert (current[Cell((0, 0))].state, current[Cell((0, 0))].prompt) == (JobState.PLANNED, "other words")
    refused = catalogue.compositions.jobs.find(1)
    assert refused is not None
    assert (refused.failure, refused.model_text) == (REFUSAL, "No.")


def test_lineage_is_found_from_both_ends_by_content(catalogue: Catalogue) -> None:
    catalogue.compositions.consent(1)
    done(catalogue, 1, "ee" * 16)
    (made,) = catalogue.compositions.jobs.that_made("ee" * 16)
    assert made.references == (MODEL, DRESS)
    assert (made.result_name, made.request_id, made.model_text) == ("stem-1.png", "req-1", "Here it is.")
    assert [job.id for job in catalogue.compositions.jobs.that_used(MODEL.content_hash)] == [2, 1]
    assert [job.id for job in catalogue.compositions.jobs.that_used(DRESS.content_hash)] == [1]


def test_only_results_are_judged(catalogue: Catalogue) -> None:
    catalogue.compositions.consent(1)
    done(catalogue, 1, "ee" * 16)
    catalogue.compositions.states.judge([1, 2], Verdict.PICKED)
    jobs = catalogue.compositions.jobs.current(1)
    assert [job.verdict for job in jobs] == [Verdict.PICKED, Verdict.NONE, Verdict.NONE]


def test_batch_remembers_why_it_stands_still(catalogue: Catalogue) -> None:
    halt = Halt("bad_key", "The key is not accepted.")
    catalogue.compositions.halt(1, halt)
    assert catalogue.compositions.batch(1).halt == halt
    catalogue.compositions.halt(1, None)
    assert catalogue.compositions.batch(1).halt is None


def test_unknown_batch_says_where_to_look(catalogue: Catalogue) -> None:
    with pytest.raises(BatchUnknown) as told:
        catalogue.compositions.batch(99)
    assert "propmaster jobs" in told.value.hint
