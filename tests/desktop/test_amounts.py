"""Amounts are written as people of the window's language read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from desktop.amounts import amount_words, rate_words
from engine.protocol import Currency

YUAN = Currency("CNY", "¥", 7.2, "2026-11-20", "https://example.org/rates")
DOLLAR = Currency("USD", "$", 1.0, "1970-01-01", "prices are in US dollars")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("micro_usd", "words"),
    [
        (0, "$0.00"),
        (33_600, "$0.0336"),
        (400_000, "$0.40"),
        (999_999, "$1.00"),
        (5_000_000, "$5.00"),
        (1_204_000_000, "$1,204.00"),
        (-150_000, "-$0.15"),
    ],
)
def test_dollars_have_as_many_decimals_as_prices_differ_in(micro_usd: int, words: str) -> None:
    assert amount_words(micro_usd) == words


def test_another_currency_stands_beside_dollars() -> None:
    assert amount_words(33_600, YUAN) == "$0.0336 · ¥0.24"


def test_half_a_cent_is_rounded_up() -> None:
    assert amount_words(12_500, Currency("CNY", "¥", 1.0, "", "")) == "$0.0125 · ¥0.01"
    assert amount_words(15_000, Currency("CNY", "¥", 1.0, "", "")) == "$0.015 · ¥0.02"


def test_dollars_do_not_stand_beside_themselves() -> None:
    assert amount_words(33_600, DOLLAR) == "$0.0336"


def test_separators_are_those_of_the_language() -> None:
    QLocale.setDefault(QLocale("de_DE"))
    assert amount_words(1_204_500_000, YUAN) == "$1.204,50 · ¥8.672,40"


def test_rate_is_told_for_one_dollar() -> None:
    assert rate_words(YUAN) == "$1 = ¥7.20"
