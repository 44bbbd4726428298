"""`propmaster jobs`, `ledger` and `budget` over batches that the offline generator made."""

from __future__ import annotations

import csv
import io
import os
import signal
import time
from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.compose.brief import Brief, Element, Mode
from engine.compose.generators.generator import Role
from engine.library import Library
from engine.services.service import Family
from tests.engine.cli.conftest import Propmaster
from tests.helpers.scripted_generator import ScriptedGenerator, failure, lost

PRICE_USD = 0.03495


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ScriptedGenerator:
    made = ScriptedGenerator()
    monkeypatch.setattr("engine.library.make_ready", lambda *_: lambda: made)
    return made


@pytest.fixture
def batch(generator: ScriptedGenerator, tmp_path: Path, art: Path) -> int:
    """A planned batch of two pictures that the user agreed to; nothing is sent yet."""
    assert generator.asked == []
    with Library(tmp_path / "home") as library:
        person, hat, sword = library.composer.references.of_files(sorted(art.rglob("*.png")))
        groups = (
            ((Element(Role.PERSON, reference=person),),),
            tuple((Element(Role.GARMENT, reference=one),) for one in (hat, sword)),
        )
        batch_id = library.studio.add(library.composer.plan(Brief(Mode.DRESS, "wear it", groups)))
        library.studio.consent(batch_id)
    return batch_id


def test_resume_makes_what_waits_and_lists_the_pictures(propmaster: Propmaster, batch: int) -> None:
    run = propmaster("jobs", "resume", str(batch), "--json")
    assert run.status == 0
    assert run.document["counts"] == {"done": 2}
    assert all(Path(job["picture"]).exists() for job in run.document["jobs"])
    (listed,) = propmaster("jobs", "--json").document
    assert (listed["batch"], listed["counts"], listed["usd_spent"]) == (batch, {"done": 2}, 2 * PRICE_USD)
    assert "2 done" in propmaster("jobs").out
    assert "dress-0001-01x01.png" in propmaster("jobs", "list", str(batch)).out


def _cancelled(library: Library, batch: int) -> list[int]:
    library.studio.cancel(batch)
    return [job.id for job in library.studio.jobs(batch)]


def test_status_is_1_unless_each_job_gave_a_picture(
    propmaster: Propmaster, batch: int, generator: ScriptedGenerator
) -> None:
    generator.always = failure("image_safety", Family.ASK)
    run = propmaster("jobs", "resume", str(batch))
    assert run.status == 1
    assert "It failed: image_safety. Do this." in run.out
    assert "jobs redo 1 --refused --failed" in run.out


def test_ctrl_c_lets_come_in_what_is_on_its_way_and_resume_goes_on(
    propmaster: Propmaster, batch: int, generator: ScriptedGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press_ctrl_c() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            time.sleep(0.001)

    monkeypatch.setenv("PROPMASTER_REQUESTS_AT_ONCE", "1")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    generator.always = press_ctrl_c
    run = propmaster("jobs", "resume", str(batch), "--json")
    assert signal.signal(signal.SIGINT, before) is signal.SIG_IGN
    assert run.status == 130
    assert run.document["counts"] == {"done": 1, "waiting": 1}
    generator.always = None
    assert propmaster("jobs", "resume", str(batch)).status == 0
    assert len(generator.asked) == 2


def test_redo_needs_consent_and_takes_other_words(
    propmaster: Propmaster, batch: int, generator: ScriptedGenerator
) -> None:
    generator.always = failure("image_safety", Family.ASK)
    propmaster("jobs", "resume", str(batch))
    generator.always = None
    asked = propmaster("jobs", "redo", str(batch), "--refused", "--json")
    assert (asked.status, asked.document["error"]) == (1, "consent_missing")
    assert len(generator.asked) == 2
    again = propmaster("jobs", "redo", str(batch), "--refused", "--wording", "Keep it modest.", "--yes", "--json")
    assert again.status == 0
    assert again.document["counts"] == {"done": 2}
    assert all(prompt.endswith("Keep it modest.") for prompt in generator.asked[2:])


def test_redo_of_lost_answers_says_that_they_may_cost_twice(
    propmaster: Propmaster, batch: int, generator: ScriptedGenerator
) -> None:
    generator.always = lost()
    assert "may cost twice" in propmaster("jobs", "resume", str(batch)).out
    generator.always = None
    run = propmaster("jobs", "redo", str(batch), "--maybe-billed", "--yes")
    assert run.status == 0
    assert "2 of them may be billed already" in run.err


def test_redo_without_any_job_says_how_to_choose(propmaster: Propmaster, batch: int) -> None:
    run = propmaster("jobs", "redo", str(batch), "--yes", "--json")
    assert (run.status, run.document["error"]) == (1, "job_unknown")
    assert "refused, failed or maybe billed" in run.document["hint"]


def test_batch_without_consent_asks_when_it_is_resumed(
    propmaster: Propmaster, batch: int, generator: ScriptedGenerator, tmp_path: Path
) -> None:
    with Library(tmp_path / "home") as library:
        library.studio.redo(_cancelled(library, batch))
    refused = propmaster("jobs", "resume", str(batch), "--json")
    assert (refused.status, refused.document["error"]) == (1, "consent_missing")
    assert generator.asked == []
    assert propmaster("jobs", "resume", str(batch), "--yes").status == 0
    assert len(generator.asked) == 2


def test_restored_backup_sends_nothing_that_may_have_been_made_since(
    propmaster: Propmaster, batch: int, generator: ScriptedGenerator, tmp_path: Path
) -> None:
    catalogue = Catalogue(tmp_path / "home")
    catalogue.database.backup()
    catalogue.close()
    propmaster("jobs", "resume", str(batch))
    assert len(generator.asked) == 2
    restored = propmaster("doctor", "--restore")
    assert "2 pictures that were to be composed wait for your consent anew" in restored.err
    assert propmaster("jobs", "resume", str(batch)).status == 1
    assert len(generator.asked) == 2


def test_cancel_leaves_nothing_to_send(propmaster: Propmaster, batch: int, generator: ScriptedGenerator) -> None:
    assert propmaster("jobs", "cancel", str(batch), "--json").document == {"batch": batch, "cancelled": 2}
    assert propmaster("jobs", "resume", str(batch), "--json").status == 1
    assert generator.asked == []


def test_picks_are_exported_and_disclosed(propmaster: Propmaster, batch: int, tmp_path: Path) -> None:
    jobs = propmaster("jobs", "resume", str(batch), "--json").document["jobs"]
    propmaster("jobs", "pick", str(batch), "--job", str(jobs[0]["job"]))
    listed = propmaster("jobs", "list", str(batch), "--json").document["jobs"]
    assert [job["verdict"] for job in listed] == ["picked", None]
    exported = propmaster("jobs", "export", str(batch), tmp_path / "picks", "--cut-ground", "--json").document
    assert [Path(one).parent for one in exported["files"]] == [tmp_path / "picks"]
    assert exported["uncut"] == [jobs[0]["job"]]
    assert Path(propmaster("jobs", "disclose", str(batch), "--json").document["file"]).exists()


def test_ledger_shows_days_and_exports_every_request(propmaster: Propmaster, batch: int, tmp_path: Path) -> None:
    propmaster("jobs", "resume", str(batch))
    entries = propmaster("ledger", "--json").document
    assert [(one["state"], one["usd_counted"], one["output_tokens"]) for one in entries] == [
        ("settled", PRICE_USD, 1120)
    ] * 2
    assert "2 requests  $0.0699 (¥" in propmaster("ledger").out
    assert propmaster("ledger", "--csv", tmp_path / "ledger.csv").status == 0
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        assert [row["usd_counted"] for row in csv.DictReader(file)] == ["0.034950"] * 2
    assert propmaster("ledger", "--csv", tmp_path / "no" / "l.csv", "--json").document["error"] == "file_unwritable"
    printed = propmaster("ledger", "--csv", "-").out
    assert len(list(csv.DictReader(io.StringIO(printed)))) == 2


def test_budget_is_set_shown_and_kept(propmaster: Propmaster, batch: int) -> None:
    assert propmaster("budget", "set", "--day", "0.05", "--batch", "12", "--json").document == {
        "day_usd": 0.05,
        "spent_today_usd": 0.0,
        "left_today_usd": 0.05,
        "batch_usd": 12.0,
    }
    run = propmaster("jobs", "resume", str(batch), "--json")
    assert run.status == 1
    assert run.document["halt"]["reason"] == "budget_exceeded"
    assert run.document["counts"] == {"done": 1, "waiting": 1}
    assert "$0.0151 left" in propmaster("budget").out
    propmaster("budget", "set", "--day", "1")
    assert propmaster("jobs", "resume", str(batch)).status == 0


def test_budget_of_one_batch_is_set(propmaster: Propmaster, batch: int) -> None:
    propmaster("budget", "set", "--batch", "0.04", "--of", str(batch))
    run = propmaster("jobs", "resume", str(batch), "--json")
    assert run.document["counts"] == {"done": 1, "waiting": 1}
    assert run.document["usd_budget"] == 0.04


@pytest.mark.parametrize("amount", ["-1", "1.005", "much"])
def test_amounts_that_are_none_are_wrong_usage(propmaster: Propmaster, amount: str) -> None:
    assert propmaster("budget", "set", "--day", amount).status == 2


def test_unknown_batch_is_told(propmaster: Propmaster) -> None:
    run = propmaster("jobs", "list", "99", "--json")
    assert (run.status, run.document["error"]) == (1, "batch_unknown")
