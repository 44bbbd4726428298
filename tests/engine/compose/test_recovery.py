"""What a kill can leave behind, at each step of a job, and what the next start makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.catalogue.jobs import Job, JobState
from engine.catalogue.ledger import Bill
from engine.compose.generators.generator import GeneratedPicture
from engine.errors import ResultsFolderUnusable
from tests.engine.compose.workshop import PRICE, Workshop, told_states
from tests.helpers.scripted_generator import picture

ANSWER = GeneratedPicture(picture(), "Here it is.", "req-1")


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(tmp_path / "home")
    yield opened
    opened.close()


def begun(workshop: Workshop, *, price: int = PRICE) -> Job:
    """Take a job to the moment at which its request leaves."""
    batch_id = workshop.batch(1, price=price)
    job = workshop.job("p0")
    stem = workshop.saver.stem_for(workshop.compositions.batch(batch_id), job)
    assert workshop.booking.begin(job, workshop.day_cap, stem) == 1
    return workshop.job("p0")


def saved(workshop: Workshop, job: Job) -> Path:
    """Save a job's picture as the queue does, without marking it done."""
    result = workshop.saver.save(
        workshop.compositions.batch(job.batch_id), job, ANSWER, Bill(PRICE, request_id="req-1")
    )
    return workshop.folder / result.name


def require_done(workshop: Workshop) -> None:
    job = workshop.job("p0")
    assert (job.state, job.result_name, job.request_id) == (JobState.DONE, "dress-0001-01.png", "req-1")
    assert workshop.files() == ["dress-0001-01.png"]
    assert workshop.entries() == [("settled", PRICE)]


def require_asked(workshop: Workshop) -> None:
    job = workshop.job("p0")
    assert job.state is JobState.MAYBE_BILLED
    assert job.failure is not None
    assert "billed" in job.failure.words
    assert workshop.entries() == [("maybe_billed", PRICE)]


def test_kill_before_or_after_the_request_left_asks(workshop: Workshop) -> None:
    begun(workshop)
    assert [job.state for job in workshop.recover()] == [JobState.MAYBE_BILLED]
    require_asked(workshop)
    workshop.run(1)
    assert workshop.generator.asked == []


def test_kill_between_picture_and_mark_loses_neither(workshop: Workshop) -> None:
    saved(workshop, begun(workshop))
    workshop.recover()
    require_done(workshop)


def test_kill_between_writing_and_naming_the_picture_loses_nothing(workshop: Workshop) -> None:
    path = saved(workshop, begun(workshop))
    path.rename(path.with_name(f".{path.name}.part"))
    workshop.recover()
    require_done(workshop)


def test_kill_after_naming_leaves_no_second_name(workshop: Workshop) -> None:
    path = saved(workshop, begun(workshop))
    path.with_name(f".{path.name}.part").write_bytes(path.read_bytes())
    workshop.recover()
    require_done(workshop)


def test_kill_while_the_picture_is_written_asks_and_cleans_up(workshop: Workshop) -> None:
    path = saved(workshop, begun(workshop))
    path.with_name(f".{path.name}.part").write_bytes(path.read_bytes()[:-40])
    path.unlink()
    workshop.recover()
    require_asked(workshop)
    assert workshop.files() == []


def test_file_of_another_origin_is_neither_taken_nor_touched(workshop: Workshop) -> None:
    job = begun(workshop)
    foreign = workshop.folder / f"{job.result_stem}.png"
    foreign.write_bytes(picture(1))
    workshop.recover()
    require_asked(workshop)
    assert foreign.read_bytes() == picture(1)


def test_picture_of_an_earlier_attempt_is_not_taken_for_this_one(workshop: Workshop) -> None:
    job = begun(workshop)
    path = saved(workshop, job)
    with workshop.catalogue.database.write() as connection:
        connection.execute("UPDATE jobs SET attempts = 2")
        connection.execute("UPDATE ledger SET attempt = 2")
    workshop.recover()
    require_asked(workshop)
    assert path.exists()


def test_what_costs_nothing_is_simply_made_again(workshop: Workshop) -> None:
    begun(workshop, price=0)
    workshop.recover()
    assert workshop.states() == {"waiting": 1}
    workshop.run(1)
    assert workshop.states() == {"done": 1}


def test_job_whose_folder_is_away_waits_for_it(workshop: Workshop, tmp_path: Path) -> None:
    saved(workshop, begun(workshop))
    workshop.folder.rename(tmp_path / "away")
    with pytest.raises(ResultsFolderUnusable):
        workshop.recover()
    assert workshop.states() == {"sending": 1}
    (tmp_path / "away").rename(workshop.folder)
    workshop.recover()
    require_done(workshop)


def test_resuming_a_batch_looks_after_what_was_cut_off_and_tells_of_it(workshop: Workshop) -> None:
    job = begun(workshop)
    saved(workshop, job)
    assert workshop.run(1) is None
    require_done(workshop)
    assert told_states(workshop, job.id) == [JobState.DONE]
    assert workshop.generator.asked == []
