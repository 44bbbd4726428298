"""The table of models: what ships, what a user's copy changes, what is retired."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.compose.generators.generator import Role
from engine.compose.models import FILE_NAME, Model, ModelRetired, Models, ModelTableDamaged, ModelUnknown, load_models
from engine.services.money import MICRO, USD, micro_usd
from engine.services.service import Usage

TODAY = date(2026, 11, 25)
ROW = """
[[model]]
name = "{name}"
generator = "gemini"
prices = {{ 1K = {price} }}
references = {{ objects = 2 }}
ratios = ["1:1"]
date = 2027-01-31
source = "my contract"
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Models:
    return load_models(tmp_path)


def with_copy(home: Path, text: str) -> Models:
    (home / FILE_NAME).write_text(text, "utf-8")
    return load_models(home)


def test_every_row_has_a_date_a_source_and_prices(shipped: Models) -> None:
    assert len({row.name for row in shipped.rows}) == len(shipped.rows) >= 5
    for row in shipped.rows:
        assert row.as_of >= date(2026, 11, 1)
        assert row.source
        assert row.references.objects > 0
        assert all(price >= 0 for price in row.prices.values())


def test_the_default_costs_less_than_one_yuan_at_1k(shipped: Models) -> None:
    default = shipped.find(shipped.default.name, TODAY)
    assert default.generator == "gemini"
    assert 0 < shipped.currency("CNY").of(default.prices["1K"]) < 1


def test_drafts_are_free(shipped: Models) -> None:
    assert set(shipped.find("draft").prices.values()) == {0}


def test_a_retired_model_names_its_successor_from_its_day_on(shipped: Models) -> None:
    retired = next(row for row in shipped.rows if row.retired is not None)
    assert retired.retired is not None
    assert shipped.find(retired.name, date(2026, 1, 1)) is retired
    with pytest.raises(ModelRetired) as caught:
        shipped.find(retired.name, retired.retired)
    assert caught.value.successor in caught.value.hint
    assert shipped.find(caught.value.successor, TODAY) in shipped.usable(TODAY)
    assert retired not in shipped.usable(TODAY)


def test_an_unknown_model_lists_the_known_ones(shipped: Models) -> None:
    with pytest.raises(ModelUnknown) as caught:
        shipped.find("gemini-99")
    assert shipped.default.name in caught.value.hint


def test_a_copy_replaces_rows_of_its_names_and_adds_others(tmp_path: Path, shipped: Models) -> None:
    default = shipped.default.name
    own = with_copy(tmp_path, ROW.format(name=default, price=0.02) + ROW.format(name="mine", price=1))
    assert [row.name for row in own.rows] == [row.name for row in shipped.rows] + ["mine"]
    assert (own.default.prices["1K"], own.default.as_of) == (20_000, date(2027, 1, 31))
    assert own.find("mine").prices == {"1K": MICRO}


def test_a_copy_changes_the_rate(tmp_path: Path) -> None:
    own = with_copy(
        tmp_path, '[[currency]]\ncode = "CNY"\nsymbol = "¥"\nper_usd = 6.9\ndate = 2027-02-01\nsource = "bank"\n'
    )
    assert own.currency("cny").per_usd == Decimal("6.9")
    assert own.currency("USD") is USD


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[model]\n", "cannot be used"),
        ("models = 3\n", "neither"),
        (ROW.format(name="x", price='"cheap"'), "model 1: 'cheap' should be a number"),
        (ROW.format(name="x", price=-1), "0 or more"),
        (ROW.format(name="x", price=1).replace("source", "sauce"), "lacks “source”"),
        (ROW.format(name="x", price=1) + 'size = "1K"\n', "“size” is no part"),
        (ROW.format(name="x", price=1).replace("2027-01-31", '"soon"'), "should be a date"),
        (ROW.format(name="x", price=1).replace("objects", "objectives"), "objectives"),
        (ROW.format(name="x", price=1) + 'successor = "nobody"\n', "nobody, is not in the table"),
        ("model = 3\n", "double brackets"),
        ("[model]\nname = 3\n", "double brackets"),
        ('[[currency]]\ncode = "CNY"\nper_usd = 0\ndate = 2027-02-01\nsource = "x"\n', "rate of 0"),
    ],
)
def test_a_damaged_copy_says_what_is_wrong_and_where(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ModelTableDamaged) as caught:
        with_copy(tmp_path, text)
    assert complaint in caught.value.message
    assert str(tmp_path / FILE_NAME) in caught.value.message
    assert "delete it" in caught.value.hint


def test_roles_take_the_room_of_their_kind_or_of_objects(shipped: Models) -> None:
    pro = shipped.find("gemini-3-pro-image").references
    lite = shipped.find("gemini-3.1-flash-lite-image").references
    assert [pro.kind_of(role) for role in (Role.PERSON, Role.STYLE, Role.GARMENT)] == ["persons", "styles", "objects"]
    assert {lite.kind_of(role) for role in Role} == {"objects"}


def test_amounts_read_as_people_write_them(shipped: Models) -> None:
    assert micro_usd(Decimal("0.0336")) == 33_600
    assert micro_usd(Decimal("0.00000001")) == 1
    assert [USD.written(amount) for amount in (0, 33_600, 50_000, 1_000_000, 1_234_567_891)] == [
        "$0.00", "$0.0336", "$0.05", "$1.00", "$1,234.57",
    ]  # fmt: skip
    assert shipped.currency("CNY").written(1_000_000) == "¥7.20"


def test_tokens_are_priced_by_what_they_are_of(tmp_path: Path) -> None:
    models = load_models(tmp_path)
    cost = models.cost("gemini-3-pro-image", Usage(1000, 1700, 580))
    assert cost == 1000 * 2 + 1120 * 120 + 580 * 12
    assert models.cost("gemini-3-pro-image", Usage()) is None
    assert models.cost("draft", Usage(1, 1)) is None


@pytest.mark.parametrize(
    "model", [row for row in load_models(Path("/nowhere")).rows if row.tokens], ids=lambda m: m.name
)
def test_plan_holds_no_less_than_the_picture_and_its_references_come_to(model: Model) -> None:
    assert model.tokens is not None
    usage = Usage(3 * model.tokens.reference + 100, 1120)
    assert (model.tokens.cost(usage) or 0) <= model.most_for("1K", 3, "x" * 100) * 1.01


@pytest.mark.parametrize("tokens", ["{ input = 1 }", "1", '{ input = 1, picture = 1, text = 1, reference = "many" }'])
def test_token_prices_that_make_no_sense_are_refused(tmp_path: Path, tokens: str) -> None:
    row = f"""
[[model]]
name = "mine"
generator = "gemini"
prices = {{ 1K = 0.1 }}
references = {{ objects = 1 }}
ratios = ["1:1"]
date = 2026-11-22
source = "me"
tokens = {tokens}
"""
    (tmp_path / FILE_NAME).write_text(row, "utf-8")
    with pytest.raises(ModelTableDamaged):
        load_models(tmp_path)
