from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.names import query_words, words_of
from engine.files.scanner import FileStat


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path)
    yield opened
    opened.close()


def list_names(catalogue: Catalogue, *names: str) -> None:
    """Put assets with contents into the catalogue, so that names can be found."""
    folder = catalogue.folders.add(Path("/art"), polling=False)
    catalogue.assets.list_files(folder, "", {name: FileStat(1, 1, 1) for name in names})
    with catalogue.database.write() as connection:
        connection.execute(
            "INSERT INTO contents (id, hash, format, width, height, frames, has_alpha)"
            " VALUES (1, x'00', 'PNG', 1, 1, 1, 0)"
        )
        connection.execute("UPDATE assets SET content_id = 1")


def found(catalogue: Catalogue, query: str, library_size: int = 10) -> dict[str, int]:
    return {match.word: len(match.pairs) for match in catalogue.names.find(query, library_size)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("FlamingCrown_02", "flaming crown 02"),
        ("HTTPServer-icon", "http server icon"),
        ("金色宝箱01", "金 色 宝 箱 01"),
        ("café_Größe", "café größe"),
        ("", ""),
    ],
)
def test_names_are_split_into_words(name: str, words: str) -> None:
    assert words_of(name) == words


def test_query_words_leave_out_what_says_nothing() -> None:
    assert query_words("a picture of the golden crown") == ["golden", "crown"]


def test_chinese_query_gives_overlapping_pairs() -> None:
    assert query_words("金色宝箱 key") == ["金色", "色宝", "宝箱", "key"]


def test_english_word_is_found_in_another_form(catalogue: Catalogue) -> None:
    list_names(catalogue, "treasure_chests.png", "crown.png")
    assert found(catalogue, "chest") == {"chest": 1}


def test_chinese_word_is_found_inside_a_longer_name(catalogue: Catalogue) -> None:
    list_names(catalogue, "金色宝箱_01.png", "皇冠.png", "冠皇.png")
    assert found(catalogue, "宝箱") == {"宝箱": 1}
    assert found(catalogue, "皇冠") == {"皇冠": 1}


def test_word_in_very_many_names_says_nothing(catalogue: Catalogue) -> None:
    list_names(catalogue, *(f"sprite_{number}.png" for number in range(300)), "sprite_crown.png")
    assert found(catalogue, "sprite crown", library_size=301) == {"crown": 1}


def test_word_in_no_name_is_told_as_such(catalogue: Catalogue) -> None:
    list_names(catalogue, "red_robe.png")
    assert found(catalogue, "red fruit") == {"red": 1, "fruit": 0}


@pytest.mark.parametrize("query", ['"', "crown AND", "NEAR(", "*", "a-b", "'; DROP TABLE names; --", "🗡", "", "\x00"])
def test_any_text_may_be_asked_for(catalogue: Catalogue, query: str) -> None:
    list_names(catalogue, "crown.png")
    assert isinstance(found(catalogue, query), dict)
