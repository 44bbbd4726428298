from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import InvalidQuery
from engine.search.query import (
    ImageTerm,
    Query,
    TextTerm,
    parse_aspect,
    parse_colour,
    parse_formats,
    parse_min_size,
    parse_since,
)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("square", 1.0, 1.2),
        ("portrait", 0.5, 1.0),
        ("landscape", 2.0, 1.0),
        ("16:9", 1.78, 1.5),
        ("16/9", 1.78, 1.5),
        ("2.35", 2.35, 2.0),
        ("1x2", 0.5, 1.0),
    ],
)
def test_aspect_is_a_range_around_what_is_written(written: str, inside: float, outside: float) -> None:
    low, high = parse_aspect(written)
    assert low <= inside <= high
    assert not low <= outside <= high


@pytest.mark.parametrize("written", ["", "wide", "0:1", "1:0:1", "-1", "nan"])
def test_senseless_aspect_is_refused(written: str) -> None:
    with pytest.raises(InvalidQuery, match="no aspect"):
        parse_aspect(written)


def test_sizes_are_an_edge_or_both_sides() -> None:
    assert parse_min_size("512") == (0, 0, 512)
    assert parse_min_size("1024x768") == parse_min_size("1024 × 768") == (1024, 768, 0)


def test_formats_are_known_by_name_and_suffix() -> None:
    assert parse_formats(["jpg", ".JPEG", "psb", "Psd"]) == ("JPEG", "PSD")
    with pytest.raises(InvalidQuery, match="docx"):
        parse_formats(["docx"])


def test_colour_is_given_in_oklab() -> None:
    lightness, a, b = parse_colour("#ffffff")
    assert lightness == pytest.approx(1.0, abs=1e-3)
    assert math.hypot(a, b) < 1e-3


def test_since_takes_dates_moments_and_spans() -> None:
    now = datetime(2026, 5, 10, 12, tzinfo=UTC)
    day_ns = 86_400 * 10**9
    assert parse_since("3d", now) == int(now.timestamp()) * 10**9 - 3 * day_ns
    assert parse_since("2w", now) == parse_since("14d", now)
    assert parse_since("2026-05-01T00:00:00+00:00") == int(datetime(2026, 5, 1, tzinfo=UTC).timestamp()) * 10**9
    assert parse_since("2026-05-01") <= parse_since("2026-05-02") - 0.9 * day_ns


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01", "99999999999y"])
def test_senseless_date_is_refused(written: str) -> None:
    with pytest.raises(InvalidQuery, match="no date"):
        parse_since(written)


def test_names_are_asked_for_the_wanted_words_only() -> None:
    query = Query((TextTerm("red"), TextTerm("bottle", -0.5), ImageTerm(Path("a.png")), TextTerm("potion", 0.5)))
    assert query.text == "red potion"
    assert query.images == (Path("a.png"),)
