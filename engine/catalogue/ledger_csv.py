"""The ledger as CSV, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from engine.catalogue.ledger import Entry, decimal

_HEADING = (
    "day reserved_at closed_at purpose items batch job attempt model state usd_reserved usd_counted input_tokens"
    " output_tokens request_id"
).split()


def write_csv(entries: Sequence[Entry], stream: TextIO) -> None:
    """Write lines of the ledger as CSV with a heading; amounts in US dollars with six decimals."""
    writer = csv.writer(stream)
    writer.writerow(_HEADING)
    for entry in entries:
        writer.writerow(
            (
                entry.day.isoformat(),
                entry.reserved_at,
                entry.closed_at or "",
                entry.purpose.value,
                entry.items,
                _or_nothing(entry.batch_id),
                _or_nothing(entry.job_id),
                _or_nothing(entry.attempt),
                entry.model,
                entry.state.value,
                decimal(entry.reserved),
                decimal(entry.amount),
                _or_nothing(entry.input_tokens),
                _or_nothing(entry.output_tokens),
                entry.request_id,
            )
        )


def _or_nothing(number: int | None) -> int | str:
    return "" if number is None else number
