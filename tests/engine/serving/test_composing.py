"""Compositions through the engine process, as the window asks for them: with the Draft generator, offline and free."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from engine import protocol
from engine.images.provenance import find_provenance
from engine.protocol import (
    Brief,
    Caution,
    EngineLink,
    Ground,
    JobState,
    Mode,
    Role,
    Standing,
    Verdict,
    connect,
    find_address,
)
from tests.helpers.drawing import draw
from tests.helpers.encoder_servers import dashscope_server, error
from tests.helpers.engine_process import PATIENCE_S, leave, start
from tests.helpers.tiny_encoder import write_tiny_encoder

KEY = "AIzaSyNotAKeyButLooksLikeOne0123456789"
HATS = 3
LOG = "errors.log"

_T = TypeVar("_T")


class Talk:
    """A client that asks and waits, and keeps the news that came meanwhile."""

    def __init__(self, home: Path) -> None:
        self.link: EngineLink = connect(home)
        self.news: list[protocol.Event] = []
        self._ids = count(1)

    def answer(self, kind: Callable[..., protocol.Command], *values: object, **named: object) -> protocol.Event:
        command = kind(next(self._ids), *values, **named)
        self.link.send(command)
        while getattr(event := self.link.receive(), "request_id", None) != command.request_id:
            self.news.append(event)
        return event

    def ask(self, wanted: type[_T], kind: Callable[..., protocol.Command], *values: object, **named: object) -> _T:
        """Send a command and return its answer, which must be of the wanted kind."""
        event = self.answer(kind, *values, **named)
        assert isinstance(event, wanted), event
        return event

    def refusal(
        self, kind: Callable[..., protocol.Command], *values: object, **named: object
    ) -> protocol.RequestFailed:
        return self.ask(protocol.RequestFailed, kind, *values, **named)

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Receive until something holds."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            heard = len(self.news)
            if holds():
                return
            assert time.monotonic() < deadline
            # What came while it was asked may be the very news that is waited for.
            if len(self.news) == heard:
                self.news.append(self.link.receive())

    def batch(self, batch_id: int) -> protocol.Batch:
        return self.ask(protocol.BatchFetched, protocol.FetchBatch, batch_id).batch

    def wait_until_ended(self, batch_id: int) -> protocol.Batch:
        """Return a batch once the news say that it has nothing left to send."""
        self.wait_for(
            lambda: any(
                isinstance(one, protocol.BatchChanged)
                and one.batch.id == batch_id
                and one.batch.standing is Standing.ENDED
                for one in self.news
            )
        )
        return self.batch(batch_id)

    def jobs(self, batch_id: int, *states: JobState) -> tuple[protocol.Job, ...]:
        return self.ask(protocol.JobsFetched, protocol.FetchJobs, batch_id, states).jobs

    def id_of(self, path: Path) -> int | None:
        rows = self.ask(protocol.AssetsFetched, protocol.FindAssets, (path,)).rows
        return rows[0].id if rows and rows[0].thumbnail else None


@contextlib.contextmanager
def engine_of(home: Path) -> Iterator[Talk]:
    process = start(home, home / LOG)
    talk = Talk(home)
    try:
        yield talk
    finally:
        talk.link.close()
        assert leave(process) == 0
        assert find_address(home) is None


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("art")
    for seed in range(HATS + 2):
        draw(folder / f"{seed}.png", seed)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_tiny_encoder(home / "tiny")
    (home / "settings.toml").write_text(f'encoder = "{(home / "tiny").as_posix()}"\n', "utf-8")
    return home


@pytest.fixture(scope="module")
def talk(home: Path, art: Path) -> Iterator[Talk]:
    with engine_of(home) as talk:
        talk.ask(protocol.RequestCompleted, protocol.AddFolder, art)
        wait_for_asset(talk, art / f"{HATS + 1}.png")
        for seed in range(HATS + 1):
            wait_for_asset(talk, art / f"{seed}.png")
        yield talk


def wait_for_asset(talk: Talk, path: Path) -> int:
    """Return the id of a file once it is indexed."""
    talk.wait_for(lambda: talk.id_of(path) is not None)
    found = talk.id_of(path)
    assert found is not None
    return found


def brief(talk: Talk, art: Path, hats: int = HATS, model: str = "draft") -> Brief:
    """Return one person in several hats."""
    ids = [talk.id_of(art / f"{seed}.png") for seed in range(hats + 1)]
    person, *garments = (protocol.Element(Role.GARMENT, asset_id=one) for one in ids)
    groups = (((protocol.Element(Role.PERSON, asset_id=person.asset_id),),), tuple((one,) for one in garments))
    return Brief(Mode.DRESS, "a hat", groups, model)


def planned(talk: Talk, wanted: Brief, folder: Path | None = None) -> protocol.CompositionPlanned:
    return talk.ask(protocol.CompositionPlanned, protocol.PlanComposition, wanted, folder)


def run(talk: Talk, plan: protocol.CompositionPlanned) -> int:
    return talk.ask(protocol.BatchStarted, protocol.RunPlan, plan.request_id).batch.id


def test_description_becomes_parts_with_roles(talk: Talk) -> None:
    for text in ("elf archer with a flaming crown", "戴着火焰皇冠的精灵弓箭手"):
        parts = talk.ask(protocol.DescriptionSplit, protocol.SplitDescription, text).parts
        assert [part.role for part in parts] == [Role.PERSON, Role.ACCESSORY], text


def test_candidates_are_found_beside_the_search_that_is_read(talk: Talk) -> None:
    shown = talk.ask(protocol.SearchCompleted, protocol.Search, protocol.AssetQuery())
    asked = [protocol.FindCandidates(900 + at, "a hat", 2) for at in range(4)]
    for command in asked:
        talk.link.send(command)
    found: dict[int, protocol.CandidatesFound] = {}
    while len(found) < len(asked):
        event = talk.link.receive()
        if isinstance(event, protocol.CandidatesFound):
            found[event.request_id] = event
    assert all(len(one.rows) == 2 and one.rows[0].band is not None for one in found.values())
    assert talk.ask(protocol.RowsFetched, protocol.FetchRows, shown.request_id, 0).rows == shown.rows


def test_chosen_assets_are_told_from_those_that_must_stay(talk: Talk, art: Path) -> None:
    ids = [talk.id_of(art / f"{seed}.png") for seed in range(2)]
    talk.ask(protocol.RequestCompleted, protocol.SetNeverSend, (ids[1],), never_send=True)
    chosen = talk.ask(protocol.AssetsChosen, protocol.ChooseAssets, (ids[1], 999_999, ids[0]))
    candidates = talk.ask(protocol.CandidatesFound, protocol.FindCandidates, "a hat", 50)
    talk.ask(protocol.RequestCompleted, protocol.SetNeverSend, (ids[1],), never_send=False)
    assert [row.id for row in chosen.rows] == [ids[0]]
    assert [(one.row.path.name, one.hint) for one in chosen.kept_back] == [
        ("1.png", "choose another picture, or take the mark off")
    ]
    assert ids[1] not in [row.id for row in candidates.rows]
    assert ids[0] in [row.id for row in candidates.rows]


def test_plan_shows_what_would_be_sent_and_for_how_much(talk: Talk, art: Path, home: Path) -> None:
    answer = planned(talk, brief(talk, art, model="gemini-3.1-flash-image"))
    plan = answer.plan
    assert [job.cell for job in answer.jobs] == [(0, 0), (0, 1), (0, 2)]
    assert [(one.number, one.role, one.path.name) for one in answer.jobs[1].references] == [
        (1, Role.PERSON, "0.png"),
        (2, Role.GARMENT, "2.png"),
    ]
    assert "image 2" in answer.jobs[1].prompt
    assert (plan.total, plan.price, plan.local) == (HATS, HATS * plan.price_each, False)
    assert 0 < plan.price_each * plan.currency.per_usd < 1_000_000
    assert (plan.currency.code, plan.as_of[:2], plan.budget.spent_today) == ("CNY", "20", 0)
    assert Caution.NO_KEY in plan.cautions
    assert [picture.source.name for picture in plan.outgoing] == ["0.png", "1.png", "2.png", "3.png"]
    for picture in plan.outgoing:
        assert picture.path.is_relative_to(home / "outgoing")
        assert picture.path.stat().st_size == picture.size
    page = talk.ask(protocol.PlannedJobsFetched, protocol.FetchPlannedJobs, answer.request_id, 1, 1)
    assert page.jobs == answer.jobs[1:2]
    assert talk.ask(protocol.BatchesListed, protocol.ListBatches).batches == ()


def test_picture_that_is_never_sent_is_not_planned_and_says_why(talk: Talk, art: Path) -> None:
    wanted = brief(talk, art)
    (hat,) = wanted.groups[1][0]
    talk.ask(protocol.RequestCompleted, protocol.SetNeverSend, (hat.asset_id,), never_send=True)
    refused = talk.refusal(protocol.PlanComposition, wanted)
    assert refused.code == "never_sent"
    assert "1.png is marked “never send”" in refused.message
    talk.ask(protocol.RequestCompleted, protocol.SetNeverSend, (hat.asset_id,), never_send=False)


def of_file(path: Path) -> Brief:
    return Brief(Mode.PROP, "a hat", (((protocol.Element(Role.PROP, path=path),),),), model="draft")


def test_file_outside_the_library_is_a_reference(talk: Talk, tmp_path: Path) -> None:
    draw(tmp_path / "outside.png", 77)
    (job,) = planned(talk, of_file(tmp_path / "outside.png")).jobs
    (reference,) = job.references
    assert (reference.path, reference.asset_id) == (tmp_path / "outside.png", None)
    (tmp_path / "words.png").write_text("no picture")
    for missing in ("gone.png", "words.png"):
        assert talk.refusal(protocol.PlanComposition, of_file(tmp_path / missing)).code == "invalid_brief"


def test_marked_picture_is_not_planned_by_its_path_or_a_copy_of_it(talk: Talk, art: Path, tmp_path: Path) -> None:
    asset_id = wait_for_asset(talk, art / "2.png")
    (tmp_path / "copy.png").write_bytes((art / "2.png").read_bytes())
    talk.ask(protocol.RequestCompleted, protocol.SetNeverSend, (asset_id,), never_send=True)
    for path in (art / "2.png", tmp_path / "copy.png"):
        assert talk.refusal(protocol.PlanComposition, of_file(path)).code == "never_sent"
    talk.ask(protocol.RequestCompleted, protocol.SetNeverSend, (asset_id,), never_send=False)
    talk.ask(protocol.RequestCompleted, protocol.SetFolderNeverSend, art, never_send=True)
    for path in (art / "2.png", tmp_path / "copy.png"):
        assert talk.refusal(protocol.PlanComposition, of_file(path)).code == "never_sent"
    talk.ask(protocol.RequestCompleted, protocol.SetFolderNeverSend, art, never_send=False)


def test_plan_becomes_pictures_that_know_where_they_come_from(talk: Talk, art: Path, tmp_path: Path) -> None:
    wanted = brief(talk, art)
    plan = planned(talk, wanted, tmp_path / "made")
    assert plan.plan.local
    assert not plan.plan.results_folder.exists()
    batch_id = run(talk, plan)
    assert talk.refusal(protocol.RunPlan, plan.request_id).code == "plan_unknown"
    batch = talk.wait_until_ended(batch_id)
    assert batch.counts == ((JobState.DONE, HATS),)
    assert batch.consented_at is not None
    told = {job.id for one in talk.news if isinstance(one, protocol.JobsChanged) for job in one.jobs}
    jobs = talk.jobs(batch_id)
    assert told == {job.id for job in jobs}
    assert jobs[0].result is not None
    assert jobs[0].result.parent == tmp_path / "made"
    asset_id = wait_for_asset(talk, jobs[0].result)
    made = talk.ask(protocol.LineageFetched, protocol.MadeFrom, asset_id)
    assert [job.id for job in made.jobs] == [jobs[0].id]
    used = talk.ask(protocol.LineageFetched, protocol.WhereUsed, wanted.groups[1][0][0].asset_id)
    assert jobs[0].id in {job.id for job in used.jobs}
    details = talk.ask(protocol.JobFetched, protocol.FetchJob, jobs[0].id).details
    assert [one.role for one in details.references] == [Role.PERSON, Role.GARMENT]
    assert details.prompt == plan.jobs[0].prompt
    groups = talk.ask(protocol.BatchFetched, protocol.FetchBatch, batch_id).groups
    assert groups[1][2][0].name == "3.png"
    assert talk.ask(protocol.FileWritten, protocol.WriteDisclosure, batch_id).path.parent == tmp_path / "made"


def test_finished_job_is_repeated_in_its_place_and_judged(talk: Talk, art: Path, tmp_path: Path) -> None:
    batch_id = run(talk, planned(talk, brief(talk, art, 1), tmp_path))
    talk.wait_until_ended(batch_id)
    (first,) = talk.jobs(batch_id)
    assert talk.refusal(protocol.RedoJobs, batch_id, states=(JobState.REFUSED,)).code == "job_unknown"
    talk.news.clear()
    redone = talk.ask(protocol.JobsPlanned, protocol.RedoJobs, batch_id, (first.id,), wording="In red.")
    talk.wait_until_ended(batch_id)
    (second,) = talk.jobs(batch_id)
    assert (second.id, second.state) == (redone.job_ids[0], JobState.DONE)
    details = talk.ask(protocol.JobFetched, protocol.FetchJob, second.id).details
    assert details.prompt.endswith("In red.")
    assert [job.id for job in details.earlier] == [first.id]
    talk.ask(protocol.RequestCompleted, protocol.JudgeJobs, (second.id,), Verdict.PICKED)
    assert talk.jobs(batch_id)[0].verdict is Verdict.PICKED
    exported = talk.ask(protocol.PicksExported, protocol.ExportPicks, batch_id, tmp_path / "picks", Ground.CUT)
    assert [path.parent for path in exported.files] == [tmp_path / "picks"]
    assert find_provenance(exported.files[0].read_bytes()) is not None
    assert talk.refusal(protocol.RedoJobs, batch_id, (first.id,)).code == "job_unknown"


def test_budget_and_ledger_are_told(talk: Talk, tmp_path: Path) -> None:
    talk.ask(protocol.RequestCompleted, protocol.SetBudget, 1234, 500)
    ledger = talk.ask(protocol.LedgerFetched, protocol.FetchLedger, "USD")
    assert (ledger.budget.day, ledger.budget.batch, ledger.total) == (12_340_000, 5_000_000, 0)
    assert talk.refusal(protocol.SetBudget, -1).code == "invalid_setting"
    assert (
        talk.ask(protocol.FileWritten, protocol.WriteLedger, tmp_path / "ledger.csv")
        .path.read_text("utf-8")
        .count("usd_reserved")
    )
    assert talk.refusal(protocol.WriteLedger, tmp_path / "nowhere" / "ledger.csv").code == "file_unwritable"
    assert talk.refusal(protocol.FetchLedger, "XXX").code == "model_table_damaged"


def test_key_is_kept_and_told_to_nobody(talk: Talk, home: Path) -> None:
    def gemini() -> protocol.Generator:
        found = talk.ask(protocol.GeneratorsListed, protocol.ListGenerators).generators
        return next(one for one in found if one.name == "gemini")

    assert gemini().needs_key
    assert gemini().key is None
    assert KEY not in repr(protocol.KeepKey(1, "gemini", KEY))
    kept = talk.ask(protocol.KeyKept, protocol.KeepKey, "gemini", KEY).kept
    assert gemini().key == kept
    assert kept.warning
    assert KEY not in repr(talk.refusal(protocol.KeepKey, "draft", KEY))
    assert KEY not in repr(talk.answer(lambda request_id: protocol.KeepKey(request_id, "gemini", (KEY,))))  # type: ignore[arg-type]
    holding = [path.name for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert holding == [Path(kept.where).name]
    talk.ask(protocol.RequestCompleted, protocol.ForgetKey, "gemini")
    assert gemini().key is None
    assert "a command was refused" in (home / LOG).read_text("utf-8")
    assert KEY not in (home / LOG).read_text("utf-8")


def test_connection_is_tried(talk: Talk) -> None:
    assert talk.ask(protocol.ConnectionTried, protocol.TryConnection, "draft").works
    tried = talk.ask(protocol.ConnectionTried, protocol.TryConnection, "gemini")
    assert (tried.works, tried.reason) == (False, "missing_key")
    assert "settings" in tried.hint


def test_key_of_a_service_that_only_embeds_is_kept_found_and_tried(talk: Talk) -> None:
    def found() -> protocol.KeptKey | None:
        return talk.ask(protocol.KeyFound, protocol.FindKey, "dashscope").kept

    assert found() is None
    kept = talk.ask(protocol.KeyKept, protocol.KeepKey, "dashscope", KEY).kept
    assert found() == kept
    with dashscope_server() as dashscope:
        dashscope.replies.append(error(401, "InvalidApiKey", f"Invalid API-key {KEY}"))
        talk.ask(protocol.RequestCompleted, protocol.ChangeSettings, (("dashscope_url", dashscope.address),))
        tried = talk.ask(protocol.ConnectionTried, protocol.TryConnection, "dashscope")
    assert (tried.service, tried.works, tried.reason) == ("dashscope", False, "bad_key")
    assert KEY not in repr(tried)


def test_updates_are_asked_for_where_the_settings_say(talk: Talk) -> None:
    refused = talk.refusal(protocol.CheckUpdates)
    assert refused.code == "no_update_source"


def test_batch_is_paused_resumed_and_cancelled(talk: Talk, art: Path, tmp_path: Path) -> None:
    batch_id = run(talk, planned(talk, many(talk, art, 60), tmp_path))
    talk.ask(protocol.RequestCompleted, protocol.PauseBatch, batch_id)
    talk.wait_for(lambda: talk.batch(batch_id).standing is Standing.PAUSED)
    assert dict(talk.batch(batch_id).counts)[JobState.WAITING] > 0
    talk.ask(protocol.RequestCompleted, protocol.ResumeBatch, batch_id)
    talk.ask(protocol.RequestCompleted, protocol.CancelJobs, batch_id)
    counts = dict(talk.wait_until_ended(batch_id).counts)
    assert counts[JobState.CANCELLED] > 0
    assert sum(counts.values()) == 60


def test_engine_that_ends_in_the_middle_leaves_a_batch_that_is_not_resumed_by_itself(
    home: Path, art: Path, tmp_path: Path
) -> None:
    own = tmp_path / "home"
    own.mkdir()
    (own / "settings.toml").write_text((home / "settings.toml").read_text("utf-8"), "utf-8")
    with engine_of(own) as talk:
        talk.ask(protocol.RequestCompleted, protocol.AddFolder, art)
        for seed in range(2):
            wait_for_asset(talk, art / f"{seed}.png")
        batch_id = run(talk, planned(talk, many(talk, art, 300), tmp_path / "made"))
    with engine_of(own) as talk:
        (batch,) = talk.ask(protocol.BatchesListed, protocol.ListBatches).batches
        assert (batch.id, batch.standing) == (batch_id, Standing.INTERRUPTED)
        waiting = dict(batch.counts)[JobState.WAITING]
        assert 0 < waiting <= 300
        assert dict(talk.batch(batch_id).counts)[JobState.WAITING] == waiting
        talk.ask(protocol.RequestCompleted, protocol.CancelJobs, batch_id)
        assert talk.batch(batch_id).standing is Standing.ENDED


def many(talk: Talk, art: Path, pictures: int) -> Brief:
    """Return one person in one hat, many times over."""
    one = brief(talk, art, 1)
    return Brief(one.mode, one.text, one.groups, one.model, count=pictures)
