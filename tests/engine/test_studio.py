from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.jobs import JobState, Verdict
from engine.catalogue.ledger import dollars, today
from engine.compose.booking import Booking
from engine.compose.brief import Brief, Element, Mode
from engine.compose.generators.generator import Role
from engine.compose.plan import Plan
from engine.errors import BudgetExceeded, JobUnknown, LibraryBusy
from engine.indexing.control import Control
from engine.library import Access, Library
from engine.services.service import Family
from engine.settings import Settings, change_settings, load_settings
from tests.helpers.drawing import draw
from tests.helpers.scripted_generator import Behaviour, ScriptedGenerator, failure, lost

HATS = 3
PRICE = 900 * 1.5 + 1120 * 30
"""What the scripted answers count, at the default model's prices, in micro-USD."""


@pytest.fixture(autouse=True)
def generator(monkeypatch: pytest.MonkeyPatch) -> ScriptedGenerator:
    made = ScriptedGenerator()
    monkeypatch.setattr("engine.library.make_ready", lambda *_: lambda: made)
    return made


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    art = tmp_path / "art"
    art.mkdir()
    for seed in range(HATS + 1):
        draw(art / f"{seed}.png", seed)
    with Library(tmp_path / "home", settings=Settings(requests_at_once=2)) as opened:
        opened.list_folders([opened.add_folder(art)], Control())
        yield opened


def plan(library: Library, hats: int = HATS) -> Plan:
    """Plan one person in several hats."""
    files = [folder.folder.path / f"{n}.png" for folder in library.folders() for n in range(HATS + 1)][: HATS + 1]
    person, *garments = library.composer.references.of_files(files)
    groups = (
        ((Element(Role.PERSON, reference=person),),),
        tuple((Element(Role.GARMENT, reference=one),) for one in garments[:hats]),
    )
    return library.composer.plan(Brief(Mode.DRESS, "a hat", groups))


def made(library: Library, hats: int = HATS) -> int:
    """Run a whole batch and return its id."""
    batch_id = library.studio.add(plan(library, hats))
    library.studio.consent(batch_id)
    library.studio.start(batch_id).result(60)
    return batch_id


def asset_at(library: Library, path: Path) -> int:
    (found,) = library.browser.lying_at([path])
    return found.asset.id


def states(library: Library, batch_id: int) -> dict[str, int]:
    return {state.value: count for state, count in library.studio.batch(batch_id).counts.items()}


def test_plan_becomes_pictures_in_a_watched_folder(library: Library, tmp_path: Path) -> None:
    batch_id = made(library)
    folder = tmp_path / "home" / "compositions"
    assert states(library, batch_id) == {"done": HATS}
    assert sorted(path.name for path in folder.iterdir()) == [f"dress-0001-01x0{n}.png" for n in (1, 2, 3)]
    assert folder in [status.folder.path for status in library.folders()]
    assert library.studio.batch(batch_id).spent == HATS * PRICE
    assert library.studio.accounts.budget().spent_today == HATS * PRICE


def test_nothing_is_sent_without_consent(library: Library, generator: ScriptedGenerator) -> None:
    batch_id = library.studio.add(plan(library))
    library.studio.start(batch_id).result(60)
    assert states(library, batch_id) == {"planned": HATS}
    assert generator.asked == []


def test_lineage_leads_from_result_to_references_and_back(library: Library) -> None:
    batch_id = made(library, hats=1)
    folder = next(status.folder for status in library.folders() if status.folder.path.name == "compositions")
    art = next(status.folder for status in library.folders() if status.folder.path.name == "art")
    library.list_folders([folder], Control())
    library.index_pending(Control(), lambda _progress: None)
    (job,) = library.studio.jobs(batch_id)
    result = asset_at(library, folder.path / (job.result_name or ""))
    person = asset_at(library, art.path / "0.png")
    assert [one.id for one in library.studio.made_from(result)] == [job.id]
    assert [one.id for one in library.studio.used_in(person)] == [job.id]
    assert [(one.role, one.path.name) for one in job.references] == [("person", "0.png"), ("garment", "1.png")]


def test_refused_jobs_are_asked_again_in_other_words_after_consent(
    library: Library, generator: ScriptedGenerator
) -> None:
    generator.always = failure("image_safety", Family.ASK)
    batch_id = made(library)
    assert states(library, batch_id) == {"refused": HATS}
    generator.always = None
    refused = [job.id for job in library.studio.jobs(batch_id, [JobState.REFUSED])]
    library.studio.redo(refused, lambda prompt: f"{prompt} Keep it modest.")
    library.studio.start(batch_id).result(60)
    assert states(library, batch_id) == {"planned": HATS}
    library.studio.consent(batch_id)
    library.studio.start(batch_id).result(60)
    assert states(library, batch_id) == {"done": HATS}
    assert all(prompt.endswith("Keep it modest.") for prompt in generator.asked[-HATS:])
    assert [job.parent_id for job in library.studio.jobs(batch_id)] == refused


def test_repeated_result_stays_beside_the_new_one(library: Library) -> None:
    batch_id = made(library, hats=1)
    (first,) = library.studio.jobs(batch_id)
    library.studio.redo([first.id])
    library.studio.consent(batch_id)
    library.studio.start(batch_id).result(60)
    (second,) = library.studio.jobs(batch_id)
    folder = library.studio.batch(batch_id).batch.results_folder
    assert {path.name for path in folder.iterdir()} == {first.result_name, second.result_name}
    with pytest.raises(JobUnknown):
        library.studio.redo([first.id])


def test_batch_is_cancelled_whole_and_what_is_on_its_way_may_be_billed(
    library: Library, generator: ScriptedGenerator
) -> None:
    generator.always = Behaviour.HANG
    batch_id = library.studio.add(plan(library))
    library.studio.consent(batch_id)
    running = library.studio.start(batch_id)
    assert generator.hanging.wait(30)
    library.studio.cancel(batch_id)
    running.result(60)
    assert states(library, batch_id) == {"cancelled": HATS}


def test_reader_cancels_what_the_writer_has_not_sent(library: Library, tmp_path: Path) -> None:
    batch_id = library.studio.add(plan(library))
    library.studio.consent(batch_id)
    with Library(tmp_path / "home", Access.READ) as reader:
        assert reader.studio.cancel(batch_id) == HATS
        with pytest.raises(LibraryBusy):
            reader.studio.start(batch_id)
    assert states(library, batch_id) == {"cancelled": HATS}


def test_picture_marked_never_send_after_planning_is_not_sent(library: Library, generator: ScriptedGenerator) -> None:
    batch_id = library.studio.add(plan(library))
    library.studio.consent(batch_id)
    library.index_pending(Control(), lambda _progress: None)
    art = next(status.folder.path for status in library.folders() if status.folder.path.name == "art")
    library.browser.set_never_send([asset_at(library, art / "1.png")], True)
    library.studio.start(batch_id).result(60)
    assert states(library, batch_id) == {"done": HATS - 1, "failed": 1}
    (kept,) = library.studio.jobs(batch_id, [JobState.FAILED])
    assert kept.failure is not None
    assert "never send" in kept.failure.words
    assert len(generator.asked) == HATS - 1


def test_plan_that_the_batch_budget_cannot_pay_is_refused_before_it_begins(library: Library) -> None:
    dear = plan(library)
    with pytest.raises(BudgetExceeded) as told:
        library.studio.add(dear, budget=dear.price - 1)
    assert dollars(dear.price) in told.value.message
    assert library.studio.batches() == []


def test_budget_of_the_day_is_set_for_now_and_later(library: Library, tmp_path: Path) -> None:
    library.studio.accounts.set_budget(day_cents=4)
    batch_id = made(library)
    assert states(library, batch_id) == {"done": 1, "waiting": HATS - 1}
    halt = library.studio.batch(batch_id).batch.halt
    assert halt is not None
    assert halt.reason == "budget_exceeded"
    assert load_settings(tmp_path / "home", {}).budget_day_cents == 4


def test_disclosure_names_every_picture_and_no_path(library: Library, tmp_path: Path) -> None:
    batch_id = made(library)
    written = library.studio.write_disclosure(batch_id).read_text("utf-8")
    told = json.loads(written)
    assert len(told["pictures"]) == HATS
    assert told["pictures"][0]["references"][0]["name"] == "0.png"
    assert "compositeWithTrainedAlgorithmicMedia" in told["pictures"][0]["source_type"]
    assert str(tmp_path) not in written


def test_job_that_a_kill_cut_off_is_found_when_the_library_opens(library: Library, tmp_path: Path) -> None:
    batch_id = library.studio.add(plan(library, hats=1))
    library.studio.consent(batch_id)
    (job,) = library.studio.jobs(batch_id)
    library.close()
    catalogue = Catalogue(tmp_path / "home")
    booking = Booking(catalogue.database, catalogue.compositions, catalogue.ledger, today)
    assert booking.begin(job, job.price, "stem") == 1
    catalogue.close()
    with Library(tmp_path / "home", Access.READ) as reader:
        assert states(reader, batch_id) == {"sending": 1}
    with Library(tmp_path / "home") as reopened:
        assert states(reopened, batch_id) == {"maybe_billed": 1}
        assert reopened.studio.batch(batch_id).spent == job.price


def test_results_are_picked(library: Library) -> None:
    batch_id = made(library, hats=1)
    (job,) = library.studio.jobs(batch_id)
    library.studio.judge([job.id], Verdict.PICKED)
    assert library.studio.jobs(batch_id)[0].verdict is Verdict.PICKED


def test_lost_answers_are_asked_for_and_counted(library: Library, generator: ScriptedGenerator) -> None:
    generator.always = lost()
    batch_id = made(library, hats=1)
    assert states(library, batch_id) == {"maybe_billed": 1}
    (day,), (job,) = library.studio.accounts.days(), library.studio.jobs(batch_id)
    assert (day.amount, day.maybe_billed) == (job.price, job.price)


def test_another_pace_holds_for_the_next_batch(library: Library, generator: ScriptedGenerator) -> None:
    made(library)
    change_settings(library.home, {"requests_at_once": "1", "requests_per_minute": "1"})
    library.take_up_settings()
    batch_id = library.studio.add(plan(library, 2))
    library.studio.consent(batch_id)
    running = library.studio.start(batch_id)
    while len(generator.asked) == HATS:
        wait([running], 0.01)
    library.studio.pause(batch_id)
    halt = running.result()
    assert halt is not None
    assert (halt.reason, len(generator.asked)) == ("paused", HATS + 1)


def test_what_was_agreed_to_is_sent_pixel_for_pixel_whatever_the_settings_say_later(
    tmp_path: Path, generator: ScriptedGenerator
) -> None:
    home, large = tmp_path / "home", draw(tmp_path / "large.png", 5, (2000, 1000))
    with Library(home) as library:
        (reference,) = library.composer.references.of_files([large])
        brief = Brief(Mode.PROP, "a crown", (((Element(Role.PROP, reference=reference),),),))
        shown = library.composer.pictures.encoded(reference)
        batch_id = library.studio.add(library.composer.plan(brief))
        library.studio.consent(batch_id)
    change_settings(home, {"outgoing_edge": "300", "outgoing_quality": "40"})
    with Library(home) as library:
        assert library.composer.pictures.encoded(reference).width == 300
        library.studio.start(batch_id).result()
    ((picture,),) = [one.pictures for one in generator.sent]
    assert picture.data == shown.data
