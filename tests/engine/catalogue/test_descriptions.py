from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.descriptions import Description
from engine.catalogue.embeddings import Embeddings
from tests.helpers.cataloguing import add_to_catalogue
from tests.helpers.drawing import draw

MODEL = "A golden crown with flames, metal. 金色的火焰王冠"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    for seed in (1, 2):
        draw(tmp_path / "art" / f"p{seed}.png", seed, (40, 30))
    (tmp_path / "art" / "copy.png").write_bytes((tmp_path / "art" / "p1.png").read_bytes())
    (tmp_path / "home").mkdir()
    opened = Catalogue(tmp_path / "home")
    add_to_catalogue(opened, tmp_path / "art")
    yield opened
    opened.close()


def contents(catalogue: Catalogue) -> dict[str, int]:
    rows = catalogue.database.rows("SELECT name, content_id FROM assets")
    return {str(name): int(content_id) for name, content_id in rows}


def found(catalogue: Catalogue, text: str) -> list[tuple[str, set[int]]]:
    matches = catalogue.names.find(text, 3)
    return [(match.word, {content_id for _, content_id in match.pairs}) for match in matches]


def test_description_is_found_by_its_words_in_either_language(catalogue: Catalogue) -> None:
    crown = contents(catalogue)["p1.png"]
    catalogue.descriptions.keep(crown, MODEL, "cloud")
    assert found(catalogue, "crowns") == [("crowns", {crown})]
    assert found(catalogue, "王冠") == [("王冠", {crown})]
    (copies,) = catalogue.names.find("flames", 3)
    assert len(copies.pairs) == 2


def test_what_the_user_wrote_is_never_overwritten(catalogue: Catalogue) -> None:
    crown = contents(catalogue)["p1.png"]
    assert catalogue.descriptions.keep(crown, MODEL, "cloud") == MODEL
    catalogue.descriptions.edit(crown, " a tiara ", [])
    assert catalogue.descriptions.keep(crown, "a hat", "other") == "a tiara"
    assert catalogue.descriptions.of([crown]) == {crown: Description("a tiara", "cloud", edited=True)}
    assert (found(catalogue, "tiara"), found(catalogue, "crown hat")) == (
        [("tiara", {crown})],
        [("crown", set()), ("hat", set())],
    )


def test_newer_model_writes_anew_what_nobody_edited(catalogue: Catalogue) -> None:
    crown = contents(catalogue)["p1.png"]
    catalogue.descriptions.keep(crown, MODEL, "cloud")
    catalogue.descriptions.keep(crown, "a hat", "other")
    assert catalogue.descriptions.of([crown])[crown] == Description("a hat", "other", edited=False)


def test_emptied_description_is_forgotten_with_its_words(catalogue: Catalogue) -> None:
    crown = contents(catalogue)["p1.png"]
    catalogue.descriptions.edit(crown, "a tiara", [])
    catalogue.descriptions.edit(crown, " ", [])
    assert catalogue.descriptions.of([crown]) == {}
    assert found(catalogue, "tiara") == [("tiara", set())]


def test_described_content_outlives_its_files(catalogue: Catalogue) -> None:
    places = contents(catalogue)
    catalogue.descriptions.keep(places["p1.png"], MODEL, "cloud")
    with catalogue.database.write() as connection:
        connection.execute("DELETE FROM assets")
    assert [content_id for content_id, _ in catalogue.contents.forget_orphans()] == [places["p2.png"]]
    assert places["p1.png"] in catalogue.descriptions.of([places["p1.png"]])


def test_consent_holds_until_it_is_withdrawn(catalogue: Catalogue) -> None:
    assert catalogue.consents.find("cloud") is None
    catalogue.consents.give("cloud", "openai", 5_000_000)
    catalogue.consents.give("cloud", "openai", 7_000_000)
    given = catalogue.consents.find("cloud")
    assert given is not None
    assert (given.service, given.budget) == ("openai", 7_000_000)
    catalogue.consents.withdraw("cloud")
    assert catalogue.consents.find("cloud") is None


def test_edited_description_waits_for_new_vectors_of_encoders_that_see_words(catalogue: Catalogue) -> None:
    crown = contents(catalogue)["p1.png"]
    cloud, other = (Embeddings(catalogue.database, name, 2) for name in ("cloud", "other"))
    for embeddings in (cloud, other):
        embeddings.put([crown], np.array([[1, 0]], np.float32))
    catalogue.descriptions.edit(crown, "a tiara", ["cloud", "never used"])
    assert (cloud.has(crown), other.has(crown)) == (False, True)
