"""What paid services cost: every request is booked before it leaves, so that no cap is ever passed.

Amounts are whole millionths of a US dollar ("micro-USD"), never floats. An entry is one attempt of a composition's job
or one request of an encoder: *reserved* while it runs, then *settled* by what it cost, *released* where nothing was
billed, or *maybe billed* where nobody can tell. All but released ones count, on the local day of the reservation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

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


class Purpose(StrEnum):
    """What a request is for; stored, so values never change."""

    COMPOSITION = "composition"
    PICTURES = "pictures"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be booked, in micro-USD: on one local day, and for the one batch or the one encoder."""

    day: int
    own: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What one attempt may cost at most, in micro-USD, and what it is for."""

    batch_id: int
    job_id: int
    attempt: int
    model: str
    amount: int


@dataclass(frozen=True, slots=True)
class EncodingCharge:
    """What one request of an encoder may cost at most, in micro-USD, and how many pictures or texts it holds."""

    encoder: str
    purpose: Purpose
    items: int
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
    """One line of the ledger; `amount` is what counts, `reserved` what was held. Times are UTC.

    What is booked for an encoder has no batch, no job and no attempt; its `model` is the encoder's name.
    """

    id: int
    purpose: Purpose
    items: int
    batch_id: int | None
    job_id: int | None
    attempt: int | None
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
    "id, purpose, items, batch_id, job_id, attempt, day, model, state, reserved, amount, input_tokens, output_tokens,"
    " request_id, reserved_at, closed_at"
)
_SPENT_ON = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE day = ?"
_SPENT_BY = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE batch_id = ?"
_SPENT_ENCODING = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE batch_id IS NULL AND model = ?"
_RAISE = "raise it on the page of batches, or with `propmaster budget set --of`"
_ALLOW_MORE = "allow it more, then go on"
_GO_ON_TOMORROW = "raise it in the settings or with `propmaster budget set`, or go on tomorrow"


class Ledger:
    """Reads and writes bookings. Each writing method joins the transaction around it, if there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, charge: Charge, caps: Caps, day: date) -> int:
        """Book the most that an attempt may cost, and return the entry.

        Raises BudgetExceeded, booking nothing, where a cap would be passed. The sums are read under the same write
        lock, so that no other thread or process can book in between.
        """
        with self._database.write():
            if charge.amount:
                self._require_room("today's", _SPENT_ON, day.isoformat(), charge.amount, caps.day, _GO_ON_TOMORROW)
                self._require_room("this batch's", _SPENT_BY, charge.batch_id, charge.amount, caps.own, _RAISE)
            job = (charge.batch_id, charge.job_id, charge.attempt)
            return self._insert((Purpose.COMPOSITION, 1, *job, day.isoformat(), charge.model), charge.amount)

    def reserve_encoding(self, charge: EncodingCharge, caps: Caps, day: date) -> int:
        """Book the most that a request of an encoder may cost, and return the entry. Raises as `reserve`."""
        with self._database.write():
            if charge.amount:
                whose = f"{charge.encoder}'s"
                self._require_room("today's", _SPENT_ON, day.isoformat(), charge.amount, caps.day, _GO_ON_TOMORROW)
                self._require_room(whose, _SPENT_ENCODING, charge.encoder, charge.amount, caps.own, _ALLOW_MORE)
            what = (charge.purpose, charge.items, None, None, None)
            return self._insert((*what, day.isoformat(), charge.encoder), charge.amount)

    def find_entry(self, job_id: int, attempt: int) -> int | None:
        """Return the entry of an attempt; what never was to leave has none."""
        rows = self._database.rows("SELECT id FROM ledger WHERE job_id = ? AND attempt = ?", (job_id, attempt))
        return int(rows[0][0]) if rows else None

    def settle(self, entry_id: int, bill: Bill) -> None:
        """Put what a request really cost in place of what was held for it."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE ledger SET state = 'settled', amount = ?, input_tokens = ?, output_tokens = ?, request_id = ?,"
                " closed_at = ? WHERE id = ?",
                (bill.amount, bill.input_tokens, bill.output_tokens, bill.request_id, _now(), entry_id),
            )

    def release(self, entry_id: int, request_id: str = "") -> None:
        """Give back what was held for a request that was not billed."""
        self._close(entry_id, "state = 'released', amount = 0", request_id)

    def mark_maybe_billed(self, entry_id: int, request_id: str = "") -> None:
        """Keep counting what was held for a request whose answer was lost."""
        self._close(entry_id, "state = 'maybe_billed'", request_id)

    def mark_lost_encodings(self) -> None:
        """Keep counting what an earlier process held for encoders; for the one writer, at its start."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE ledger SET state = 'maybe_billed', closed_at = ? WHERE state = 'reserved' AND job_id IS NULL",
                (_now(),),
            )

    def spent_on(self, day: date) -> int:
        """Return what counts against the cap of a local day, in micro-USD."""
        return int(self._database.rows(_SPENT_ON, (day.isoformat(),))[0][0])

    def spent_by(self, batch_id: int) -> int:
        """Return what counts against the cap of a batch, in micro-USD."""
        return int(self._database.rows(_SPENT_BY, (batch_id,))[0][0])

    def spent_encoding(self, encoder: str) -> int:
        """Return what counts against the cap of an encoder, in micro-USD."""
        return int(self._database.rows(_SPENT_ENCODING, (encoder,))[0][0])

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

    def _insert(self, what: tuple[object, ...], amount: int) -> int:
        with self._database.write() as connection:
            row = connection.execute(
                "INSERT INTO ledger (purpose, items, batch_id, job_id, attempt, day, model, reserved, amount,"
                " reserved_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved') RETURNING id",
                (*what, amount, amount, _now()),
            ).fetchone()
        return int(row[0])

    def _close(self, entry_id: int, change: str, request_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(
                f"UPDATE ledger SET {change}, request_id = ?, closed_at = ? WHERE id = ? AND state = 'reserved'",
                (request_id, _now(), entry_id),
            )

    def _require_room(self, whose: str, sql: str, owner: object, amount: int, cap: int, hint: str) -> None:
        with self._database.write() as connection:
            spent = connection.execute(sql, (owner,)).fetchone()[0]
        if spent + amount > cap:
            raise BudgetExceeded(
                f"{whose} budget of {dollars(cap)} has {dollars(max(0, cap - spent))} left,"
                f" and the next request may cost {dollars(amount)}",
                hint,
            )


def today() -> date:
    """Return the day that is booked on: the user's, not UTC's."""
    return date.today()  # noqa: DTZ011 - the user's calendar


def dollars(amount: int) -> str:
    """Return micro-USD in words: "$0.0336", with two decimals or, where it has more, four."""
    whole, _, fraction = decimal(round(abs(amount), -2)).partition(".")
    return f"{'-' if amount < 0 else ''}${whole}.{fraction.rstrip('0').ljust(2, '0')}"


def decimal(amount: int) -> str:
    """Return micro-USD as US dollars with six decimals."""
    whole, fraction = divmod(amount, MICRO)
    return f"{whole}.{fraction:06d}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _entry(row: Row) -> Entry:
    return Entry(
        id=int(row[0]),
        purpose=Purpose(str(row[1])),
        items=int(row[2]),
        batch_id=row[3],
        job_id=row[4],
        attempt=row[5],
        day=date.fromisoformat(str(row[6])),
        model=str(row[7]),
        state=EntryState(str(row[8])),
        reserved=int(row[9]),
        amount=int(row[10]),
        input_tokens=row[11],
        output_tokens=row[12],
        request_id=str(row[13]),
        reserved_at=str(row[14]),
        closed_at=row[15],
    )
