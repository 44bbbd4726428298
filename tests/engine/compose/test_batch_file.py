"""A plan.toml becomes the matrix that it says, or an error that names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.jobs import Cell, JobState
from engine.compose.batch_file import BatchFile
from engine.compose.brief import InvalidBrief, NeverSent
from engine.compose.generators.generator import Role
from engine.compose.order import batch_of, pictures_of
from engine.composing import Composer
from engine.errors import FolderNotFound

MATRIX = """
mode = "dress"
ratio = "3:4"
count = 2

[[group]]
role = "person"
folder = "art/persons"

[[group]]
role = "garment"
query = "coat"
files = ["art/wear/hat.jpg"]
text = "to wear"

[[always]]
role = "scene"
text = "雪山脚下"
"""


def read(composer: Composer, tmp_path: Path, text: str) -> BatchFile:
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    return composer.read_batch(tmp_path / "plan.toml")


def test_folders_searches_and_lists_are_the_sides_of_the_matrix(composer: Composer, tmp_path: Path) -> None:
    plan = composer.plan(read(composer, tmp_path, MATRIX).brief)
    assert len(plan.jobs) == 2 * 3 * 2
    assert plan.ratio == "3:4"
    assert [path.path.name for path in plan.references] == [
        "anna.png", "blue coat.png", "red coat.png", "hat.jpg", "ben.png",
    ]  # fmt: skip
    assert all("in “雪山脚下”" in job.prompt for job in plan.jobs)
    assert "The garment of image 2 is “to wear”." in plan.jobs[0].prompt


def test_texts_are_alternatives_too(composer: Composer, tmp_path: Path) -> None:
    groups = '[[group]]\nrole = "prop"\nquery = "hat"\n[[group]]\nrole = "scene"\ntexts = ["beach", "雪山"]\n'
    brief = read(composer, tmp_path, f'mode = "scene"\n{groups}').brief
    prompts = [job.prompt for job in composer.plan(brief).jobs]
    assert ["“beach”" in prompt for prompt in prompts] == [True, False]
    assert ["“雪山”" in prompt for prompt in prompts] == [False, True]


def test_what_is_never_sent_is_left_out_of_folders_and_searches_and_named(
    composer: Composer, catalogue: Catalogue, tmp_path: Path, art: Path
) -> None:
    reference = composer.of_files([art / "wear" / "red coat.png"])[0]
    assert reference.asset_id is not None
    content_id = catalogue.shown.of_ids([reference.asset_id])[reference.asset_id].content_id
    assert content_id is not None
    catalogue.marks.set_never_send([content_id], True)
    batch = read(composer, tmp_path, MATRIX)
    assert batch.kept_back == (art / "wear" / "red coat.png",)
    assert len(composer.plan(batch.brief).jobs) == 2 * 2 * 2
    by_folder = read(composer, tmp_path, MATRIX.replace('query = "coat"', 'folder = "art/wear"'))
    assert by_folder.kept_back == batch.kept_back
    with pytest.raises(NeverSent, match=r"plan.toml, group 2: .*red coat\.png"):
        read(composer, tmp_path, MATRIX.replace("hat.jpg", "red coat.png"))
    candidates = composer.candidates("coat", 5)
    assert [one.reference.path.name for one in candidates] == ["blue coat.png"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('role = "person"', 'role = "hero"'), "group 1: role should be one of person"),
        (('role = "person"', ""), "group 1: role should be one of"),
        (('mode = "dress"', 'mode = "cook"'), "mode should be one of dress"),
        (("count = 2", "count = 0"), "count should be a whole number"),
        (("count = 2", "cuont = 2"), "“cuont” means nothing here"),
        (('query = "coat"', "query = 3"), "group 2: query should be text"),
        (('query = "coat"', 'quary = "coat"'), "group 2: “quary” means nothing"),
        (("[[always]]", "[always]"), "double brackets"),
        (('files = ["art/wear/hat.jpg"]', "files = [3]"), "list of texts"),
        (('folder = "art/persons"', ""), "group 1: there is no picture and no text"),
        (('mode = "dress"', 'mode = "dress'), "cannot read"),
    ],
)
def test_mistakes_are_named_with_their_place(
    composer: Composer, tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    with pytest.raises(InvalidBrief) as caught:
        read(composer, tmp_path, MATRIX.replace(*change))
    assert complaint in caught.value.message
    assert "plan.toml" in caught.value.message
    assert caught.value.hint


def test_missing_folders_and_files_are_named(composer: Composer, tmp_path: Path) -> None:
    with pytest.raises(FolderNotFound, match="group 1"):
        read(composer, tmp_path, MATRIX.replace("art/persons", "art/nobody"))
    with pytest.raises(InvalidBrief, match=r"group 2: .*cap\.jpg"):
        read(composer, tmp_path, MATRIX.replace("hat.jpg", "cap.jpg"))
    with pytest.raises(InvalidBrief, match="cannot read"):
        composer.read_batch(tmp_path / "none.toml")


def test_a_plan_becomes_durable_jobs_and_comes_back_as_what_is_sent(
    composer: Composer, catalogue: Catalogue, tmp_path: Path
) -> None:
    plan = composer.plan(read(composer, tmp_path, MATRIX).brief)
    batch_id = catalogue.compositions.add(batch_of(plan, tmp_path / "results"))
    batch = catalogue.compositions.batch(batch_id)
    assert (batch.mode, batch.generator, batch.budget) == ("dress", "gemini", plan.price)
    assert batch.brief["groups"][0][1][0]["name"] == "ben.png"
    jobs = catalogue.compositions.jobs.current(batch_id)
    assert {job.state for job in jobs} == {JobState.PLANNED}
    assert [job.cell for job in jobs] == [Cell(job.cell, job.take) for job in plan.jobs]
    assert [job.prompt for job in jobs] == [job.prompt for job in plan.jobs]
    assert sum(job.price for job in jobs) == plan.price
    request = composer.pictures.request(plan, plan.jobs[-1])
    assert pictures_of(jobs[-1], batch, composer.pictures) == request.pictures
    assert [one.role for one in request.pictures] == [Role.PERSON, Role.GARMENT]
