"""What is put together becomes a brief: slots are the groups of a matrix, words stand where no picture does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.models.composition import Excess, Kind, Lack, Output, Sheet, Slot, Way
from engine.protocol import AssetRow, Band, Element, Mode, Role
from tests.desktop.fake_compositions import MODEL
from tests.desktop.fake_engine import make_rows

ROWS = make_rows(9)


def slot(key: int, role: Role, chosen: tuple[int, ...] = (), text: str = "", **more: bool) -> Slot:
    return Slot(key, role, text, ROWS, chosen=chosen, **more)


def picture(role: Role, row: AssetRow, text: str = "") -> Element:
    return Element(role, text, row.id, row.path.name)


def test_slots_are_the_sides_of_a_matrix() -> None:
    sheet = Sheet(
        Way.DRESS, "at dusk", (slot(1, Role.PERSON, (1, 2)), slot(2, Role.GARMENT, (3, 4, 5)), slot(3, Role.PROP))
    )
    brief = sheet.brief(Output(model="draft", count=2))
    assert brief.mode is Mode.DRESS
    assert brief.groups == (
        tuple((picture(Role.PERSON, row),) for row in ROWS[:2]),
        tuple((picture(Role.GARMENT, row),) for row in ROWS[2:5]),
    )
    assert (brief.count, brief.model, brief.text) == (2, "draft", "at dusk")


def test_what_is_used_together_is_one_choice() -> None:
    (group,) = Sheet(Way.DRESS, slots=(slot(1, Role.ACCESSORY, (1, 3), in_turn=False),)).groups
    assert group == ((picture(Role.ACCESSORY, ROWS[0]), picture(Role.ACCESSORY, ROWS[2])),)


def test_words_of_a_description_are_not_said_twice() -> None:
    text = "elf archer with a flaming crown in a forest"
    parts = (
        slot(1, Role.PERSON, (1,), "elf archer"),
        slot(2, Role.ACCESSORY, (), "flaming crown"),
        slot(3, Role.SCENE, (), "forest"),
        slot(4, Role.PROP, (), "silver bow"),
    )
    assert Sheet(Way.DESCRIBE, text, parts).groups == (
        ((picture(Role.PERSON, ROWS[0], "elf archer"),),),
        ((Element(Role.SCENE, "forest"),),),
        ((Element(Role.PROP, "silver bow"),),),
    )


def test_each_line_is_a_scene_of_its_own_with_and_without_a_picture() -> None:
    words = slot(1, Role.SCENE, (), "on a beach\n\n in snow ")
    assert words.group("") == ((Element(Role.SCENE, "on a beach"),), (Element(Role.SCENE, "in snow"),))
    both = replace(words, chosen=(4,)).group("")
    assert both == ((picture(Role.SCENE, ROWS[3], "on a beach"),), (picture(Role.SCENE, ROWS[3], "in snow"),))


def test_a_file_from_outside_is_a_picture_like_any_other() -> None:
    file = Path("/elsewhere/anna.png")
    person = replace(slot(1, Role.PERSON, (2,)), files=(file,))
    assert person.group("") == (
        (picture(Role.PERSON, ROWS[1]),),
        (Element(Role.PERSON, name="anna.png", path=file),),
    )
    alone = Sheet(Way.DRESS, "in red", (Slot(1, Role.PERSON, files=(file,)),))
    assert alone.lack() is None
    assert alone.excess(replace(MODEL, persons=0, objects=0)) == (Excess(Kind.OBJECTS, 1, 0),)


@pytest.mark.parametrize(
    ("sheet", "lack"),
    [
        (Sheet(Way.DESCRIBE), Lack.ANYTHING),
        (Sheet(Way.DRESS), Lack.PERSON),
        (Sheet(Way.SCENE), Lack.SUBJECT),
        (Sheet(Way.STYLE), Lack.WORDS),
        (Sheet(Way.DESCRIBE, "a hat"), None),
        (Sheet(Way.DRESS, "a hat"), Lack.PERSON),
        (Sheet(Way.DRESS, slots=(slot(1, Role.PERSON, (1,)),)), Lack.CLOTHES),
        (Sheet(Way.DRESS, slots=(slot(1, Role.PERSON, (1,)), slot(2, Role.ACCESSORY, (), "a watch"))), None),
        (Sheet(Way.SCENE, "a beach"), Lack.SUBJECT),
        (Sheet(Way.SCENE, slots=(slot(1, Role.PROP, (1,)),)), Lack.PLACE),
        (Sheet(Way.SCENE, slots=(slot(1, Role.PROP, (1,)), slot(2, Role.SCENE, (2,)))), None),
        (Sheet(Way.STYLE, slots=(slot(1, Role.STYLE, (1,)),)), Lack.WORDS),
        (Sheet(Way.STYLE, "a man", (slot(1, Role.STYLE),)), Lack.STYLE),
        (Sheet(Way.STYLE, "a man", (slot(1, Role.STYLE, (1,)),)), None),
    ],
)
def test_what_is_missing_is_known_before_it_is_planned(sheet: Sheet, lack: Lack | None) -> None:
    assert sheet.lack() is lack


def test_a_model_is_not_asked_for_more_than_it_takes() -> None:
    small = replace(MODEL, objects=3, persons=2, styles=0)
    fits = Sheet(Way.DRESS, slots=(slot(1, Role.PERSON, (1, 2, 3)), slot(2, Role.GARMENT, (4, 5, 6, 7))))
    assert fits.excess(small) == ()
    together = replace(fits, slots=tuple(replace(one, in_turn=False) for one in fits.slots))
    assert together.excess(small) == (Excess(Kind.OBJECTS, 4, 3), Excess(Kind.PERSONS, 3, 2))
    styles = Sheet(
        Way.DESCRIBE, slots=(slot(1, Role.STYLE, (1, 2), in_turn=False), slot(2, Role.PROP, (3, 4), in_turn=False))
    )
    assert styles.excess(small) == (Excess(Kind.OBJECTS, 4, 3),)


def test_the_best_candidate_is_chosen_where_it_fits_and_the_users_choice_stays() -> None:
    strong, weak = replace(ROWS[0], band=Band.STRONG), replace(ROWS[1], band=Band.WEAK)
    wanted = (Band.STRONG, Band.LIKELY)
    assert Slot(1, Role.PROP).answered_with((strong, weak), wanted).chosen == (1,)
    assert Slot(1, Role.PROP).answered_with((weak,), wanted).chosen == ()
    chosen = Slot(1, Role.PROP).answered_with((strong, weak), wanted).offering([ROWS[5]])
    again = chosen.answered_with((weak, strong), wanted)
    assert again.chosen == (6, 1)
    assert [row.id for row in again.candidates] == [6, 1, 2]


def test_a_slot_follows_the_tray() -> None:
    fed = Slot(1, Role.PROP).fed_with(ROWS[:2])
    assert fed.chosen == (1, 2)
    without = replace(fed, chosen=(2,)).fed_with(ROWS[:3])
    assert without.chosen == (2, 3)
    assert without.fed_with(ROWS[2:3]).candidates == ROWS[2:3]
    assert without.fed_with(ROWS[2:3]).chosen == (3,)
