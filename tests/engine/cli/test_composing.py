"""`propmaster compose` on the command line: parts, plan, price, consent, and pictures by the draft generator."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.composing_parts import read_refs
from engine.compose.brief import InvalidBrief
from engine.compose.generators.generator import Role
from engine.images.provenance import find_provenance
from tests.engine.cli.conftest import Propmaster
from tests.helpers.drawing import draw
from tests.helpers.gemini_server import KEY, gemini_server

TEXT = "red crown with a blue sword"


@pytest.fixture
def plan_file(art: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(
        f'mode = "scene"\n[[group]]\nrole = "prop"\nfolder = "{art.name}"\n'
        '[[group]]\nrole = "scene"\ntexts = ["on a beach", "雪山脚下"]\n',
        "utf-8",
    )
    return path


def test_a_dry_run_tells_parts_references_prompt_and_price(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    run = propmaster("compose", TEXT, "--dry-run", "--json")
    assert run.status == 0
    plan = run.document
    parts = {part["text"]: part for part in plan["parts"]}
    assert set(parts) == {"red crown", "blue sword"}
    assert parts["red crown"]["reference"] == str(art / "red_crown.png")
    assert parts["blue sword"]["reference"] == str(art / "blue_sword.png")
    assert parts["blue sword"]["band"] in ("strong", "likely")
    (job,) = plan["jobs"]
    assert [reference["path"] for reference in job["references"]] == [
        str(art / "red_crown.png"), str(art / "blue_sword.png"),
    ]  # fmt: skip
    assert f"“{TEXT}”" in job["prompt"]
    assert 0 < plan["price"]["each"] < 1
    assert plan["price"]["currency"] == "CNY"
    assert "under ¥1" in plan["price"]["words"]
    assert [(one["width"], one["height"], one["media_type"]) for one in plan["sent"]] == [(64, 48, "image/png")] * 2
    assert propmaster("status", "--json").document["assets"] == 3


def test_a_dry_run_reads_well(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    shown = propmaster("compose", "picture", TEXT, "--dry-run").out
    assert "accessory  red crown  → " in shown
    assert "image 1: accessory" in shown
    assert "Leaves this computer, as these exact pixels" in shown
    assert "under ¥1) each" in shown
    assert shown.rstrip().endswith("Nothing was sent.")


def test_given_references_stand_for_the_part_of_their_role(propmaster: Propmaster, art: Path) -> None:
    run = propmaster(
        "compose", TEXT, "--ref", f"prop={art / 'deep' / '宝箱.png'}", "--ref", f"style={art / 'red_crown.png'}",
        "--words-only", "--model", "draft", "--ratio", "3:4", "--count", "2", "--dry-run", "--json",
    )  # fmt: skip
    plan = run.document
    assert [(part["text"], part["role"], part["match"]) for part in plan["parts"]] == [
        ("red crown", "accessory", None), ("blue sword", "prop", None), ("", "style", None),
    ]  # fmt: skip
    assert [job["take"] for job in plan["jobs"]] == [0, 1]
    assert [reference["role"] for reference in plan["jobs"][0]["references"]] == ["prop", "style"]
    assert (plan["ratio"], plan["price"]["usd"], plan["sent"]) == ("3:4", 0, [])


def test_style_from_library_takes_the_best_match_as_the_style_alone(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    plan = propmaster("compose", "red crown", "--style-from-library", "--dry-run", "--json").document
    assert plan["mode"] == "variation"
    assert [reference["role"] for reference in plan["jobs"][0]["references"]] == ["style"]
    assert plan["jobs"][0]["references"][0]["path"] == str(art / "red_crown.png")
    assert propmaster("compose", "x", "--style-from-library", "--home", art / "none", "--dry-run").status == 1


def test_nothing_is_sent_from_a_script_without_yes(propmaster: Propmaster) -> None:
    run = propmaster("compose", TEXT, "--words-only", "--json")
    assert run.status == 1
    assert run.document["error"] == "consent_missing"
    assert "--yes" in run.document["hint"]
    assert propmaster("jobs", "--json").document == []


def test_a_batch_multiplies_its_groups(propmaster: Propmaster, plan_file: Path) -> None:
    plan = propmaster("compose", "batch", plan_file, "--dry-run", "--json").document
    assert [job["cell"] for job in plan["jobs"]] == [[row, column] for row in range(3) for column in range(2)]
    assert plan["pictures"] == 6
    assert 5 * plan["price"]["usd_each"] < plan["price"]["usd"] <= 6 * plan["price"]["usd_each"]
    shown = propmaster("compose", "batch", plan_file, "--dry-run").out
    assert "… and 3 more of the same kind" in shown


def test_settings_say_how_much_of_a_picture_is_sent(
    propmaster: Propmaster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = draw(tmp_path / "large.png", 5, (2000, 1000))
    arguments = ("compose", "crown", "--ref", f"accessory={large}", "--words-only", "--dry-run", "--json")
    (usual,) = propmaster(*arguments).document["sent"]
    monkeypatch.setenv("PROPMASTER_OUTGOING_EDGE", "800")
    monkeypatch.setenv("PROPMASTER_OUTGOING_QUALITY", "40")
    (small,) = propmaster(*arguments).document["sent"]
    assert [(one["width"], one["height"]) for one in (usual, small)] == [(1536, 768), (800, 400)]
    assert small["bytes"] < usual["bytes"] / 4


def test_options_of_every_command_may_come_first(propmaster: Propmaster, plan_file: Path, tmp_path: Path) -> None:
    assert propmaster("compose", "--json", "batch", plan_file, "--dry-run").document["pictures"] == 6
    run = propmaster("compose", "--home", tmp_path / "other", "--json", "a crown", "--words-only", "--dry-run")
    assert run.document["text"] == "a crown"
    assert (tmp_path / "other" / "catalogue.sqlite").exists()


def test_drafts_are_made_at_once_and_can_be_found(propmaster: Propmaster, plan_file: Path, tmp_path: Path) -> None:
    run = propmaster("compose", "batch", plan_file, "--model", "draft", "--to", tmp_path / "out", "--json")
    assert run.status == 0
    batch = run.document
    assert (batch["counts"], batch["usd_spent"], batch["halt"]) == ({"done": 6}, 0, None)
    made = {Path(job["picture"]) for job in batch["jobs"]}
    assert len(made) == 6
    assert all(path.parent == tmp_path / "out" and path.stat().st_size for path in made)
    assert [folder["path"] for folder in propmaster("folders", "--json").document] == [str(tmp_path / "out")]


def test_yes_sends_what_the_plan_showed_and_saves_what_came(
    propmaster: Propmaster, art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("compose", TEXT, "--ref", f"prop={art / 'blue_sword.png'}", "--words-only", "--size", "2K", "--json")
    plan = propmaster(*arguments, "--dry-run").document
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    with gemini_server() as gemini:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini.address)
        run = propmaster(*arguments, "--to", tmp_path / "out", "--yes")
    assert run.status == 0
    (record,) = gemini.records
    assert (record.asked.prompt, record.asked.model) == (plan["jobs"][0]["prompt"], plan["model"])
    assert record.asked.media_types == tuple(one["media_type"] for one in plan["sent"])
    (job,) = run.document["jobs"]
    provenance = find_provenance(Path(job["picture"]).read_bytes())
    assert provenance is not None
    assert provenance["references"][0]["name"] == "blue_sword.png"
    # The answer counts 300 tokens of input and 1,120 of the picture.
    assert run.document["usd_spent"] == pytest.approx(300 * 1.5e-6 + 1120 * 30e-6)
    assert run.document["usd_spent"] < plan["price"]["usd"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--ref", "hero=x.png"), "invalid_brief"),
        (("--ref", "x.png"), "invalid_brief"),
        (("--ref", "prop=/nowhere/x.png"), "invalid_brief"),
        (("--mode", "cook"), "invalid_brief"),
        (("--mode", "dress"), "invalid_brief"),
        (("--size", "9K"), "invalid_brief"),
        (("--ratio", "7:1"), "invalid_brief"),
        (("--model", "gemini-2.5-flash-image"), "model_retired"),
        (("--model", "nobody"), "model_unknown"),
        (("--currency", "XYZ"), "model_table_damaged"),
    ],
)
def test_what_cannot_be_planned_says_why(propmaster: Propmaster, arguments: tuple[str, ...], error: str) -> None:
    run = propmaster("compose", TEXT, "--words-only", "--dry-run", "--json", *arguments)
    assert run.status == 1
    assert run.document["error"] == error
    assert run.document["hint"]


def test_marked_pictures_are_refused_by_name(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    from engine.catalogue.catalogue import Catalogue
    from tests.helpers.cataloguing import add_to_catalogue

    (tmp_path / "home").mkdir()
    catalogue = Catalogue(tmp_path / "home")
    add_to_catalogue(catalogue, art)
    catalogue.folders.set_never_send(art, True)
    catalogue.close()
    crown = art / "red_crown.png"
    run = propmaster("compose", "crown", "--ref", f"accessory={crown}", "--words-only", "--dry-run", "--json")
    assert run.document["error"] == "never_sent"
    assert str(crown) in run.document["message"]


def test_references_are_written_as_role_and_file() -> None:
    assert read_refs(["prop=a=b.png", "Person=c.png"]) == [(Role.PROP, Path("a=b.png")), (Role.PERSON, Path("c.png"))]
    with pytest.raises(InvalidBrief, match="hero"):
        read_refs(["hero=x.png"])
