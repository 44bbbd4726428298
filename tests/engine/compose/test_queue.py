from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from engine.catalogue.compositions import Halt
from engine.catalogue.jobs import Cell, Job, JobState, NewJob
from engine.compose.generators.generator import OutgoingPicture
from engine.compose.progress import BatchChanged
from engine.errors import PropmasterError
from engine.files.content import read_content
from engine.images.provenance import find_provenance
from engine.services.service import Family, ServiceFailed, Usage
from tests.engine.compose.workshop import PRICE, Workshop, told_states
from tests.helpers.scripted_generator import Behaviour, failure, lost, picture


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(tmp_path / "home")
    yield opened
    opened.close()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds in the queue's thread."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def halt_of(found: Halt | None) -> str:
    assert found is not None
    return found.reason


def test_batch_gives_every_picture_its_own_file_with_origin_and_price(workshop: Workshop) -> None:
    assert workshop.run(workshop.batch(3)) is None
    assert workshop.states() == {"done": 3}
    assert workshop.files() == ["dress-0001-01.png", "dress-0001-02.png", "dress-0001-03.png"]
    job = workshop.job("p1")
    data = (workshop.folder / "dress-0001-02.png").read_bytes()
    origin = find_provenance(data)
    assert origin is not None
    assert (origin["prompt"], origin["model"], origin["price"], origin["request_id"]) == (
        "p1",
        "model",
        PRICE,
        job.request_id,
    )
    assert origin["references"] == [{"number": 1, "role": "garment", "name": "coat.png", "hash": "ab" * 16}]
    assert str(workshop.folder) not in json.dumps(origin)
    assert job.result_hash == read_content(workshop.folder / "dress-0001-02.png", 0).hash.hex()
    assert workshop.entries() == [("settled", PRICE)] * 3
    assert told_states(workshop, job.id) == [JobState.SENDING, JobState.DONE]
    assert workshop.generator.closed == 1


def test_result_gets_the_suffix_that_its_bytes_have(workshop: Workshop, tmp_path: Path) -> None:
    Image.open(io.BytesIO(picture())).convert("RGB").save(tmp_path / "x.jpg")
    workshop.generator.will("p0", (tmp_path / "x.jpg").read_bytes())
    workshop.run(workshop.batch(1))
    assert workshop.files() == ["dress-0001-01.jpg"]
    assert find_provenance((workshop.folder / "dress-0001-01.jpg").read_bytes()) is not None


def test_existing_file_is_never_written_over(workshop: Workshop) -> None:
    (workshop.folder / "dress-0001-01.webp").write_bytes(b"mine")
    taken = workshop.folder / "dress-0001-01-2.png"
    workshop.generator.will("p0", lambda: taken.write_bytes(b"came meanwhile"))  # type: ignore[arg-type,return-value]
    workshop.run(workshop.batch(1))
    assert taken.read_bytes() == b"came meanwhile"
    assert workshop.job("p0").result_name == "dress-0001-01-3.png"


def test_further_pictures_of_a_cell_and_repeated_ones_never_want_one_name(workshop: Workshop) -> None:
    batch_id = workshop.batch(1)
    workshop.run(batch_id)
    first = workshop.job("p0")
    workshop.compositions.states.add(batch_id, [replace(_planned_again(first), cell=Cell((0,), 1))])
    workshop.compositions.repeat(batch_id, [(first.id, _planned_again(first))])
    workshop.compositions.consent(batch_id)
    workshop.run(batch_id)
    assert workshop.files() == ["dress-0001-01-2.png", "dress-0001-01.png", "dress-0001-01_2.png"]


def test_done_cells_are_never_sent_again(workshop: Workshop) -> None:
    batch_id = workshop.batch(2)
    workshop.run(batch_id)
    workshop.run(batch_id)
    assert sorted(workshop.generator.asked) == ["p0", "p1"]


def test_nothing_leaves_without_consent(workshop: Workshop) -> None:
    batch_id = workshop.batch(1)
    workshop.compositions.repeat(batch_id, [(1, _planned_again(workshop.job("p0")))])
    workshop.run(batch_id)
    assert workshop.states() == {"planned": 1}
    assert workshop.generator.asked == ["p0"]


def test_as_many_requests_are_open_as_allowed_and_no_more(workshop: Workshop) -> None:
    workshop.generator.together = 2
    workshop.run(workshop.batch(12))
    assert workshop.generator.most_open == 2


def test_batches_that_run_at_once_share_the_limit(workshop: Workshop) -> None:
    workshop.generator.together = 2
    running = [workshop.queue.start(workshop.batch(30)) for _ in range(2)]
    assert [one.result(60) for one in running] == [None, None]
    assert workshop.generator.most_open == 2


def test_no_more_requests_leave_in_a_minute_than_allowed(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "home", per_minute=3)
    workshop.run(workshop.batch(7))
    assert workshop.states() == {"done": 7}
    assert workshop.time.now == pytest.approx(1120)
    workshop.close()


def test_passing_failure_is_tried_again_with_growing_waits(workshop: Workshop) -> None:
    workshop.generator.will("p0", *[failure("server_fault")] * 3)
    workshop.run(workshop.batch(1))
    assert workshop.states() == {"done": 1}
    assert workshop.time.waits == [1.0, 2.0, 4.0]
    assert workshop.entries() == [("released", 0)] * 3 + [("settled", PRICE)]


def test_three_retries_are_the_end_and_a_stumble_gets_one(workshop: Workshop) -> None:
    workshop.generator.will("p0", *[failure("server_fault")] * 4)
    workshop.generator.will("p1", *[failure("image_other", Family.RETRY_ONCE)] * 2)
    workshop.run(workshop.batch(2))
    assert workshop.states() == {"failed": 2}
    assert sorted(workshop.generator.asked) == ["p0"] * 4 + ["p1"] * 2
    failed = workshop.job("p0").failure
    assert failed is not None
    assert (failed.family, failed.reason, failed.words, failed.hint) == (
        "retry",
        "server_fault",
        "It failed: server_fault.",
        "Do this.",
    )


def test_wait_that_the_service_asks_for_is_kept_up_to_a_minute(workshop: Workshop) -> None:
    workshop.generator.will("p0", failure("rate_limited", retry_after_s=37), failure("rate_limited", retry_after_s=500))
    workshop.run(workshop.batch(1))
    assert workshop.states() == {"done": 1}
    assert workshop.time.waits == [38.0, 61.0]


def test_service_that_had_enough_is_asked_nothing_by_any_job(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "home", concurrency=1)
    workshop.time.held = True
    for n in range(4):
        workshop.generator.will(f"p{n}", failure("rate_limited", retry_after_s=37))
    running = workshop.queue.start(workshop.batch(4))
    until(lambda: len(workshop.time.waits) == 3)
    assert len(workshop.generator.asked) == 2
    workshop.time.pass_on()
    assert running.result(30) is None
    assert workshop.states() == {"done": 4}
    workshop.close()


def test_refusal_shows_what_the_model_said_and_is_not_tried_again(workshop: Workshop) -> None:
    refused = ServiceFailed(Family.ASK, "image_safety", "It would not.", model_text="I can't.", request_id="r9")
    workshop.generator.will("p0", refused)
    workshop.run(workshop.batch(1))
    job = workshop.job("p0")
    assert (job.state, job.model_text, job.request_id) == (JobState.REFUSED, "I can't.", "r9")
    assert workshop.generator.asked == ["p0"]
    assert workshop.entries() == [("released", 0)]


def test_lost_answer_counts_as_spent_and_asks_instead_of_paying_twice(workshop: Workshop) -> None:
    workshop.generator.will("p0", lost())
    batch_id = workshop.batch(1)
    workshop.run(batch_id)
    workshop.run(batch_id)
    assert workshop.states() == {"maybe_billed": 1}
    assert workshop.generator.asked == ["p0"]
    assert workshop.entries() == [("maybe_billed", PRICE)]


def test_damaged_picture_is_not_saved_and_was_made(workshop: Workshop) -> None:
    workshop.generator.will("p0", b"\x00" * 100)
    workshop.run(workshop.batch(1))
    assert workshop.files() == []
    assert workshop.states() == {"maybe_billed": 1}


def test_answer_after_our_deadline_is_not_waited_for(workshop: Workshop) -> None:
    workshop.generator.will("p0", Behaviour.HANG)
    running = workshop.queue.start(workshop.batch(1))
    assert workshop.generator.hanging.wait(10)
    workshop.time.pass_on()
    assert running.result(30) is None
    assert workshop.job("p0").state is JobState.MAYBE_BILLED
    assert workshop.entries() == [("maybe_billed", PRICE)]


def test_job_can_be_cancelled_while_it_is_on_its_way(workshop: Workshop) -> None:
    workshop.generator.will("p0", Behaviour.HANG)
    batch_id = workshop.batch(3)
    running = workshop.queue.start(batch_id)
    assert workshop.generator.hanging.wait(10)
    workshop.queue.cancel(batch_id, [workshop.job("p0").id])
    assert running.result(30) is None
    assert workshop.states() == {"cancelled": 1, "done": 2}
    assert ("maybe_billed", PRICE) in workshop.entries()


def test_whole_batch_can_be_cancelled_at_any_moment(workshop: Workshop) -> None:
    workshop.generator.always = Behaviour.HANG
    batch_id = workshop.batch(50)
    running = workshop.queue.start(batch_id)
    assert workshop.generator.hanging.wait(10)
    workshop.queue.cancel(batch_id, [job.id for job in workshop.compositions.jobs.current(batch_id)])
    assert running.result(30) is None
    assert workshop.states() == {"cancelled": 50}
    assert len(workshop.generator.asked) <= 2
    assert len(workshop.entries()) <= 2


def test_paused_batch_lets_come_in_what_is_on_its_way_and_goes_on_later(workshop: Workshop) -> None:
    batch_id = workshop.batch(6)
    workshop.generator.will("p0", lambda: workshop.queue.pause(batch_id))
    assert halt_of(workshop.run(batch_id)) == "paused"
    assert workshop.states()["done"] >= 1
    assert workshop.states()["waiting"] >= 1
    assert workshop.compositions.batch(batch_id).halt is not None
    assert workshop.run(batch_id) is None
    assert workshop.states() == {"done": 6}
    assert sorted(workshop.generator.asked) == [f"p{n}" for n in range(6)]


def test_pause_that_comes_before_the_run_begins_is_kept(workshop: Workshop) -> None:
    batch_id = workshop.batch(6)
    begun, go_on = threading.Event(), threading.Event()

    def hold_up() -> None:
        begun.set()
        assert go_on.wait(10)

    workshop.queue._loop.call_soon_threadsafe(hold_up)
    assert begun.wait(10)
    run = workshop.queue.start(batch_id)
    workshop.queue.pause(batch_id)
    go_on.set()
    assert halt_of(run.result(10)) == "paused"
    assert workshop.generator.asked == []


def test_jobs_that_join_a_running_batch_are_sent_before_it_ends(workshop: Workshop) -> None:
    batch_id = workshop.batch(1)
    more: list[int] = []

    def join() -> None:
        more.extend(workshop.compositions.states.add(batch_id, [_planned_again(workshop.job("p0"))]))
        workshop.compositions.consent(batch_id, more)
        workshop.queue.start(batch_id)

    workshop.generator.will("p0", join)
    assert workshop.run(batch_id) is None
    assert workshop.states() == {"done": 2}


def test_consent_to_some_jobs_is_none_to_others(workshop: Workshop) -> None:
    batch_id = workshop.batch(1)
    first, _second = workshop.compositions.states.add(batch_id, [_planned_again(workshop.job("p0"))] * 2)
    assert workshop.compositions.consent(batch_id, [first]) == 1
    workshop.run(batch_id)
    assert workshop.states() == {"done": 2, "planned": 1}


def test_pause_that_comes_with_the_last_picture_leaves_nothing_to_resume(workshop: Workshop) -> None:
    batch_id = workshop.batch(1)
    workshop.generator.will("p0", lambda: workshop.queue.pause(batch_id))
    assert workshop.run(batch_id) is None
    assert workshop.states() == {"done": 1}


def test_closing_gives_up_what_does_not_come_in_and_asks(workshop: Workshop) -> None:
    workshop.generator.will("p0", Behaviour.HANG)
    workshop.queue.start(workshop.batch(1))
    assert workshop.generator.hanging.wait(10)
    workshop.queue.close(grace_s=0)
    assert workshop.states() == {"maybe_billed": 1}


@pytest.mark.parametrize("reason", ["bad_key", "missing_key", "quota_used_up", "model_gone"])
def test_batch_halts_at_once_where_every_job_would_fail_alike(workshop: Workshop, reason: str) -> None:
    workshop.generator.always = failure(reason, Family.ASK)
    batch_id = workshop.batch(100)
    assert halt_of(workshop.run(batch_id)) == reason
    assert len(workshop.generator.asked) <= 2
    assert workshop.states() == {"waiting": 100}
    assert workshop.compositions.batch(batch_id).halt == Halt(reason, f"It failed: {reason}. Do this.")
    workshop.generator.always = None
    assert workshop.run(batch_id) is None
    assert workshop.states() == {"done": 100}
    assert workshop.compositions.batch(batch_id).halt is None


def test_batch_without_network_halts_and_says_so_instead_of_burning_through(workshop: Workshop) -> None:
    workshop.generator.always = failure("unreachable")
    batch_id = workshop.batch(100)
    halt = workshop.run(batch_id)
    assert halt_of(halt) == "unreachable"
    assert "5 jobs in a row failed for the same reason. It failed: unreachable." in halt.words  # type: ignore[union-attr]
    assert len(workshop.generator.asked) <= 4 * 8
    workshop.generator.always = None
    assert workshop.run(batch_id) is None
    assert workshop.states() == {"done": 100}
    assert {state for state, amount in workshop.entries() if amount == 0} == {"released"}


def test_different_failures_in_a_row_do_not_halt(workshop: Workshop) -> None:
    for n in range(12):
        workshop.generator.will(f"p{n}", failure(f"reason_{n % 3}", Family.GIVE_UP))
    assert workshop.run(workshop.batch(12)) is None
    assert workshop.states() == {"failed": 12}


def test_budget_of_the_batch_holds_to_the_picture_and_can_be_raised(workshop: Workshop) -> None:
    batch_id = workshop.batch(10, budget=4 * PRICE)
    assert halt_of(workshop.run(batch_id)) == "budget_exceeded"
    assert workshop.states() == {"done": 4, "waiting": 6}
    workshop.compositions.set_budget(batch_id, 10 * PRICE)
    assert workshop.run(batch_id) is None
    assert workshop.catalogue.ledger.spent_by(batch_id) == 10 * PRICE


def test_budget_of_the_day_holds_over_batches(workshop: Workshop) -> None:
    workshop.day_cap = 5 * PRICE
    assert workshop.run(workshop.batch(3)) is None
    assert halt_of(workshop.run(workshop.batch(3))) == "budget_exceeded"
    assert len(workshop.generator.asked) == 5


def test_results_folder_that_went_away_halts_before_anything_is_paid(workshop: Workshop) -> None:
    batch_id = workshop.batch(3)
    workshop.folder.rmdir()
    assert halt_of(workshop.run(batch_id)) == "results_folder_unusable"
    assert workshop.generator.asked == []
    workshop.folder.mkdir()
    assert workshop.run(batch_id) is None
    assert workshop.states() == {"done": 3}


def test_picture_that_the_folder_could_not_take_is_kept_and_saved_when_it_can(
    workshop: Workshop, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    batch_id = workshop.batch(1)
    workshop.generator.will("p0", lambda: workshop.folder.rename(away))  # type: ignore[arg-type,return-value]
    assert halt_of(workshop.run(batch_id)) == "results_folder_unusable"
    assert halt_of(workshop.run(batch_id)) == "results_folder_unusable"
    away.rename(workshop.folder)
    assert workshop.run(batch_id) is None
    assert workshop.generator.asked == ["p0"]
    assert workshop.files() == ["dress-0001-01.png"]
    assert workshop.entries() == [("settled", PRICE)]
    assert not list((tmp_path / "home" / "kept").iterdir())


def test_reference_that_may_not_be_sent_any_more_fails_its_job_alone(workshop: Workshop) -> None:
    def guarded(job: Job) -> tuple[OutgoingPicture, ...]:
        if job.prompt == "p1":
            raise PropmasterError("coat.png is marked never send", "choose another")
        return ()

    workshop.pictures_of = guarded
    assert workshop.run(workshop.batch(3)) is None
    assert workshop.states() == {"done": 2, "failed": 1}
    assert sorted(workshop.generator.asked) == ["p0", "p2"]
    assert len(workshop.entries()) == 2


def test_bug_in_a_generator_costs_one_job_and_writes_down_no_secret(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    workshop.generator.will("p0", Behaviour.BUG)
    assert workshop.run(workshop.batch(2)) is None
    assert workshop.states() == {"done": 1, "maybe_billed": 1}
    assert "ZeroDivisionError" in caplog.text
    assert "AIza" not in caplog.text
    assert "AIza" not in str(workshop.job("p0"))


def test_watchers_are_told_when_a_batch_begins_and_why_it_ends(workshop: Workshop) -> None:
    workshop.generator.always = failure("bad_key", Family.ASK)
    workshop.run(workshop.batch(2))
    first, last = [one for one in workshop.told if isinstance(one, BatchChanged)]
    assert (first.running, first.counts, first.halt) == (True, {JobState.WAITING: 2}, None)
    assert (last.running, last.halt) == (False, Halt("bad_key", "It failed: bad_key. Do this."))


def _planned_again(job: Job) -> NewJob:
    return NewJob(job.cell, job.prompt, job.model, job.size, job.ratio, job.price, job.references)


def test_what_an_answer_counts_is_booked_in_place_of_what_was_held(workshop: Workshop) -> None:
    workshop.cost_of = lambda usage: usage.output_tokens
    refused = failure("text_only", Family.ASK)
    refused.usage = Usage(300, 40, 40)
    workshop.generator.will("p1", refused)
    workshop.run(workshop.batch(2))
    assert workshop.states() == {"done": 1, "refused": 1}
    assert sorted(workshop.entries()) == [("settled", 40), ("settled", 1120)]
