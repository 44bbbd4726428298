"""Words after a minus are words not to find."""

from __future__ import annotations

import pytest

from desktop.models.query_text import QueryText, parse_query


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("red potion", "red potion", ()),
        ("red potion -bottle", "red potion", ("bottle",)),
        ("-bottle red  potion", "red potion", ("bottle",)),
        ('crown −"wooden table" －金色', "crown", ("wooden table", "金色")),
        ("sci-fi t-shirt", "sci-fi t-shirt", ()),
        ("crown -", "crown -", ()),
        ("-sword", "", ("sword",)),
        ("", "", ()),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, wanted: str, unwanted: tuple[str, ...]) -> None:
    assert parse_query(typed) == QueryText(wanted, unwanted)
