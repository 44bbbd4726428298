"""`propmaster doctor`: diagnosis, repair of the vector database, restoring the catalogue."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import print_json, printable, stderr, stdout

if TYPE_CHECKING:
    from engine.health import Finding

MARKS = {"good": "[green]✓[/]", "notice": "[yellow]![/]", "bad": "[red]✗[/]"}


@app.command()
def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Bring the vector database in step with the catalogue, without embedding.")
    ] = False,
    restore: Annotated[
        bool, typer.Option("--restore", help="Put the newest backup in place of a damaged catalogue.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check versions, device, paths, free disk and database health, and say what to do about each problem."""
    from engine.health import examine, is_sound

    common.take(home, as_json)
    if restore:
        _restore()
    if repair:
        _repair()
    findings: list[Finding] = []
    for finding in examine(common.data_directory()):
        findings.append(finding)
        if not common.as_json:
            _print(finding)
    if common.as_json:
        print_json({"sound": is_sound(findings), "findings": [asdict(finding) for finding in findings]})
    if not is_sound(findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    stdout.print(f"{MARKS[finding.verdict]} {finding.subject:<16}", end="")
    stdout.print(printable(finding.found), markup=False)
    if finding.advice and finding.verdict != "good":
        stdout.print(f"  → {finding.advice}", markup=False, style="dim")


def _repair() -> None:
    with common.open_to_write() as library:
        repaired = {space.profile.name: space.store.reconciliation for space in library.spaces.all}
    for encoder, found in repaired.items():
        stderr.print(
            f"Vectors of {encoder}: {found.checked} checked, {found.upserted} restored, {found.deleted} removed"
            f" ({found.reason})"
        )


def _restore() -> None:
    from engine.catalogue.catalogue import FILE_NAME, Catalogue
    from engine.catalogue.database import restore_backup
    from engine.home import HomeLock, prepare_home

    home = common.data_directory()
    prepare_home(home)
    lock = HomeLock(home)
    try:
        backup, aside = restore_backup(home / FILE_NAME)
        catalogue = Catalogue(home)
        # The backup does not know what was made, and paid for, since it was taken.
        unsure = catalogue.compositions.states.withdraw_consent()
        catalogue.close()
    finally:
        lock.release()
    stderr.print(f"Restored {printable(backup)}; the damaged catalogue is kept as {printable(aside)}", markup=False)
    stderr.print("Run `propmaster index` to catch up with what changed since.")
    if unsure:
        stderr.print(
            f"{unsure} pictures that were to be composed wait for your consent anew, for they may have been made since:"
            " look into the results folder, then `propmaster jobs resume` or `cancel`."
        )
