"""Only the newest search is shown; every search is a step; a list that changed is renewed where it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.engine_client import EngineClient
from desktop.models.asset_list import AssetList, AssetRole
from desktop.models.search import Search
from desktop.notifications import Notifications
from desktop.session import Outcome, Session
from engine import protocol
from engine.protocol import AssetsChanged, Band
from tests.desktop.fake_engine import FakeEngine


@pytest.fixture
def session(qtbot: QtBot, fake: FakeEngine, tmp_path: Path) -> Iterator[Session]:
    client = EngineClient(tmp_path)
    made = Session(client, AssetList(), Notifications())
    with qtbot.waitSignal(made.outcome_shown):
        client.open()
    yield made
    fake.close()
    client.close()


def names(session: Session) -> list[str]:
    rows = [session.assets.find_row(at) for at in range(session.assets.rowCount())]
    return [row.path.stem for row in rows if row is not None]


def test_the_library_is_shown_at_first(session: Session) -> None:
    assert session.assets.rowCount() == 500
    assert session.search.shows_everything


def test_a_search_shows_what_was_found(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.outcome_shown):
        session.go(Search("prop-0007"))
    assert names(session) == ["prop-0007"]


def test_a_stale_answer_is_never_shown(qtbot: QtBot, session: Session, fake: FakeEngine) -> None:
    answer = fake.answers[protocol.Search]
    held = []

    def hold_first(command: protocol.Search) -> protocol.Event | None:
        if not held:
            held.append(answer(command))
            return None
        return answer(command)

    fake.answers[protocol.Search] = hold_first
    session.type(Search("prop-0001"))
    with qtbot.waitSignal(session.outcome_shown):
        session.type(Search("prop-0002"))
    with qtbot.assertNotEmitted(session.outcome_shown, wait=100):
        fake.tell(held[0])
    assert names(session) == ["prop-0002"]


def test_what_is_typed_is_one_step_of_the_history(qtbot: QtBot, session: Session) -> None:
    for text in ("p", "pr", "prop-0003"):
        session.type(Search(text))
    session.go(Search("prop-0003"))
    with qtbot.waitSignal(session.outcome_shown):
        session.back()
    assert session.search.shows_everything
    assert not session.history.has_past


def test_a_page_comes_when_it_is_looked_at(qtbot: QtBot, session: Session) -> None:
    assert session.assets.find_row(450) is None
    with qtbot.waitSignal(session.assets.dataChanged):
        session.assets.look_at(440, 460)
    row = session.assets.find_row(450)
    assert row is not None
    assert row.path.stem == "prop-0450"


def test_a_grown_library_is_renewed_without_a_reset(qtbot: QtBot, session: Session, fake: FakeEngine) -> None:
    fake.rows = (*fake.rows, replace(fake.rows[0], id=9_999, path=Path("/art/new.png")))
    with qtbot.assertNotEmitted(session.assets.modelReset), qtbot.waitSignal(session.assets.rowsInserted):
        fake.tell(AssetsChanged())
    assert session.assets.rowCount() == 501


def test_changed_assets_are_renewed_one_by_one(qtbot: QtBot, session: Session, fake: FakeEngine) -> None:
    fake.rows = (replace(fake.rows[0], rating=4), *fake.rows[1:])
    with qtbot.waitSignal(session.assets.dataChanged):
        fake.tell(AssetsChanged((1,)))
    row = session.assets.find_row(0)
    assert row is not None
    assert row.rating == 4
    assert len(fake.asked_for(protocol.Search)) == 1


def test_a_failed_search_says_why(qtbot: QtBot, session: Session, fake: FakeEngine) -> None:
    fake.answers[protocol.Search] = lambda c: protocol.RequestFailed(c.request_id, "invalid_query", "No.", "Try this.")
    with qtbot.waitSignal(session.outcome_shown):
        session.go(Search("?"))
    assert (session.outcome.trouble, session.outcome.hint) == ("No.", "Try this.")


def test_a_list_that_the_engine_forgot_is_asked_for_anew(qtbot: QtBot, session: Session, fake: FakeEngine) -> None:
    fake.answers[protocol.FetchRows] = lambda c: protocol.RequestFailed(c.request_id, "list_unknown", "Forgotten.")
    session.assets.look_at(300, 300)
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.Search)) == 2)


def test_ids_of_rows_that_have_not_come_are_fetched(qtbot: QtBot, session: Session) -> None:
    got: list[tuple[int, ...]] = []
    session.with_ids([0, 499], got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(1, 500)]


@pytest.mark.parametrize(
    ("outcome", "starts"),
    [
        (Outcome(10), {}),
        (Outcome(10, ranked=True, strong=2, likely=3), {0: Band.STRONG, 2: Band.LIKELY, 5: Band.WEAK}),
        (Outcome(5, ranked=True, likely=5), {0: Band.LIKELY}),
        (Outcome(5, ranked=True), {0: Band.WEAK}),
        (Outcome(0, ranked=True), {}),
    ],
)
def test_bands_begin_where_the_engine_says(outcome: Outcome, starts: dict[int, Band]) -> None:
    assert outcome.band_starts() == starts


def test_the_list_marks_where_a_band_begins(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.outcome_shown):
        session.go(Search("prop-00"))
    marks = {at: session.assets.index(at).data(AssetRole.BAND_START) for at in (0, 1, 50)}
    assert marks == {0: Band.STRONG, 1: None, 50: Band.WEAK}
