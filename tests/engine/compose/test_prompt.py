"""Prompts name each reference by its number and its role, say what must stay, and leave out what nobody gave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.compose.brief import Element, Mode, Reference
from engine.compose.generators.generator import Role
from engine.compose.prompt import FILE_NAME, PromptsDamaged, Templates, load_templates, write_prompt


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return load_templates(tmp_path)


def pictured(role: Role, text: str = "") -> Element:
    return Element(role, text, Reference(Path(f"{role}.png"), "00"))


PERSON, SUIT, WATCH = pictured(Role.PERSON), pictured(Role.GARMENT), pictured(Role.ACCESSORY, "gold watch")
MUG, BEACH = pictured(Role.PROP), pictured(Role.SCENE)


def test_dressing_says_by_number_what_is_worn_and_what_stays(templates: Templates) -> None:
    prompt = write_prompt(templates, Mode.DRESS, (PERSON, SUIT, WATCH), "")
    assert prompt.startswith(
        "Make one photograph of the person in image 1 wearing the garment of image 2 and the accessory of image 3."
    )
    assert "pose and proportions of the person in image 1 stay exactly as they are" in prompt
    assert "The garment of image 2 keeps its cut" in prompt
    assert "The accessory of image 3 is “gold watch”." in prompt
    assert "The ground, the framing and the light stay" in prompt


def test_numbers_follow_the_pictures_and_words_alone_take_none(templates: Templates) -> None:
    hat = Element(Role.ACCESSORY, "straw hat")
    prompt = write_prompt(templates, Mode.DRESS, (PERSON, SUIT, hat, BEACH), "")
    assert "Add “straw hat”." in prompt
    assert "set in the place of image 3" in prompt
    assert "image 4" not in prompt
    assert "otherwise dressed" not in prompt


def test_several_of_a_role_are_listed_and_kept_each(templates: Templates) -> None:
    prompt = write_prompt(templates, Mode.DRESS, (PERSON, SUIT, SUIT, SUIT), "")
    assert "wearing the garment of image 2, the garment of image 3 and the garment of image 4." in prompt
    assert prompt.count("keeps its cut") == 3


def test_props_stand_on_white_unless_a_scene_is_given(templates: Templates) -> None:
    bare = write_prompt(templates, Mode.PROP, (MUG,), "戴着火焰皇冠的精灵弓箭手")
    assert "“戴着火焰皇冠的精灵弓箭手”" in bare
    assert "plain pure white ground" in bare
    assert "white ground" not in write_prompt(templates, Mode.PROP, (MUG, BEACH), "mug")


def test_a_scene_may_be_words_a_picture_or_both(templates: Templates) -> None:
    words = Element(Role.SCENE, "雪山脚下的木桌")
    assert "of the object of image 1 in “雪山脚下的木桌”." in write_prompt(templates, Mode.SCENE, (MUG, words), "")
    assert "in the place of image 2." in write_prompt(templates, Mode.SCENE, (MUG, BEACH), "")
    both = write_prompt(templates, Mode.SCENE, (MUG, pictured(Role.SCENE, "at dusk")), "")
    assert "The place of image 2 is “at dusk”." in both
    brief = write_prompt(templates, Mode.SCENE, (MUG,), "on a beach")
    assert "in this scene: “on a beach”" in brief
    assert "The object of image 1 stays exactly as it is" in brief


def test_a_variation_takes_the_style_and_nothing_that_it_shows(templates: Templates) -> None:
    prompt = write_prompt(templates, Mode.VARIATION, (pictured(Role.STYLE),), "European male model wearing suit")
    assert "“European male model wearing suit”" in prompt
    assert "Its style is that of image 1" in prompt
    assert "only the style is taken" in prompt


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("text", ["", "a {person} of “{image}” 50% off"])
def test_no_slot_is_left_open_and_words_stay_as_they_are(templates: Templates, mode: Mode, text: str) -> None:
    for elements in ((PERSON, SUIT, WATCH, MUG, BEACH, pictured(Role.STYLE)), (PERSON,), ()):
        prompt = write_prompt(templates, mode, elements, text)
        rest = prompt.replace(text, "") if text else prompt
        assert prompt
        assert not re.search(r"[{}]|\s\s|image \d\d", rest)
        assert {int(number) for number in re.findall(r"image (\d)", rest)} <= set(range(1, len(elements) + 1))


def test_a_copy_overrides_a_mode_and_leaves_the_others(tmp_path: Path, templates: Templates) -> None:
    (tmp_path / FILE_NAME).write_text('[prop]\nsentences = [{ say = "Draw {text} our way." }]\n', "utf-8")
    own = load_templates(tmp_path)
    assert write_prompt(own, Mode.PROP, (MUG,), "a mug") == "Draw “a mug” our way."
    assert own[Mode.DRESS] == templates[Mode.DRESS]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[prop]\nsentences = [{ say = "A {thing}." }]\n', "“thing” is no role"),
        ("[prop]\nsentences = [{ speak = 1 }]\n", "speak"),
        ("[prop]\nwords = []\n", "“sentences” is missing"),
        ("[cook]\nsentences = []\n", "cook"),
        ("[prop]\nsentences = [{ say = '' }]\n", "says nothing"),
        ("[prop\n", "cannot be used"),
        ("prop = 3\n", "cannot be used"),
    ],
)
def test_a_damaged_copy_says_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(PromptsDamaged) as caught:
        load_templates(tmp_path)
    assert complaint in caught.value.message
    assert str(tmp_path / FILE_NAME) in caught.value.message
