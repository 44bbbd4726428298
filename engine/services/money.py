"""Amounts of money: whole micro-USD, as the ledger keeps them, and how people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

MICRO = 1_000_000
"""Micro-USD in a US dollar."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of the table: how much of it a US dollar is, on which date, and who says so."""

    code: str
    symbol: str
    per_usd: Decimal
    as_of: date
    source: str

    def of(self, micro_usd: int) -> Decimal:
        """Return an amount in this currency, exact."""
        return self.per_usd * micro_usd / MICRO

    def written(self, micro_usd: int) -> str:
        """Return an amount as people read it: "$0.0336", "¥0.24", "$1,204.00"."""
        amount = self.of(micro_usd)
        # Below a dollar the prices of single pictures differ in the fourth decimal.
        step = Decimal("0.0001") if self is USD and 0 < abs(amount) < 1 else Decimal("0.01")
        number = f"{amount.quantize(step, ROUND_HALF_UP):,f}"
        whole, _, fraction = number.partition(".")
        return f"{self.symbol}{whole}.{fraction.rstrip('0').ljust(2, '0')}"


USD = Currency("USD", "$", Decimal(1), date(1970, 1, 1), "prices are in US dollars")


def micro_usd(dollars: Decimal) -> int:
    """Return whole micro-USD; a fraction counts as a whole one."""
    return int((dollars * MICRO).to_integral_value(ROUND_CEILING))
