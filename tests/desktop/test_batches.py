"""The page of batches against a scripted engine: what is shown, what is asked of the engine, and what never is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.models.batch_list import BatchRole
from desktop.models.batch_matrix import CellRole
from desktop.models.page import Page
from desktop.models.sidebar_tree import PlaceKind, SidebarRole
from desktop.notifications import Notice
from desktop.settings import Language
from desktop.views.batches.compare import Compare
from desktop.views.batches.export_sheet import ExportSheet
from desktop.views.batches.redo_sheet import RedoSheet
from engine import protocol
from engine.protocol import BatchChanged, Ground, JobsChanged, JobState, Standing, Verdict
from tests.desktop.fake_compositions import BATCH, JOBS, REFERENCE
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.test_window import words_of

DONE, REFUSED, MAYBE_BILLED = (
    next(job for job in JOBS if job.state is state)
    for state in (JobState.DONE, JobState.REFUSED, JobState.MAYBE_BILLED)
)


@pytest.fixture
def shown(qtbot: QtBot, running: Propmaster) -> Iterator[Propmaster]:
    """Return the application with its page of batches on show, and every job there."""
    running.desk.session.turn_to(Page.BATCHES)
    qtbot.waitUntil(lambda: len(running.desk.batches.matrix.jobs_in(JobState)) == len(JOBS))
    qtbot.waitUntil(running.window.batches.matrix.isVisible)
    qtbot.waitUntil(lambda: "a hat" in words_of(running.window.batches.head))
    yield running
    for sheet in (*running.window.findChildren(RedoSheet), *running.window.findChildren(QMessageBox)):
        sheet.close()


def select(app: Propmaster, job: protocol.Job) -> None:
    app.window.batches.matrix.go_to(app.desk.batches.matrix.place_of(job))


def press(widget: QWidget, words: str, kind: type[Any] = QPushButton) -> None:
    next(one for one in widget.findChildren(kind) if one.text() == words).click()


def notices(app: Propmaster) -> list[Notice]:
    told: list[Notice] = []
    app.desk.notifications.told.connect(told.append)
    return told


def unfinished(app: Propmaster) -> int:
    tree = app.desk.tree
    lines = [tree.item(at) for at in range(tree.rowCount())]
    places = [(line.data(SidebarRole.PLACE), line.data(SidebarRole.COUNT)) for line in lines]
    return next(count for place, count in places if place is not None and place.kind is PlaceKind.BATCHES)


def test_the_page_shows_the_newest_batch_with_every_cell(shown: Propmaster) -> None:
    matrix = shown.desk.batches.matrix
    states = [matrix.index(row, column).data(CellRole.JOB).state for row in range(2) for column in range(4)]
    assert states == list(JobState)
    assert "Ended · 1 of 8 · Dress up · Draft" in words_of(shown.window.batches.head)


def test_without_batches_the_page_says_what_to_do(qtbot: QtBot, running: Propmaster) -> None:
    qtbot.waitUntil(lambda: running.desk.batches.list.rowCount() == 1)
    running.desk.batches.list.show_all(())
    running.desk.session.turn_to(Page.BATCHES)
    qtbot.waitUntil(running.window.batches.empty.isVisible)
    press(running.window.batches.empty, "Compose")
    assert running.desk.session.page is Page.COMPOSE


def test_a_new_batch_is_chosen_and_counted(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    new = replace(BATCH, id=2, text="two hats", standing=Standing.RUNNING)
    fake.answers[protocol.RunPlan] = lambda c: protocol.BatchStarted(c.request_id, new)
    fake.answers[protocol.FetchBatch] = lambda c: protocol.BatchFetched(c.request_id, new, ())
    shown.desk.client.send(protocol.RunPlan, 1)
    qtbot.waitUntil(lambda: shown.desk.batches.chosen == new)
    assert shown.desk.batches.list.index(0).data(BatchRole.BATCH) == new
    assert unfinished(shown) == 1


def test_news_of_jobs_reach_the_cells_and_the_head(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    fake.tell(JobsChanged(BATCH.id, (replace(REFUSED, state=JobState.DONE),)))
    fake.tell(BatchChanged(replace(BATCH, counts=((JobState.DONE, 2), (JobState.WAITING, 6)))))
    place = shown.desk.batches.matrix.place_of(REFUSED)
    qtbot.waitUntil(lambda: shown.desk.batches.matrix.job_at(place).state is JobState.DONE)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "2 of 8" in words_of(shown.window.batches.head))


def test_an_ended_batch_is_told_with_an_offer_to_show_it(qtbot: QtBot, running: Propmaster, fake: FakeEngine) -> None:
    told = notices(running)
    qtbot.waitUntil(lambda: running.desk.batches.list.rowCount() == 1)
    fake.tell(BatchChanged(replace(BATCH, standing=Standing.RUNNING)))
    fake.tell(BatchChanged(replace(BATCH, counts=((JobState.DONE, 23), (JobState.REFUSED, 1)))))
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text == "a hat: 23 of 24 pictures made, 1 refused."
    assert told[0].offer is not None
    told[0].offer.act()
    assert running.desk.session.page is Page.BATCHES
    assert running.desk.batches.chosen is not None


def test_an_interrupted_batch_is_offered_and_never_taken_up_by_itself(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine
) -> None:
    told = notices(running)
    interrupted = replace(BATCH, standing=Standing.INTERRUPTED, counts=((JobState.WAITING, 3),))
    fake.answers[protocol.ListBatches] = lambda c: protocol.BatchesListed(c.request_id, (interrupted,))
    fake.answers[protocol.FetchBatch] = lambda c: protocol.BatchFetched(c.request_id, interrupted, ())
    with qtbot.waitSignal(running.desk.client.lost):
        fake.hang_up()
    running.desk.client.open()
    qtbot.waitUntil(lambda: any("1 batch was interrupted" in notice.text for notice in told))
    running.desk.session.turn_to(Page.BATCHES)
    qtbot.waitUntil(lambda: "Nothing is sent until you resume it" in words_of(running.window.batches.head))
    assert not fake.asked_for(protocol.ResumeBatch)
    press_tool(running, "Resume")
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.ResumeBatch)))
    assert not fake.asked_for(protocol.ResumeBatch)[0].consent


def press_tool(app: Propmaster, words: str) -> None:
    from PySide6.QtWidgets import QToolButton

    found = [one for one in app.window.batches.head.findChildren(QToolButton) if one.text() == words]
    assert found[0].isVisible()
    found[0].click()


def test_planned_jobs_are_sent_only_with_consent(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    fake.tell(BatchChanged(replace(BATCH, standing=Standing.PAUSED)))
    qtbot.waitUntil(lambda: "Paused by you" in words_of(shown.window.batches.head))
    press_tool(shown, "Resume")
    box = shown.window.findChild(QMessageBox)
    assert box.text() == "Send 1 picture that nobody agreed to so far?"
    assert "$0.0336" in box.informativeText()
    press(box, "Send all")
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.ResumeBatch)))
    assert fake.asked_for(protocol.ResumeBatch)[0].consent


def test_planned_jobs_that_have_not_come_cost_no_more_than_the_batch_may(
    qtbot: QtBot, shown: Propmaster, fake: FakeEngine
) -> None:
    planned = ((JobState.DONE, 7), (JobState.PLANNED, 2))
    fake.tell(BatchChanged(replace(BATCH, standing=Standing.PAUSED, counts=planned)))
    qtbot.waitUntil(lambda: "Paused by you" in words_of(shown.window.batches.head))
    press_tool(shown, "Resume")
    box = shown.window.findChild(QMessageBox)
    assert box.text() == "Send 2 pictures that nobody agreed to so far?"
    assert box.informativeText() == "All of them cost at most $4.97 · ¥35.18: what is left of the batch's budget."


def test_a_halted_batch_says_why_and_what_to_do(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    told = notices(shown)
    fake.tell(BatchChanged(replace(BATCH, standing=Standing.RUNNING)))
    halted = replace(BATCH, standing=Standing.HALTED, halt_reason="of_next_year", halt_words="The moon is full.")
    fake.tell(BatchChanged(halted))
    qtbot.waitUntil(lambda: "The moon is full. Resume it once that is mended." in words_of(shown.window.batches.head))
    assert "stopped" in told[0].text


def test_keys_judge_the_selected_pictures(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    shown.window.batches.matrix.selectAll()
    for action in (ActionId.PICK, ActionId.REJECT, ActionId.UNJUDGE):
        shown.window.actions_table[action].trigger()
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.JudgeJobs)) == 3)
    asked = [(one.job_ids, one.verdict) for one in fake.asked_for(protocol.JudgeJobs)]
    assert asked == [((DONE.id,), verdict) for verdict in (Verdict.PICKED, Verdict.REJECTED, Verdict.NONE)]


def test_refused_are_asked_again_in_other_words_once_the_user_agrees(
    qtbot: QtBot, shown: Propmaster, fake: FakeEngine
) -> None:
    press_tool(shown, "Redo 1 refused…")
    sheet = shown.window.findChild(RedoSheet)
    assert "Ask once more for 1 picture?" in words_of(sheet)
    assert "nothing leaves this machine" in words_of(sheet)
    assert words_of(sheet).count("$0.0336") == 2
    assert not fake.asked_for(protocol.RedoJobs)
    sheet.findChild(QPlainTextEdit).setPlainText("fully dressed")
    sheet.findChild(QCheckBox).setChecked(True)
    press(sheet, "Send 1 picture again")
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.RedoJobs)))
    command = fake.asked_for(protocol.RedoJobs)[0]
    assert (command.job_ids, command.wording, command.prompt) == ((REFUSED.id,), "fully dressed", "")
    select(shown, REFUSED)
    shown.window.actions_table[ActionId.REDO].trigger()
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.RedoJobs)) == 2)


def test_a_whole_prompt_can_take_the_place_of_the_old_one(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    shown.window.batches.matrix.opened.emit(shown.desk.batches.matrix.place_of(REFUSED))
    compare = shown.window.findChild(Compare)
    qtbot.waitUntil(lambda: "Dress the person in image 1." in words_of(compare))
    qtbot.keyClick(compare, Qt.Key.Key_R)
    sheet = compare.findChild(RedoSheet)
    sheet.findChildren(QRadioButton)[1].setChecked(True)
    assert sheet.findChild(QPlainTextEdit).toPlainText() == "Dress the person in image 1."
    sheet.findChild(QPlainTextEdit).setPlainText("A knight.")
    press(sheet, "Send 1 picture again")
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.RedoJobs)))
    assert fake.asked_for(protocol.RedoJobs)[0].prompt == "A knight."
    compare.close()


def test_what_may_cost_twice_is_asked_for_even_in_a_trusted_batch(shown: Propmaster, fake: FakeEngine) -> None:
    shown.desk.consents.give(BATCH.id)
    select(shown, MAYBE_BILLED)
    shown.window.actions_table[ActionId.REDO].trigger()
    sheet = shown.window.findChild(RedoSheet)
    assert "may cost twice" in words_of(sheet)
    assert not sheet.findChild(QCheckBox).isVisible()
    sheet.reject()
    assert not fake.asked_for(protocol.RedoJobs)


def test_the_compare_view_walks_judges_and_ends_where_the_matrix_follows(
    qtbot: QtBot, shown: Propmaster, fake: FakeEngine
) -> None:
    select(shown, JOBS[0])
    shown.window.actions_table[ActionId.COMPARE].trigger()
    compare = shown.window.findChild(Compare)
    assert compare.isFullScreen()
    for _ in range(3):
        qtbot.keyClick(compare, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "draft" in words_of(compare))
    assert "4 / 8" in words_of(compare)
    qtbot.keyClick(compare, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.JudgeJobs)))
    fake.tell(JobsChanged(BATCH.id, (replace(DONE, verdict=Verdict.PICKED),)))
    qtbot.waitUntil(lambda: "Picked" in words_of(compare))
    qtbot.keyClick(compare, Qt.Key.Key_Space)
    assert not compare.isVisible()
    assert shown.window.batches.matrix.current_place() == 3


def test_the_walk_can_leave_out_what_is_no_picture(qtbot: QtBot, shown: Propmaster) -> None:
    compare = shown.window.findChild(Compare)
    compare.open_at(0)
    compare.findChild(QComboBox).setCurrentIndex(1)
    qtbot.keyClick(compare, Qt.Key.Key_Right)
    assert "4 / 8" in words_of(compare)
    qtbot.keyClick(compare, Qt.Key.Key_Right)
    assert "4 / 8" in words_of(compare)
    compare.close()


def test_earlier_attempts_can_be_looked_at(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    before = replace(REFUSED, id=99, words="It was refused.", reason="blocked")
    details = protocol.JobDetails(DONE, "Second try.", "draft", "1K", "1:1", (), 0, earlier=(before,))
    first = protocol.JobDetails(before, "First try.", "draft", "1K", "1:1", (), 0)
    fake.answers[protocol.FetchJob] = lambda c: protocol.JobFetched(c.request_id, first if c.job_id == 99 else details)
    compare = shown.window.findChild(Compare)
    compare.open_at(shown.desk.batches.matrix.place_of(DONE))
    qtbot.waitUntil(lambda: "Second try." in words_of(compare))
    qtbot.keyClick(compare, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: "First try." in words_of(compare))
    assert "It was refused." in words_of(compare)
    compare.close()


def test_picks_are_exported_and_what_could_not_be_cut_is_told(
    qtbot: QtBot, shown: Propmaster, fake: FakeEngine
) -> None:
    told = notices(shown)
    fake.tell(JobsChanged(BATCH.id, (replace(DONE, verdict=Verdict.PICKED),)))
    fake.answers[protocol.ExportPicks] = lambda c: protocol.PicksExported(
        c.request_id, c.batch_id, (c.folder / "a.png",), (DONE.id,)
    )
    qtbot.waitUntil(lambda: "Picked  1" in _tool_words(shown))
    press_tool(shown, "Export picks…")
    sheet = shown.window.findChild(ExportSheet)
    sheet.findChildren(QRadioButton)[1].setChecked(True)
    press(sheet, "Export 1 picture")
    qtbot.waitUntil(lambda: bool(told))
    command = fake.asked_for(protocol.ExportPicks)[0]
    assert (command.folder, command.ground) == (Path("/art/made-picks"), Ground.CUT)
    assert "1 picture copied. 1 of them kept its ground" in told[0].text


def _tool_words(app: Propmaster) -> str:
    from PySide6.QtWidgets import QToolButton

    tools = app.window.batches.head.findChildren(QToolButton)
    return " | ".join(one.text() for one in tools if one.isVisible())


def test_how_pictures_were_made_is_written_and_told(qtbot: QtBot, shown: Propmaster) -> None:
    told = notices(shown)
    shown.desk.batches.write_disclosure()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text == "How the pictures were made is written to disclosure.json."


def test_unfinished_cells_are_cancelled_and_no_others(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    shown.window.batches.matrix.selectAll()
    shown.window.actions_table[ActionId.CANCEL_JOBS].trigger()
    qtbot.waitUntil(lambda: bool(fake.asked_for(protocol.CancelJobs)))
    states = (JobState.PLANNED, JobState.WAITING, JobState.SENDING)
    wanted = tuple(job.id for job in JOBS if job.state in states)
    assert fake.asked_for(protocol.CancelJobs)[0].job_ids == wanted


def test_the_language_changes_and_the_batch_stays(qtbot: QtBot, shown: Propmaster) -> None:
    former = shown.window
    with qtbot.waitSignal(former.destroyed):
        shown.desk.preferences.update(language=Language.CHINESE)
    shown.desk.batches.matrix.sift(JobState.REFUSED)
    page = shown.window.batches
    qtbot.waitUntil(page.isVisible)
    qtbot.waitUntil(lambda: "a hat" in words_of(page.head))
    assert "已结束" in words_of(page.head)
    assert page.list.currentIndex().row() == 0
    shown.desk.preferences.update(language=Language.ENGLISH)
    assert QApplication.activeModalWidget() is None


def test_the_inspector_leads_from_a_result_to_its_references_and_its_cell(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine
) -> None:
    fake.answers[protocol.MadeFrom] = lambda c: protocol.LineageFetched(c.request_id, c.asset_id, 1, (DONE,))
    with qtbot.waitSignal(running.desk.inspection.origin_known):
        running.window.grid.go_to(9)
    origin = running.window.inspector.origin
    assert "Dress the person in image 1." in words_of(origin)
    assert "$0.0336" in words_of(origin)
    press(origin, "Show in its batch")
    qtbot.waitUntil(lambda: running.window.batches.matrix.current_place() == 3)
    assert running.desk.session.page is Page.BATCHES
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        origin.reference_chosen.emit(REFERENCE)
    row = running.desk.session.assets.find_row(0)
    assert row is not None
    assert row.id == REFERENCE.asset_id


def test_a_result_is_found_in_the_library(qtbot: QtBot, shown: Propmaster, fake: FakeEngine) -> None:
    fake.answers[protocol.FindAssets] = lambda c: protocol.AssetsFetched(c.request_id, fake.rows[5:6])
    select(shown, DONE)
    shown.window.actions_table[ActionId.SHOW_RESULT].trigger()
    qtbot.waitUntil(lambda: shown.desk.session.page is Page.PICTURES)
    assert fake.asked_for(protocol.FindAssets)[-1].paths == (DONE.result,)
    assert fake.asked_for(protocol.FetchAssets)[-1].asset_ids == (6,)


def test_long_words_of_a_service_do_not_make_the_window_wider(
    qtbot: QtBot, shown: Propmaster, fake: FakeEngine
) -> None:
    width = shown.window.minimumSizeHint().width()
    fake.tell(JobsChanged(BATCH.id, (replace(REFUSED, reason="new", words="No. " * 200),)))
    place = shown.desk.batches.matrix.place_of(REFUSED)
    qtbot.waitUntil(lambda: "No." in str(shown.desk.batches.matrix.index_of(place).data(CellRole.WORDS)))
    select(shown, REFUSED)
    assert "No." in words_of(shown.window.batches)
    assert shown.window.minimumSizeHint().width() <= width
