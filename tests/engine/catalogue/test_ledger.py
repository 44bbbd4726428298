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

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.compositions import NewBatch
from engine.catalogue.jobs import Cell, NewJob
from engine.catalogue.ledger import Bill, Caps, Charge, EntryState, dollars, write_csv
from engine.errors import BudgetExceeded

TODAY, TOMORROW = date(2026, 11, 25), date(2026, 11, 26)
PRICE = 33_600
PLENTY = Caps(day=100 * PRICE, batch=100 * PRICE)
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
    day_cap = Caps(day=2 * PRICE, batch=100 * PRICE)
    assert [reserve(catalogue, n, day_cap) for n in (1, 2, 3)] == [True, True, False]
    assert reserve(catalogue, 4, day_cap, day=TOMORROW)
    assert not reserve(catalogue, 5, Caps(day=100 * PRICE, batch=4 * PRICE - 1))
    assert reserve(catalogue, JOBS + 1, Caps(day=100 * PRICE, batch=PRICE), batch_id=2)


def test_refused_reservation_says_what_is_left_and_what_to_do(catalogue: Catalogue) -> None:
    with pytest.raises(BudgetExceeded) as told:
        catalogue.ledger.reserve(Charge(1, 1, 1, "model", PRICE), Caps(day=20_000, batch=PRICE), TODAY)
    assert told.value.message == "today's budget of $0.02 has $0.02 left, and the next picture may cost $0.0336"
    assert "budget set" in told.value.hint
    assert catalogue.ledger.entries() == []


def test_threads_can_never_book_past_a_cap(catalogue: Catalogue) -> None:
    caps = Caps(day=10 * PRICE, batch=100 * PRICE)
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda job_id: reserve(catalogue, job_id, caps), range(1, JOBS + 1)))
    assert sum(granted) == 10
    assert catalogue.ledger.spent_on(TODAY) == 10 * PRICE


def test_processes_can_never_book_past_a_cap(catalogue: Catalogue, tmp_path: Path) -> None:
    script = f"""
from datetime import date
from pathlib import Path
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
    catalogue.ledger.settle(1, 1, Bill(30_000, 900, 1120, "req-1"))
    catalogue.ledger.release(2, 1)
    catalogue.ledger.mark_maybe_billed(3, 1)
    assert catalogue.ledger.spent_by(1) == 30_000 + PRICE
    (day,) = catalogue.ledger.days()
    assert (day.day, day.requests, day.amount, day.maybe_billed) == (TODAY, 2, 30_000 + PRICE, PRICE)


def test_closed_entry_is_not_released_afterwards(catalogue: Catalogue) -> None:
    reserve(catalogue, 1, PLENTY)
    catalogue.ledger.settle(1, 1, Bill(PRICE))
    catalogue.ledger.release(1, 1)
    catalogue.ledger.mark_maybe_billed(1, 1)
    (entry,) = catalogue.ledger.entries()
    assert (entry.state, entry.amount) == (EntryState.SETTLED, PRICE)


def test_what_costs_nothing_passes_an_exhausted_budget(catalogue: Catalogue) -> None:
    catalogue.ledger.reserve(Charge(1, 1, 1, "draft", 0), Caps(day=0, batch=0), TODAY)
    assert catalogue.ledger.spent_on(TODAY) == 0


def test_csv_holds_every_line_with_exact_decimals(catalogue: Catalogue) -> None:
    reserve(catalogue, 1, PLENTY)
    reserve(catalogue, 2, PLENTY)
    catalogue.ledger.settle(1, 1, Bill(30_001, 900, 1120, "req,1"))
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
