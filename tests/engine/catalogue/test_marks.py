"""What was said of a file goes along when it is saved anew, and stays with its picture when files change places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.catalogue.assets import ReadAsset
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.marks import Mark
from engine.errors import DecodeError, DecodeFault
from engine.files.scanner import FileStat
from engine.images.picture import ImageFacts

STAT = FileStat(1, 1, 1)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path)
    folder = opened.folders.add(tmp_path / "art", polling=False)
    opened.assets.list_files(folder, "", {"a.png": STAT, "copy.png": STAT})
    yield opened
    opened.close()


def save(catalogue: Catalogue, asset_id: int, content: bytes) -> int:
    """Read an asset as a content that the library did not have."""
    with catalogue.database.write():
        content_id = catalogue.contents.put(content, ImageFacts("PNG", 1, 1, 1, False, None, None, ()))
        catalogue.marks.take_along(asset_id, content_id)
        catalogue.assets.finish(ReadAsset(asset_id, content_id, STAT, racy=False))
    return content_id


def mark_of(catalogue: Catalogue, content_id: int) -> Mark:
    return catalogue.marks.of([content_id]).get(content_id, Mark())


def test_marks_move_on_and_the_former_content_is_free_to_go(catalogue: Catalogue) -> None:
    first = save(catalogue, 1, b"first")
    catalogue.marks.tag([first], ["boss"], [])
    catalogue.marks.set_never_send([first], True)
    second = save(catalogue, 1, b"second")
    assert mark_of(catalogue, second) == Mark(never_send=True, tags=("boss",))
    assert [content_id for content_id, _ in catalogue.contents.forget_orphans()] == [first]


def test_copy_that_was_not_saved_keeps_its_marks(catalogue: Catalogue) -> None:
    first = save(catalogue, 1, b"first")
    catalogue.assets.finish(ReadAsset(2, first, STAT, racy=False))
    catalogue.marks.rate([first], 4)
    second = save(catalogue, 1, b"second")
    assert mark_of(catalogue, second) == mark_of(catalogue, first) == Mark(rating=4)


def test_marks_outlast_a_save_that_could_not_be_read(catalogue: Catalogue) -> None:
    first = save(catalogue, 1, b"first")
    catalogue.marks.note(first, "redraw the hilt")
    for _ in range(2):
        catalogue.assets.fail(1, DecodeError(DecodeFault.TRUNCATED, "cut off"))
    catalogue.contents.forget_orphans()
    assert mark_of(catalogue, save(catalogue, 1, b"second")) == Mark(note="redraw the hilt")


def test_users_description_moves_on_and_a_models_does_not(catalogue: Catalogue) -> None:
    first = save(catalogue, 1, b"first")
    catalogue.descriptions.keep(first, "a crown", "cloud")
    second = save(catalogue, 1, b"second")
    assert catalogue.descriptions.of([second]) == {}
    catalogue.descriptions.edit(second, "a tiara", [])
    third = save(catalogue, 1, b"third")
    assert catalogue.descriptions.of([third])[third].text == "a tiara"
    assert [match.pairs for match in catalogue.names.find("tiara", 1)] == [((1, third),)]
    assert [content_id for content_id, _ in catalogue.contents.forget_orphans()] == [second]
