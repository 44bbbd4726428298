"""What compositions cost: every request is booked before it leaves, so that no cap is ever passed.

Amounts are whole millionths of a US dollar ("micro-USD"), never floats. An entry is one attempt of one job: *reserved*
while it runs, then *settled* by what it cost, *released* where nothing was billed, or *maybe billed* where nobody can
tell. All but released ones count, on the local day of the reservation.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TextIO

from engine.catalogue.database import Database, Row
from engine.errors import BudgetExceeded

MICRO = 1_000_000
"""Micro-USD in a US dollar."""


class EntryState(StrEnum):
    """How far a booking is; stored, so values never change."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RELEASED = "released"
    MAYBE_BILLED = "maybe_billed"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be booked, in micro-USD: on one local day, and for one batch."""

    day: int
    batch: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What one attempt may cost at most, in micro-USD, and what it is for."""

    batch_id: int
    job_id: int
    attempt: int
    model: str
    amount: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What an answer says it cost, in micro-USD, with the tokens where it counts them."""

    amount: int
    input_tokens: int | None = None
    output_tokens: int | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; `amount` is what counts, `reserved` what was held. Times are UTC."""

    id: int
    batch_id: int
    job_id: int
    attempt: int
    day: date
    model: str
    state: EntryState
    reserved: int
    amount: int
    input_tokens: int | None
    output_tokens: int | None
    request_id: str
    reserved_at: str
    closed_at: str | None


@dataclass(frozen=True, slots=True)
class DaySum:
    """One local day: requests that count, what they cost, and how much of it nobody can tell for sure."""

    day: date
    requests: int
    amount: int
    maybe_billed: int


_COLUMNS = (
    "id, batch_id, job_id, attempt, day, model, state, reserved, amount, input_tokens, output_tokens, request_id,"
    " reserved_at, closed_at"
)
_CSV_HEADING = (
    "day reserved_at closed_at batch job attempt model state usd_reserved usd_counted input_tokens output_tokens"
    " request_id"
).split()
_SPENT_ON = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE day = ?"
_SPENT_BY = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE batch_id = ?"
_RAISE = "raise it with `propmaster budget set`, then resume the batch"
_TOMORROW = f"{_RAISE}, or resume it tomorrow"


class Ledger:
    """Reads and writes bookings. Each writing method joins the transaction around it, if there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, charge: Charge, caps: Caps, day: date) -> None:
        """Book the most that an attempt may cost. Raises BudgetExceeded, booking nothing, where a cap would be passed.

        The sums are read under the same write lock, so that no other thread or process can book in between.
        """
        with self._database.write() as connection:
            if charge.amount:
                today = connection.execute(_SPENT_ON, (day.isoformat(),)).fetchone()[0]
                batch = connection.execute(_SPENT_BY, (charge.batch_id,)).fetchone()[0]
                _require_room("today's", today, charge.amount, caps.day, _TOMORROW)
                _require_room("this batch's", batch, charge.amount, caps.batch, _RAISE)
            connection.execute(
                "INSERT INTO ledger (batch_id, job_id, attempt, day, model, state, reserved, amount, reserved_at)"
                " VALUES (?, ?, ?, ?, ?, 'reserved', ?, ?, ?)",
                (
                    charge.batch_id,
                    charge.job_id,
                    charge.attempt,
                    day.isoformat(),
                    charge.model,
                    charge.amount,
                    charge.amount,
                    _now(),
                ),
            )

    def settle(self, job_id: int, attempt: int, bill: Bill) -> None:
        """Put what an attempt really cost in place of what was held for it."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE ledger SET state = 'settled', amount = ?, input_tokens = ?, output_tokens = ?, request_id = ?,"
                " closed_at = ? WHERE job_id = ? AND attempt = ?",
                (bill.amount, bill.input_tokens, bill.output_tokens, bill.request_id, _now(), job_id, attempt),
            )

    def release(self, job_id: int, attempt: int, request_id: str = "") -> None:
        """Give back what was held for an attempt that was not billed."""
        self._close(job_id, attempt, "state = 'released', amount = 0", request_id)

    def mark_maybe_billed(self, job_id: int, attempt: int, request_id: str = "") -> None:
        """Keep counting what was held for an attempt whose answer was lost."""
        self._close(job_id, attempt, "state = 'maybe_billed'", request_id)

    def spent_on(self, day: date) -> int:
        """Return what counts against the cap of a local day, in micro-USD."""
        return int(self._database.rows(_SPENT_ON, (day.isoformat(),))[0][0])

    def spent_by(self, batch_id: int) -> int:
        """Return what counts against the cap of a batch, in micro-USD."""
        return int(self._database.rows(_SPENT_BY, (batch_id,))[0][0])

    def days(self) -> list[DaySum]:
        """Return the sums of every day with a request, newest first."""
        rows = self._database.rows(
            "SELECT day, sum(state <> 'released'), sum(amount), sum(iif(state = 'maybe_billed', amount, 0))"
            " FROM ledger GROUP BY day ORDER BY day DESC"
        )
        return [DaySum(date.fromisoformat(str(row[0])), int(row[1]), int(row[2]), int(row[3])) for row in rows]

    def entries(self, batch_id: int | None = None) -> list[Entry]:
        """Return the lines of one batch, or all, oldest first."""
        where, parameters = ("WHERE batch_id = ?", (batch_id,)) if batch_id is not None else ("", ())
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM ledger {where} ORDER BY id", parameters)
        return [_entry(row) for row in rows]

    def _close(self, job_id: int, attempt: int, change: str, request_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(
                f"UPDATE ledger SET {change}, request_id = ?, closed_at = ?"
                " WHERE job_id = ? AND attempt = ? AND state = 'reserved'",
                (request_id, _now(), job_id, attempt),
            )


def write_csv(entries: Sequence[Entry], stream: TextIO) -> None:
    """Write lines of the ledger as CSV with a heading; amounts in US dollars with six decimals."""
    writer = csv.writer(stream)
    writer.writerow(_CSV_HEADING)
    for entry in entries:
        writer.writerow(
            (
                entry.day.isoformat(),
                entry.reserved_at,
                entry.closed_at or "",
                entry.batch_id,
                entry.job_id,
                entry.attempt,
                entry.model,
                entry.state.value,
                _decimal(entry.reserved),
                _decimal(entry.amount),
                "" if entry.input_tokens is None else entry.input_tokens,
                "" if entry.output_tokens is None else entry.output_tokens,
                entry.request_id,
            )
        )


def dollars(amount: int) -> str:
    """Return micro-USD in words: "$0.0336", with two decimals or, where it has more, four."""
    whole, _, fraction = _decimal(round(abs(amount), -2)).partition(".")
    return f"{'-' if amount < 0 else ''}${whole}.{fraction.rstrip('0').ljust(2, '0')}"


def _decimal(amount: int) -> str:
    whole, fraction = divmod(amount, MICRO)
    return f"{whole}.{fraction:06d}"


def _require_room(whose: str, spent: int, amount: int, cap: int, hint: str) -> None:
    if spent + amount > cap:
        raise BudgetExceeded(
            f"{whose} budget of {dollars(cap)} has {dollars(max(0, cap - spent))} left,"
            f" and the next picture may cost {dollars(amount)}",
            hint,
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _entry(row: Row) -> Entry:
    return Entry(
        id=int(row[0]),
        batch_id=int(row[1]),
        job_id=int(row[2]),
        attempt=int(row[3]),
        day=date.fromisoformat(str(row[4])),
        model=str(row[5]),
        state=EntryState(str(row[6])),
        reserved=int(row[7]),
        amount=int(row[8]),
        input_tokens=row[9],
        output_tokens=row[10],
        request_id=str(row[11]),
        reserved_at=str(row[12]),
        closed_at=row[13],
    )
