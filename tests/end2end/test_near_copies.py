"""Near-duplicates: the same picture in other bytes is found, what merely looks alike is not, and decisions stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps

from engine.copies import CopyFinder
from engine.library import Library
from engine.resources import resource
from tests.helpers.indexing import index

LARGE = (480, 480)


def enlarge(name: str) -> Image.Image:
    (path,) = resource("sample_library").rglob(name)
    with Image.open(path) as image:
        return image.convert("RGBA").resize(LARGE, Image.Resampling.LANCZOS)


@pytest.fixture
def art(tmp_path: Path) -> Path:
    """Two pictures: one with true copies of itself, one with pictures that only look like it."""
    folder = tmp_path / "art"
    folder.mkdir()
    potion, farmer = enlarge("potion_red.png"), enlarge("farmer.png")
    potion.save(folder / "potion.png")
    potion.resize((240, 240)).save(folder / "potion small.png")
    flat = Image.new("RGB", LARGE, "white")
    flat.paste(potion, mask=potion.getchannel("A"))
    flat.save(folder / "potion.jpg", quality=60)
    farmer.save(folder / "farmer.png")
    ImageOps.mirror(farmer).save(folder / "farmer mirrored.png")
    ImageEnhance.Color(farmer).enhance(0.0).save(folder / "farmer grey.png")
    farmer.crop((0, 0, 480, 240)).save(folder / "farmer above.png")
    return folder


@pytest.fixture
def library(tmp_path: Path, art: Path) -> Iterator[Library]:
    with Library(tmp_path / "home") as library:
        index(library, art)
        yield library


def names(group: list) -> set[str]:
    return {shown.asset.path.name for shown in group}


def test_only_the_same_picture_in_other_bytes_is_a_copy(library: Library) -> None:
    assert [names(group) for group in library.near_copies.groups()] == [
        {"potion.png", "potion small.png", "potion.jpg"}
    ]


def test_copies_of_one_asset_leave_it_out(library: Library) -> None:
    (group,) = library.near_copies.groups()
    small = next(shown.asset for shown in group if shown.asset.path.name == "potion small.png")
    assert names(library.near_copies.of(small.id)) == {"potion.png", "potion.jpg"}


def test_kept_copies_come_back_only_with_a_new_one(library: Library, art: Path) -> None:
    (group,) = library.near_copies.groups()
    library.browser.keep_copies([shown.asset.id for shown in group])
    assert library.near_copies.groups() == []
    with Image.open(art / "potion.png") as image:
        image.save(art / "potion.webp", quality=80)
    index(library)
    (again,) = library.near_copies.groups()
    assert names(again) == {"potion.png", "potion small.png", "potion.jpg", "potion.webp"}


def test_lost_thumbnail_makes_no_copy(library: Library) -> None:
    for thumbnail in library.thumbnails.directory.rglob("*.webp"):
        thumbnail.write_bytes(b"")
    assert library.near_copies.groups() == []


def test_empty_library_has_none(tmp_path: Path) -> None:
    with Library(tmp_path / "empty") as empty:
        assert isinstance(empty.near_copies, CopyFinder)
        assert empty.near_copies.groups() == []
