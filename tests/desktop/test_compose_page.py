"""The compose page: parts and candidates, swap and drop, the line of the price, what stands in the way, consent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.models.composition import Way
from desktop.models.page import Page
from desktop.settings import Language, PreferenceStore
from desktop.views.chip import Chip
from desktop.views.compose.compose_page import ComposePage
from desktop.views.compose.consent_sheet import ConsentSheet
from desktop.views.compose.slot_card import SlotCard
from desktop.views.key_row import KeyRow
from desktop.views.settings_dialog import SettingsDialog
from engine import protocol
from engine.protocol import Brief, Role
from tests.desktop.fake_engine import FakeEngine

DESCRIPTION = "prop-0001 with prop-0002"


@pytest.fixture
def page(qtbot: QtBot, running: Propmaster) -> ComposePage:
    """Return the page once it knows the models."""
    running.window.actions_table[ActionId.COMPOSE].trigger()
    qtbot.waitUntil(lambda: running.window.compose.foot.model.count() == 3)
    return running.window.compose


def describe(qtbot: QtBot, app: Propmaster, text: str = DESCRIPTION) -> tuple[SlotCard, ...]:
    """Type a description, press Return, and return its slots once each has candidates."""
    page = app.window.compose
    page.text.clear()
    qtbot.keyClicks(page.text, text)
    with qtbot.waitSignal(app.desk.client.description_split):
        qtbot.keyClick(page.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.cards) and not any(slot.waits for slot in app.desk.composing.sheet.slots))
    return tuple(page.cards)


def candidates(card: SlotCard) -> list[int]:
    return [row.id for row in card.pictures.model().rows() if row is not None]


def chosen(card: SlotCard) -> list[int]:
    return [row.id for row in card.pictures.selected_rows()]


def press(qtbot: QtBot, card: SlotCard, position: int) -> None:
    place = card.pictures.visualRect(card.pictures.model().index(position)).center()
    qtbot.mouseClick(card.pictures.viewport(), Qt.MouseButton.LeftButton, pos=place)


def last_brief(qtbot: QtBot, app: Propmaster, fake: FakeEngine) -> Brief:
    """Return what was planned last, once that has come to rest."""
    qtbot.waitUntil(lambda: not app.desk.planning.waits)
    brief = fake.asked_for(protocol.PlanComposition)[-1].brief
    assert isinstance(brief, Brief)
    return brief


def ids_of(brief: Brief) -> list[list[list[int | None]]]:
    return [[[element.asset_id for element in choice] for choice in group] for group in brief.groups]


def test_a_description_becomes_slots_whose_best_candidates_are_chosen(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    cards = describe(qtbot, running)
    assert [(card.role.currentText(), card.words.text()) for card in cards] == [
        ("Person", "prop-0001"),
        ("Accessory", "prop-0002"),
    ]
    assert [chosen(card) for card in cards] == [[2], [3]]
    assert ids_of(last_brief(qtbot, running, fake)) == [[[2]], [[3]]]
    assert page.isVisible()
    assert len(fake.asked_for(protocol.Search)) == 1


def test_a_candidate_is_swapped_and_the_plan_follows(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    (card,) = describe(qtbot, running, "prop-00")
    assert chosen(card) == [1]
    press(qtbot, card, 0)
    press(qtbot, card, 3)
    press(qtbot, card, 4)
    assert chosen(card) == [4, 5]
    assert ids_of(last_brief(qtbot, running, fake)) == [[[4], [5]]]
    card.mode.setCurrentIndex(1)
    card.mode.activated.emit(1)
    assert ids_of(last_brief(qtbot, running, fake)) == [[[4, 5]]]
    qtbot.waitUntil(lambda: page.foot.price.text().startswith("1 picture ·"))


def test_more_candidates_come_behind_those_that_are_there(qtbot: QtBot, running: Propmaster, page: ComposePage) -> None:
    (card,) = describe(qtbot, running, "prop-00")
    assert page.isVisible()
    assert candidates(card) == list(range(1, 13))
    qtbot.mouseClick(card.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: candidates(card) == list(range(1, 25)))
    assert chosen(card) == [1]


def test_words_of_a_part_are_changed_and_looked_for_anew(qtbot: QtBot, running: Propmaster, page: ComposePage) -> None:
    first, second = describe(qtbot, running)
    second.words.clear()
    qtbot.keyClicks(second.words, "prop-0040")
    qtbot.keyClick(second.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: chosen(second) == [41])
    assert page.cards == [first, second]
    assert chosen(first) == [2]


def test_parts_that_stay_keep_what_was_chosen_for_them(qtbot: QtBot, running: Propmaster, page: ComposePage) -> None:
    first, _ = describe(qtbot, running)
    running.desk.composing.offer(first.key, (30,))
    qtbot.waitUntil(lambda: chosen(first) == [30, 2])
    cards = describe(qtbot, running, "prop-0001 with prop-0009")
    assert page.cards[0] is first
    assert [chosen(card) for card in cards] == [[30, 2], [10]]


def test_an_answer_for_a_part_that_was_removed_is_dropped(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    held: list[protocol.FindCandidates] = []
    answer = fake.answers[protocol.FindCandidates]
    fake.answers[protocol.FindCandidates] = held.append
    qtbot.keyClicks(page.text, "prop-0007")
    qtbot.keyClick(page.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(held) == 1)
    page.cards[0].removed.emit(page.cards[0].key)
    fake.tell(answer(held[0]))
    fake.answers[protocol.FindCandidates] = answer
    assert [chosen(card) for card in describe(qtbot, running, "prop-0009")] == [[10]]


def test_dressing_up_follows_the_wells_of_the_tray(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    qtbot.mouseClick(page.ways.button(list(Way).index(Way.DRESS)), Qt.MouseButton.LeftButton)
    assert "person to dress" in page.foot.price.text()
    assert not page.foot.review.isEnabled()
    running.desk.tray.put((1, 2), Role.PERSON)
    running.desk.tray.put((3, 4, 5), Role.GARMENT)
    qtbot.waitUntil(lambda: [chosen(card) for card in page.cards] == [[1, 2], [3, 4, 5], []])
    assert ids_of(last_brief(qtbot, running, fake)) == [[[1], [2]], [[3], [4], [5]]]
    qtbot.waitUntil(lambda: page.foot.price.text().startswith("6 pictures ·"))
    running.desk.tray.take((4,))
    assert [chosen(card) for card in page.cards] == [[1, 2], [3, 5], []]


def test_scenes_are_written_one_a_line(qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage) -> None:
    running.desk.composing.turn_to(Way.SCENE)
    running.desk.tray.put((1,), Role.PROP)
    qtbot.waitUntil(lambda: chosen(page.cards[0]) == [1])
    page.cards[1].words.setPlainText("on a beach\nin snow")
    brief = last_brief(qtbot, running, fake)
    assert [[element.text for element in choice] for choice in brief.groups[1]] == [["on a beach"], ["in snow"]]


def test_a_style_is_found_by_the_words_for_the_whole(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    running.desk.composing.turn_to(Way.STYLE)
    qtbot.keyClicks(page.text, "prop-0005")
    qtbot.keyClick(page.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: chosen(page.cards[0]) == [6])
    assert last_brief(qtbot, running, fake).mode is protocol.Mode.VARIATION


def test_pictures_of_the_grid_and_of_the_tray_are_dropped_on_a_part(
    qtbot: QtBot, running: Propmaster, page: ComposePage
) -> None:
    (card,) = describe(qtbot, running, "prop-0001")
    running.window.grid.go_to(20)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/art/prop-0020.png")])
    card.dropped.emit(card.key, running.window.grid, mime)
    qtbot.waitUntil(lambda: chosen(card) == [21, 2])
    running.desk.tray.put((8,), Role.STYLE)
    well = running.window.tray.wells[Role.STYLE].pictures
    qtbot.waitUntil(lambda: well.model().rowCount() == 1)
    well.selectAll()
    card.dropped.emit(card.key, well, mime)
    qtbot.waitUntil(lambda: chosen(card) == [8, 21, 2])
    assert page.isVisible()


def test_files_from_outside_the_library_stand_for_a_part_until_they_are_taken_away(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage, tmp_path: Path
) -> None:
    (card,) = describe(qtbot, running, "prop-0001")
    outside = tmp_path / "reference.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    assert image.save(str(outside))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(outside))])
    with qtbot.waitSignal(running.desk.thumbnails.arrived):
        card.dropped.emit(card.key, None, mime)
    qtbot.waitUntil(card.files.isVisible)
    brief = last_brief(qtbot, running, fake)
    assert [[(one.asset_id, one.path) for one in choice] for choice in brief.groups[0]] == [
        [(2, None)],
        [(None, outside)],
    ]
    (chip,) = card.files.findChildren(Chip)
    chip.removed.emit()
    assert not card.files.isVisible()
    assert ids_of(last_brief(qtbot, running, fake)) == [[[2]]]
    assert page.isVisible()


def test_a_picture_is_taken_from_the_tray(qtbot: QtBot, running: Propmaster, page: ComposePage) -> None:
    (card,) = describe(qtbot, running, "prop-0001")
    running.desk.tray.put((9,), Role.PROP)
    running.desk.tray.put((7,), Role.PERSON)
    qtbot.waitUntil(lambda: len(running.desk.tray.tray.ids()) == 2)
    card.tray_wanted.emit(card.key)
    menu = QGuiApplication.instance().activePopupWidget()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["prop-0006.png", "prop-0008.png"]
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: chosen(card) == [7, 2])
    assert page.isVisible()


def test_what_must_stay_is_refused_and_leaves_a_part_when_it_is_marked_later(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    (card,) = describe(qtbot, running, "prop-0001")
    fake.kept_back = {5}
    with qtbot.waitSignal(running.desk.notifications.told) as told:
        running.desk.composing.offer(card.key, (5,))
    assert "never send" in told.args[0].text
    assert chosen(card) == [2]
    fake.kept_back = {2}
    answer = fake.answers[protocol.PlanComposition]
    fake.answers[protocol.PlanComposition] = lambda c: (
        protocol.RequestFailed(c.request_id, "never_sent", "It must stay.", "Choose another.")
        if c.brief.groups
        else answer(c)
    )
    running.desk.planning.renew()
    qtbot.waitUntil(lambda: not candidates(card))
    qtbot.waitUntil(lambda: page.foot.review.isEnabled())


def test_what_was_asked_for_one_way_reaches_its_slots_when_the_user_turned_to_another(
    qtbot: QtBot, running: Propmaster, page: ComposePage
) -> None:
    (card,) = describe(qtbot, running, "prop-0001")
    composing, client = running.desk.composing, running.desk.client
    with qtbot.waitSignal(client.assets_chosen):
        composing.offer(card.key, (5,))
        composing.turn_to(Way.STYLE)
    with qtbot.waitSignal(client.assets_chosen):
        running.desk.planning.stale.emit()
        composing.turn_to(Way.DESCRIBE)
    assert chosen(page.cards[0]) == [5, 2]


def test_the_line_says_how_many_how_much_and_what_is_left(
    qtbot: QtBot, running: Propmaster, page: ComposePage, tmp_path: Path
) -> None:
    describe(qtbot, running, "prop-00")
    running.desk.composing.choose(page.cards[0].key, tuple(range(1, 13)))
    page.foot.model.setCurrentIndex(0)
    page.foot.model.activated.emit(0)
    qtbot.waitUntil(lambda: page.foot.price.text().startswith("12 pictures · $0.4032 · ¥2.86"))
    assert page.foot.price.text().endswith("prices of 2026-11-20 · $10.00 left today")
    assert "needs a key" in page.foot.warning.text()
    page.foot.takes.setValue(2)
    qtbot.waitUntil(lambda: page.foot.price.text().startswith("24 pictures"))
    page.foot.size_box.setCurrentText("2K")
    page.foot.size_box.activated.emit(1)
    qtbot.waitUntil(lambda: "$1.61" in page.foot.price.text())
    kept = PreferenceStore(tmp_path).current
    assert (kept.model, kept.picture_size) == ("paid", "2K")


def test_retired_models_say_so_and_cannot_be_chosen(page: ComposePage) -> None:
    assert page.foot.model.itemText(1) == "Old — retired, use Paid"
    assert not page.foot.model.model().item(1).isEnabled()
    assert page.foot.model.model().item(0).isEnabled()


def test_drafts_are_made_until_the_first_service_has_a_key(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    describe(qtbot, running)
    assert page.foot.model.currentText() == "Draft"
    assert page.foot.model.itemText(0) == "Paid — needs a key"
    assert last_brief(qtbot, running, fake).model == "draft"
    key = protocol.KeptKey(protocol.KeyPlace.KEYRING, "the keyring")
    generators = [replace(one, key=key) if one.needs_key else one for one in running.desk.composing.generators]
    fake.answers[protocol.ListGenerators] = lambda c: protocol.GeneratorsListed(c.request_id, tuple(generators), ())
    running.desk.composing.ask_generators()
    qtbot.waitUntil(lambda: page.foot.model.currentText() == "Paid")
    assert last_brief(qtbot, running, fake).model == "paid"


def test_the_successor_of_a_retired_model_is_one_press_away(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    describe(qtbot, running)
    running.desk.composing.ask_for(model="old")
    assert page.foot.warning.text() == "Old is not offered any more."
    assert not page.foot.review.isEnabled()
    qtbot.mouseClick(page.foot.remedy, Qt.MouseButton.LeftButton)
    assert last_brief(qtbot, running, fake).model == "paid"
    assert "old" not in [one.brief.model for one in fake.asked_for(protocol.PlanComposition)]


def test_what_is_dropped_beside_the_parts_is_one_more(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage, tmp_path: Path
) -> None:
    describe(qtbot, running, "prop-0001")
    inside = tmp_path / "in.png"
    inside.touch()
    fake.files = {inside: 9}
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(inside))])
    action, mouse, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), action, mime, mouse, key))
    qtbot.waitUntil(lambda: [chosen(card) for card in page.cards] == [[2], [9]])
    assert running.desk.session.page is Page.COMPOSE


def test_what_is_too_much_for_a_model_is_said_before_it_is_planned(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    (card,) = describe(qtbot, running, "prop-00")
    qtbot.waitUntil(lambda: page.foot.review.isEnabled())
    running.desk.composing.offer(card.key, tuple(range(1, 21)))
    running.desk.composing.recast(card.key, Role.PROP)
    running.desk.composing.spread(card.key, in_turn=False)
    qtbot.waitUntil(lambda: "at most 14 references a picture, here are 20" in page.foot.warning.text())
    assert not page.foot.review.isEnabled()
    planned = fake.asked_for(protocol.PlanComposition)
    assert all(len(choice) <= 14 for one in planned for group in one.brief.groups for choice in group)


def test_what_fails_is_said_at_the_line_and_nowhere_else(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    fake.answers[protocol.PlanComposition] = lambda c: protocol.RequestFailed(
        c.request_id, "invalid_brief", "Not so.", "Do it otherwise."
    )
    with qtbot.assertNotEmitted(running.desk.notifications.told):
        describe(qtbot, running)
        qtbot.waitUntil(lambda: page.foot.warning.text() == "Not so. Do it otherwise.")


def test_only_the_newest_plan_is_shown(qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage) -> None:
    describe(qtbot, running)
    qtbot.waitUntil(lambda: page.foot.review.isEnabled())
    held: list[protocol.PlanComposition] = []
    answer = fake.answers[protocol.PlanComposition]
    fake.answers[protocol.PlanComposition] = held.append
    page.foot.takes.setValue(3)
    qtbot.waitUntil(lambda: len(held) == 1)
    assert not page.foot.review.isEnabled()
    fake.answers[protocol.PlanComposition] = answer
    page.foot.takes.setValue(5)
    qtbot.waitUntil(lambda: page.foot.price.text().startswith("5 pictures"))
    fake.tell(answer(held[0]))
    fake.tell(protocol.FoldersChanged())
    qtbot.waitUntil(lambda: len(fake.asked_for(protocol.ListFolders)) > 1)
    assert page.foot.price.text().startswith("5 pictures")


def test_the_prompt_is_shown_with_its_references_by_number(
    qtbot: QtBot, running: Propmaster, page: ComposePage
) -> None:
    describe(qtbot, running)
    qtbot.waitUntil(page.preview.isVisible)
    page.preview.fold.click()
    texts = [one.text() for one in page.preview.findChildren(type(page.foot.price)) if one.isVisible()]
    assert "Dress the person in image 1." in texts
    assert "1 · Person" in texts


def test_results_go_to_the_folder_of_the_users_choice(
    qtbot: QtBot,
    running: Propmaster,
    fake: FakeEngine,
    page: ComposePage,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    describe(qtbot, running)
    qtbot.waitUntil(lambda: page.foot.folder.text() == "made")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "renders"))
    page.foot.folder.click()
    qtbot.waitUntil(lambda: fake.asked_for(protocol.PlanComposition)[-1].results_folder == tmp_path / "renders")
    qtbot.waitUntil(lambda: page.foot.folder.text() == "renders")


def test_consent_runs_the_plan_and_leads_to_the_batches(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    describe(qtbot, running)
    qtbot.waitUntil(lambda: page.foot.review.isEnabled())
    plan_id = running.desk.planning.planned.request_id
    qtbot.mouseClick(page.foot.review, Qt.MouseButton.LeftButton)
    sheet = running.window.findChild(ConsentSheet)
    assert not fake.asked_for(protocol.RunPlan)
    sheet._send.click()
    qtbot.waitUntil(lambda: running.desk.session.page is Page.BATCHES)
    assert [one.plan_id for one in fake.asked_for(protocol.RunPlan)] == [plan_id]
    qtbot.waitUntil(lambda: running.desk.planning.planned is not None and not running.desk.planning.waits)
    assert running.desk.planning.planned.request_id != plan_id


def test_a_missing_key_is_entered_over_the_sheet(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    answer = fake.answers[protocol.PlanComposition]

    def without_key(command: protocol.PlanComposition) -> protocol.Event | None:
        planned = answer(command)
        assert isinstance(planned, protocol.CompositionPlanned)
        paid = replace(planned.plan, generator="paid", cautions=(protocol.Caution.NO_KEY,), local=False)
        return replace(planned, plan=paid)

    fake.answers[protocol.PlanComposition] = without_key
    describe(qtbot, running)
    qtbot.waitUntil(lambda: page.foot.review.isEnabled())
    qtbot.mouseClick(page.foot.review, Qt.MouseButton.LeftButton)
    sheet = running.window.findChild(ConsentSheet)
    assert not sheet._send.isEnabled()
    qtbot.mouseClick(sheet._mend, Qt.MouseButton.LeftButton)
    settings = sheet.findChild(SettingsDialog)
    qtbot.waitUntil(lambda: settings.findChild(KeyRow) is not None)
    entry = settings.findChild(KeyRow).findChild(QLineEdit)
    qtbot.keyClicks(entry, "a-key")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one.key for one in fake.asked_for(protocol.KeepKey)] == ["a-key"])


def test_the_page_survives_another_language_and_a_turn_of_the_page(
    qtbot: QtBot, running: Propmaster, page: ComposePage
) -> None:
    describe(qtbot, running)
    assert page.isVisible()
    running.desk.preferences.update(language=Language.CHINESE)
    anew = running.window.compose
    assert anew.isVisible()
    assert anew.text.text() == DESCRIPTION
    assert [chosen(card) for card in anew.cards] == [[2], [3]]
    assert anew.cards[0].role.currentText() == "人物"
    running.desk.session.turn_to(Page.BATCHES)
    running.desk.session.turn_to(Page.COMPOSE)
    assert [chosen(card) for card in anew.cards] == [[2], [3]]
    running.desk.preferences.update(language=Language.ENGLISH)


def test_a_composition_begins_with_what_is_selected(
    qtbot: QtBot, running: Propmaster, fake: FakeEngine, page: ComposePage
) -> None:
    running.desk.session.turn_to(Page.PICTURES)
    running.window.grid.go_to(3)
    flag = running.window.grid.selectionModel().SelectionFlag
    running.window.grid.selectionModel().select(running.desk.session.assets.index(5), flag.Select)
    running.window.actions_table[ActionId.COMPOSE_WITH].trigger()
    qtbot.waitUntil(lambda: [chosen(card) for card in page.cards] == [[4, 6]])
    assert page.isVisible()
    assert ids_of(last_brief(qtbot, running, fake)) == [[[4, 6]]]
