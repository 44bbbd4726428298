"""A brief becomes a plan: every cell once, in order, priced, and nothing that the model would refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.compose.brief import Brief, Element, Group, InvalidBrief, Mode, Reference, same_for_all
from engine.compose.generators.generator import Role
from engine.compose.models import ModelRetired, Models, load_models
from engine.compose.plan import MAX_JOBS, Plan, make_plan
from engine.compose.prompt import load_templates

TODAY = date(2026, 11, 25)


def picture(name: str, role: Role) -> Element:
    return Element(role, "", Reference(Path(f"/art/{name}.png"), f"{abs(hash(name)):016x}"))


def group(role: Role, many: int) -> Group:
    return tuple((picture(f"{role}{number}", role),) for number in range(many))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return load_models(tmp_path_factory.mktemp("home"))


def planned(models: Models, brief: Brief, currency: str = "CNY") -> Plan:
    return make_plan(brief, models, load_templates(Path("/nowhere")), currency, TODAY)


def refused(models: Models, brief: Brief) -> InvalidBrief:
    with pytest.raises(InvalidBrief) as caught:
        planned(models, brief)
    assert caught.value.hint
    return caught.value


DRESS = Brief(Mode.DRESS, groups=(group(Role.PERSON, 3), group(Role.GARMENT, 4)))


def test_the_matrix_has_every_combination_once(models: Models) -> None:
    plan = planned(models, DRESS)
    assert [job.cell for job in plan.jobs] == [(row, column) for row in range(3) for column in range(4)]
    assert len({job.references for job in plan.jobs}) == 12
    job = plan.jobs[6]
    assert [(reference.path.stem, role) for reference, role in job.references] == [
        ("person1", Role.PERSON), ("garment2", Role.GARMENT),
    ]  # fmt: skip
    assert len(plan.references) == 7


def test_count_makes_several_takes_of_each_cell(models: Models) -> None:
    plan = planned(models, replace(DRESS, count=2))
    assert [(job.cell, job.take) for job in plan.jobs[:3]] == [((0, 0), 0), ((0, 0), 1), ((0, 1), 0)]
    assert len(plan.jobs) == 24


def test_references_are_numbered_by_role_whatever_the_order_of_groups(models: Models) -> None:
    outfit = same_for_all(picture("watch", Role.ACCESSORY), picture("suit", Role.GARMENT))
    job = planned(models, Brief(Mode.DRESS, groups=(outfit, group(Role.PERSON, 1)))).jobs[0]
    assert [role for _, role in job.references] == [Role.PERSON, Role.GARMENT, Role.ACCESSORY]
    assert "the person in image 1 wearing the garment of image 2 and the accessory of image 3" in job.prompt


def test_the_default_is_under_one_yuan_and_the_plan_says_so(models: Models) -> None:
    plan = planned(models, DRESS)
    assert (plan.model, plan.size, plan.ratio) == (models.default, "1K", models.default.ratios[0])
    assert plan.price == sum(job.price for job in plan.jobs) <= 12 * plan.price_each
    words = plan.price_in_words()
    assert words.startswith("12 pictures at up to $0.0377 (¥0.27, under ¥1) each: $0.4523 (¥3.26) in all")
    assert str(plan.model.as_of) in words
    assert str(models.currency("CNY").as_of) in words


def test_other_sizes_and_currencies_are_told_as_they_are(models: Models) -> None:
    plan = planned(models, replace(DRESS, model="gemini-3-pro-image", size="4k", ratio="3:4"), "USD")
    job = plan.jobs[0]
    assert (plan.size, plan.ratio) == ("4K", "3:4")
    assert job.price == 240_000 + 2 * (2 * 1120 + len(job.prompt))
    assert "¥" not in plan.price_in_words()
    dear = planned(models, replace(DRESS, model="gemini-3-pro-image", size="4K"))
    assert "under" not in dear.price_in_words()


def test_1k_is_meant_where_nobody_says_even_if_smaller_is_offered(models: Models) -> None:
    small = replace(models.default, name="small", prices={"512": 1, "1K": 2})
    tiny = replace(models.default, name="tiny", prices={"512": 1})
    table = Models((small, tiny), models.currencies)
    assert [planned(table, replace(DRESS, model=name)).size for name in ("small", "tiny")] == ["1K", "512"]


def test_drafts_are_free_and_the_plan_says_so(models: Models) -> None:
    assert planned(models, replace(DRESS, model="draft")).price_in_words().endswith("free")


def test_what_the_model_does_not_make_is_refused_with_the_choices(models: Models) -> None:
    error = refused(models, replace(DRESS, size="8K"))
    assert "1K, 2K, 4K" in error.hint
    assert "3:4" in refused(models, replace(DRESS, ratio="1:7")).hint
    with pytest.raises(ModelRetired):
        planned(models, replace(DRESS, model="gemini-2.5-flash-image"))


def test_too_many_references_are_refused_before_anything_is_sent(models: Models) -> None:
    crowd = Brief(
        Mode.DRESS, groups=(same_for_all(*(picture(str(n), Role.PERSON) for n in range(5))), *DRESS.groups[1:])
    )
    error = refused(models, crowd)
    assert "at most 4 references of persons" in error.message
    assert "here are 5" in error.message
    heap = Brief(Mode.PROP, groups=(same_for_all(*(picture(str(n), Role.PROP) for n in range(11))),))
    assert "at most 10 references a picture; here are 11" in refused(models, heap).message
    assert planned(models, replace(heap, model="gemini-3.1-flash-lite-image")).jobs


@pytest.mark.parametrize(
    ("brief", "complaint"),
    [
        (Brief(Mode.PROP), "nothing to compose"),
        (Brief(Mode.PROP, " \n"), "nothing to compose"),
        (Brief(Mode.PROP, "mug", count=0), "no picture is asked for"),
        (Brief(Mode.DRESS, groups=(group(Role.GARMENT, 2),)), "person to dress"),
        (Brief(Mode.DRESS, groups=(group(Role.PERSON, 2),)), "a garment or an accessory"),
        (Brief(Mode.DRESS, groups=(group(Role.PERSON, 2), ())), "group 2 of the matrix is empty"),
        (Brief(Mode.SCENE, "beach"), "what is to be set into it"),
        (Brief(Mode.SCENE, groups=(group(Role.PROP, 2),)), "the place"),
        (Brief(Mode.DRESS, groups=(group(Role.PERSON, 200), group(Role.GARMENT, 200))), f"{MAX_JOBS:,} is the most"),
    ],
)
def test_briefs_without_sense_say_what_is_missing(models: Models, brief: Brief, complaint: str) -> None:
    error = refused(models, brief)
    assert complaint in error.message + error.hint


def test_words_can_stand_for_garment_and_scene(models: Models) -> None:
    linen = Element(Role.GARMENT, "white linen suit")
    beach = Element(Role.SCENE, "beach at dusk")
    plan = planned(models, Brief(Mode.DRESS, groups=(group(Role.PERSON, 1), same_for_all(linen, beach))))
    assert "Add “white linen suit”." in plan.jobs[0].prompt
    assert "set in “beach at dusk”" in plan.jobs[0].prompt
