from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from engine.catalogue import schema
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.compositions import NewBatch
from engine.catalogue.database import Database
from engine.catalogue.jobs import Cell, NewJob
from engine.catalogue.ledger import Bill, Caps, Charge, EncodingCharge, EntryState, Ledger, Purpose, dollars
from engine.catalogue.ledger_csv import write_csv
from engine.errors import BudgetExceeded

TODAY, TOMORROW = date(2026, 11, 25), date(2026, 11, 26)
PRICE = 33_600
PLENTY = Caps(day=100 * PRICE, own=100 * PRICE)
JOBS = 40


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path)
    for _ in range(2):
        jobs = tuple(NewJob(Cell((n,)), "a hat", "model", "1K", "1:1", PRICE) for n in range(JOBS))
        opened.compositions.add(NewBatch("dress", {}, "fake", tmp_path, 100 * PRICE, jobs))
    yield opened
    opened.close()


def reserve(catalogue: Catalogue, job_id: int, caps: Caps, batch_id: int = 1, day: date = TODAY) -> bool:
    try:
        catalogue.ledger.reserve(Charge(batch_id, job_id, 1, "model", PRICE), caps, day)
    except BudgetExceeded:
        return False
    return True


def test_day_and_batch_caps_hold_to_the_last_micro_dollar(catalogue: Catalogue) -> None:
    day_cap = Caps(day=2 * PRICE, own=100 * PRICE)
    assert [reserve(catalogue, n, day_cap) for n in (1, 2, 3)] == [True, True, False]
    assert reserve(catalogue, 4, day_cap, day=TOMORROW)
    assert not reserve(catalogue, 5, Caps(day=100 * PRICE, own=4 * PRICE - 1))
    assert reserve(catalogue, JOBS + 1, Caps(day=100 * PRICE, own=PRICE), batch_id=2)


def test_refused_reservation_says_what_is_left_and_what_to_do(catalogue: Catalogue) -> None:
    with pytest.raises(BudgetExceeded) as told:
        catalogue.ledger.reserve(Charge(1, 1, 1, "model", PRICE), Caps(day=20_000, own=PRICE), TODAY)
    assert told.value.message == "today's budget of $0.02 has $0.02 left, and the next request may cost $0.0336"
    assert "budget set" in told.value.hint
    assert catalogue.ledger.entries() == []


def test_threads_can_never_book_past_a_cap(catalogue: Catalogue) -> None:
    caps = Caps(day=10 * PRICE, own=100 * PRICE)
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda job_id: reserve(catalogue, job_id, caps), range(1, JOBS + 1)))
    assert sum(granted) == 10
    assert catalogue.ledger.spent_on(TODAY) == 10 * PRICE


def test_processes_can_never_book_past_a_cap(catalogue: Catalogue, tmp_path: Path) -> None:
    script = f"""
from datetime import date
from pathlib import Path
from engine.catalogue import schema
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.ledger import Caps, Charge
from engine.errors import BudgetExceeded
import sys
catalogue, granted = Catalogue(Path({str(tmp_path)!r})), 0
for job_id in range(int(sys.argv[1]), {JOBS + 1}, 2):
    try:
        catalogue.ledger.reserve(
            Charge(1, job_id, 1, "model", {PRICE}), Caps({15 * PRICE}, {1000 * PRICE}), date(2026, 11, 25))
        granted += 1
    except BudgetExceeded:
        pass
catalogue.close()
print(granted)
"""
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(start)], stdout=subprocess.PIPE, text=True)
        for start in (1, 2)
    ]
    assert sum(int(process.communicate()[0]) for process in both) == 15
    assert catalogue.ledger.spent_on(TODAY) == 15 * PRICE


def test_settled_amounts_replace_reservations_and_maybe_billed_ones_go_on_counting(catalogue: Catalogue) -> None:
    for job_id in (1, 2, 3):
        reserve(catalogue, job_id, PLENTY)
    catalogue.ledger.settle(1, Bill(30_000, 900, 1120, "req-1"))
    catalogue.ledger.release(2)
    catalogue.ledger.mark_maybe_billed(3)
    assert catalogue.ledger.spent_by(1) == 30_000 + PRICE
    (day,) = catalogue.ledger.days()
    assert (day.day, day.requests, day.amount, day.maybe_billed) == (TODAY, 2, 30_000 + PRICE, PRICE)


def test_closed_entry_is_not_released_afterwards(catalogue: Catalogue) -> None:
    reserve(catalogue, 1, PLENTY)
    catalogue.ledger.settle(1, Bill(PRICE))
    catalogue.ledger.release(1)
    catalogue.ledger.mark_maybe_billed(1)
    (entry,) = catalogue.ledger.entries()
    assert (entry.state, entry.amount) == (EntryState.SETTLED, PRICE)


def test_what_costs_nothing_passes_an_exhausted_budget(catalogue: Catalogue) -> None:
    catalogue.ledger.reserve(Charge(1, 1, 1, "draft", 0), Caps(day=0, own=0), TODAY)
    assert catalogue.ledger.spent_on(TODAY) == 0


def test_csv_holds_every_line_with_exact_decimals(catalogue: Catalogue) -> None:
    reserve(catalogue, 1, PLENTY)
    reserve(catalogue, 2, PLENTY)
    catalogue.ledger.settle(1, Bill(30_001, 900, 1120, "req,1"))
    written = io.StringIO(newline="")
    write_csv(catalogue.ledger.entries(), written)
    first, second = csv.DictReader(io.StringIO(written.getvalue(), newline=""))
    assert (first["usd_reserved"], first["usd_counted"], first["request_id"]) == ("0.033600", "0.030001", "req,1")
    assert (first["day"], first["state"], first["output_tokens"]) == ("2026-11-25", "settled", "1120")
    assert (second["state"], second["input_tokens"]) == ("reserved", "")


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "$0.00"), (33_600, "$0.0336"), (1_500_000, "$1.50"), (12_000_051, "$12.0001")]
)
def test_amounts_are_written_with_four_decimals_at_most(amount: int, words: str) -> None:
    assert dollars(amount) == words


def encoding(encoder: str = "cloud", amount: int = PRICE) -> EncodingCharge:
    return EncodingCharge(encoder, Purpose.PICTURES, 8, amount)


def test_encoders_and_compositions_share_the_cap_of_the_day(catalogue: Catalogue) -> None:
    caps = Caps(day=2 * PRICE, own=100 * PRICE)
    assert reserve(catalogue, 1, caps)
    catalogue.ledger.reserve_encoding(encoding(), caps, TODAY)
    with pytest.raises(BudgetExceeded, match="today's budget") as told:
        catalogue.ledger.reserve_encoding(encoding(), caps, TODAY)
    assert "tomorrow" in told.value.hint
    assert not reserve(catalogue, 2, caps)
    catalogue.ledger.reserve_encoding(encoding(), caps, TOMORROW)


def test_each_encoder_has_a_cap_of_its_own_that_batches_do_not_touch(catalogue: Catalogue) -> None:
    caps = Caps(day=100 * PRICE, own=PRICE)
    assert reserve(catalogue, 1, caps)
    catalogue.ledger.reserve_encoding(encoding("one"), caps, TODAY)
    catalogue.ledger.reserve_encoding(encoding("other"), caps, TODAY)
    with pytest.raises(BudgetExceeded, match="one's budget"):
        catalogue.ledger.reserve_encoding(encoding("one", 1), caps, TOMORROW)
    assert catalogue.ledger.spent_encoding("one") == PRICE
    assert catalogue.ledger.spent_by(1) == PRICE


def test_request_of_an_encoder_that_died_goes_on_counting(catalogue: Catalogue) -> None:
    assert reserve(catalogue, 1, PLENTY)
    lost = catalogue.ledger.reserve_encoding(encoding(), PLENTY, TODAY)
    billed = catalogue.ledger.reserve_encoding(encoding(), PLENTY, TODAY)
    catalogue.ledger.settle(billed, Bill(20_000, 900))
    catalogue.ledger.mark_lost_encodings()
    states = {entry.id: entry.state for entry in catalogue.ledger.entries()}
    assert states == {1: EntryState.RESERVED, lost: EntryState.MAYBE_BILLED, billed: EntryState.SETTLED}
    assert catalogue.ledger.spent_encoding("cloud") == PRICE + 20_000


def test_csv_says_what_an_encoder_was_paid_for(catalogue: Catalogue) -> None:
    catalogue.ledger.reserve_encoding(encoding(), PLENTY, TODAY)
    written = io.StringIO(newline="")
    write_csv(catalogue.ledger.entries(), written)
    (line,) = csv.DictReader(io.StringIO(written.getvalue(), newline=""))
    assert (line["purpose"], line["items"], line["model"], line["job"]) == ("pictures", "8", "cloud", "")


def test_bookings_of_before_survive_the_ledgers_widening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.catalogue.database.MIGRATIONS", schema.MIGRATIONS[:5])
    database = Database(tmp_path / "before.sqlite")
    with database.write() as connection:
        connection.execute(
            "INSERT INTO batches (created_at, mode, brief, generator, results_folder, budget)"
            " VALUES ('', 'dress', '{}', 'fake', '.', 1)"
        )
        connection.execute(
            "INSERT INTO jobs (batch_id, cell, take, state, prompt, model, size, ratio, price, created_at)"
            " VALUES (1, '[]', 0, 'done', '', 'model', '1K', '1:1', 5, '')"
        )
        connection.execute(
            "INSERT INTO ledger (batch_id, job_id, attempt, day, model, state, reserved, amount, reserved_at)"
            " VALUES (1, 1, 2, '2026-11-25', 'model', 'settled', 5, 4, '')"
        )
    database.close()
    monkeypatch.undo()
    database = Database(tmp_path / "before.sqlite")
    ledger = Ledger(database)
    (entry,) = ledger.entries(1)
    assert (entry.purpose, entry.job_id, entry.attempt, entry.amount) == (Purpose.COMPOSITION, 1, 2, 4)
    assert (ledger.find_entry(1, 2), ledger.spent_on(TODAY)) == (entry.id, 4)
    database.close()
