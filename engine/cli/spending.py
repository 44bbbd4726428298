"""`propmaster ledger` and `propmaster budget`: what paid services cost, and the caps that they cannot pass."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.maker import open_maker
from engine.cli.output import print_json, printable, stdout
from engine.protocol import DEFAULT_CURRENCY
from engine.services.money import MICRO, USD, Currency

if TYPE_CHECKING:
    from engine.catalogue.ledger import Entry
    from engine.library import Library

budget_app = typer.Typer(
    name="budget",
    invoke_without_command=True,
    help="Show and set what compositions may cost in a day and a batch.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(budget_app)

CurrencyOption = Annotated[str, typer.Option("--currency", help="Shown beside US dollars.")]


@app.command()
def ledger(
    batch: Annotated[int | None, typer.Option("--batch", metavar="BATCH", help="Only this batch.")] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write every line to a CSV file; - for standard output."),
    ] = None,
    currency: CurrencyOption = DEFAULT_CURRENCY,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what paid services cost, by day; --csv and --json give every request."""
    from engine.catalogue.ledger_csv import write_csv

    common.take(home, as_json)
    with common.open_to_read() as library:
        entries = library.studio.accounts.entries(batch)
        if csv is not None and str(csv) == "-":
            write_csv(entries, sys.stdout)
        elif csv is not None:
            _tell_written(csv, library.studio.accounts.write_csv(csv, batch))
        elif common.as_json:
            print_json([_entry_as_json(entry) for entry in entries])
        else:
            _print_days(library, entries, batch, library.composer.models().currency(currency))


@budget_app.callback()
def budget(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show and set what compositions may cost. Without a sub-command: show it."""
    common.take(home, as_json)
    if context.invoked_subcommand is None:
        _show_budget()


@budget_app.command("show")
def show_budget(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show the caps, and what is left of today's."""
    common.take(home, as_json)
    _show_budget()


@budget_app.command("set")
def set_budget(
    day: Annotated[str | None, typer.Option("--day", metavar="USD", help="The most on one day.")] = None,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="USD", help="The most for a batch, unless it says otherwise.")
    ] = None,
    of_batch: Annotated[
        int | None, typer.Option("--of", metavar="BATCH", help="Set --batch for this batch that is planned already.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the caps, in US dollars with cents."""
    common.take(home, as_json)
    if day is None and batch is None:
        raise typer.BadParameter("give --day, --batch or both")
    day_cents, batch_cents = _cents(day), _cents(batch)
    with open_maker(common.open_to_read) as maker:
        maker.set_budget(day_cents, batch_cents, of_batch)
    _show_budget()


def _cents(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        cents = Decimal(written.removeprefix("$")) * 100
    except InvalidOperation:
        cents = Decimal(-1)
    if not 0 <= cents < 10**9 or cents != int(cents):
        raise typer.BadParameter(f"{written} is no amount; write dollars and cents, such as 12.50")
    return int(cents)


def _show_budget() -> None:
    with common.open_to_read() as library:
        found = library.studio.accounts.budget()
    if common.as_json:
        print_json(
            {
                "day_usd": found.day / MICRO,
                "spent_today_usd": found.spent_today / MICRO,
                "left_today_usd": found.left_today / MICRO,
                "batch_usd": found.batch / MICRO,
            }
        )
        return
    stdout.print(
        f"A day    {USD.written(found.day)}; {USD.written(found.spent_today)} spent today,"
        f" {USD.written(found.left_today)} left"
    )
    stdout.print(f"A batch  {USD.written(found.batch)}, unless it says otherwise")


def _print_days(library: Library, entries: list[Entry], batch: int | None, other: Currency) -> None:
    if batch is not None:
        spent = sum(entry.amount for entry in entries)
        stdout.print(f"Batch {batch}: {_requests(len(entries))}, {_both(spent, other)}")
        return
    for day in library.studio.accounts.days():
        unsure = f", {USD.written(day.maybe_billed)} of it maybe" if day.maybe_billed else ""
        stdout.print(f"{day.day}  {_requests(day.requests):>14}  {_both(day.amount, other)}{unsure}")
    if not entries:
        stdout.print("Nothing was spent.")


def _requests(count: int) -> str:
    return f"{count} request{'' if count == 1 else 's'}"


def _both(amount: int, other: Currency) -> str:
    return USD.written(amount) if other is USD else f"{USD.written(amount)} ({other.written(amount)})"


def _tell_written(path: Path, lines: int) -> None:
    if common.as_json:
        print_json({"file": printable(path), "lines": lines})
    else:
        stdout.print(f"{lines} lines in {printable(path)}", markup=False)


def _entry_as_json(entry: Entry) -> dict[str, object]:
    return {
        "day": str(entry.day),
        "purpose": entry.purpose.value,
        "items": entry.items,
        "batch": entry.batch_id,
        "job": entry.job_id,
        "attempt": entry.attempt,
        "model": entry.model,
        "state": entry.state.value,
        "usd_reserved": entry.reserved / MICRO,
        "usd_counted": entry.amount / MICRO,
        "input_tokens": entry.input_tokens,
        "output_tokens": entry.output_tokens,
        "request_id": entry.request_id,
        "reserved_at": entry.reserved_at,
        "closed_at": entry.closed_at,
    }
