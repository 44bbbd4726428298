"""How amounts are written for the eye: whole micro-USD as dollars, and beside them in the currency that was chosen.

Pure functions; digits and separators are those of the language of the window.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtCore import QLocale

from engine.protocol import Currency

MICRO = 1_000_000
CENTS = 100
"""In a US dollar."""
CENT = MICRO // CENTS
DOLLARS = "USD"

_DECIMALS = 2
_DECIMALS_BELOW_A_DOLLAR = 4


def amount_words(micro_usd: int, currency: Currency | None = None) -> str:
    """Return an amount as it is read: "$0.0336", "$1,204.00", or "$0.0336 · ¥0.24" with another currency."""
    dollars = _dollar_words(micro_usd)
    if currency is None or currency.code == DOLLARS:
        return dollars
    return f"{dollars} · {_written(_in(currency, micro_usd), currency.symbol, _DECIMALS)}"


def rate_words(currency: Currency) -> str:
    """Return what a dollar is in a currency: "$1 = ¥7.20"."""
    return f"$1 = {_written(_in(currency, MICRO), currency.symbol, _DECIMALS)}"


def _dollar_words(micro_usd: int) -> str:
    # Below a dollar the prices of single pictures differ in the fourth decimal.
    small = 0 < abs(micro_usd) < MICRO
    return _written(Decimal(micro_usd) / MICRO, "$", _DECIMALS_BELOW_A_DOLLAR if small else _DECIMALS)


def _in(currency: Currency, micro_usd: int) -> Decimal:
    return Decimal(str(currency.per_usd)) * micro_usd / MICRO


def _written(amount: Decimal, symbol: str, decimals: int) -> str:
    rounded = abs(amount).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    shown = max(_DECIMALS, -int(rounded.normalize().as_tuple().exponent))
    return f"{'-' if amount < 0 else ''}{symbol}{QLocale().toString(float(rounded), 'f', shown)}"
