"""`propmaster folders`, `status`, `errors`: what is in the library and how it fares."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.app import app, folders_app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import megabytes, percent, print_json, printable, progress_bar, stdout
from engine.cli.remote import running_engine
from engine.protocol import RemoveFolder, RetryFailed


@folders_app.callback()
def folders(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List, add and remove watched folders. Without a sub-command: list them."""
    common.take(home, as_json)
    if context.invoked_subcommand is None:
        _list_folders()


@folders_app.command("list")
def list_folders(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the watched folders with their state and counts."""
    common.take(home, as_json)
    _list_folders()


@folders_app.command("add")
def add_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to watch; its files stay where they are.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Watch a folder. `propmaster index` then reads it."""
    common.take(home, as_json)
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            node = engine.add_folder(folder)
            polling = node.watched is not None and node.watched.polling
            _print_added(node.path, polling, "the open Propmaster reads it.")
            return
    with common.open_to_write() as library:
        added = library.add_folder(folder)
    _print_added(added.path, added.polling, "`propmaster index` reads it.")


@folders_app.command("remove")
def remove_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A watched folder.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget a folder. Its files are not touched."""
    common.take(home, as_json)
    forgotten = folder.expanduser().absolute()
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            engine.ask(RemoveFolder, forgotten)
        else:
            with common.open_to_write() as library:
                library.remove_folder(forgotten)
    if common.as_json:
        print_json({"removed": str(folder)})
    else:
        stdout.print(f"{printable(folder)} is no longer watched; its files are untouched.", markup=False)


@app.command()
def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show the library at a glance: sizes, encoder, what waits and what failed."""
    common.take(home, as_json)
    with common.open_to_read() as library:
        found = library.status()
    if common.as_json:
        print_json({**asdict(found), "home": str(found.home)})
        return
    stdout.print(f"Data directory  {printable(found.home)}", markup=False)
    stdout.print(f"Encoder         {found.encoder}")
    if found.build is not None:
        stdout.print(
            f"Being built     {found.build.encoder}, {percent(found.build.share)}  (`propmaster index` goes on)"
        )
    if found.lost:
        stdout.print(f"Gone            the files of {found.lost}, which answered before; put them back, or build on")
    stdout.print(f"Assets          {found.assets}")
    stdout.print(f"Searchable      {found.vectors} different pictures")
    stdout.print(f"Waiting         {found.pending}" + ("  (run `propmaster index`)" if found.pending else ""))
    stdout.print(f"Failed          {found.failed}" + ("  (`propmaster errors` says why)" if found.failed else ""))
    stdout.print(
        f"On disk         {megabytes(found.catalogue_bytes)} catalogue, {megabytes(found.thumbnail_bytes)} thumbnails"
    )


@app.command()
def errors(
    retry: Annotated[bool, typer.Option("--retry", help="Read the failed files again.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the files that gave no picture, why, and what to do; --retry reads them again."""
    common.take(home, as_json)
    if retry:
        _retry()
    with common.open_to_read() as library:
        failed = library.failed()
    if common.as_json:
        print_json(
            [{"path": str(file.path), "fault": file.fault, "reason": file.reason, "hint": file.hint} for file in failed]
        )
        return
    for file in failed:
        stdout.print(printable(file.path), markup=False, style="bold")
        stdout.print(f"  {file.reason} {file.hint}".rstrip(), markup=False)
    if not failed:
        stdout.print("Every file could be read.")


def _print_added(path: Path, polling: bool, then: str) -> None:
    if common.as_json:
        print_json({"path": str(path), "polling": polling})
    else:
        stdout.print(f"Watching {printable(path)}; {then}", markup=False)


def _list_folders() -> None:
    with common.open_to_read() as library:
        found = library.folders()
    if common.as_json:
        print_json(
            [
                {
                    "path": str(status.folder.path),
                    "state": status.folder.state,
                    "detail": status.folder.detail,
                    "polling": status.folder.polling,
                    "scanned_at": status.folder.scanned_at,
                    **asdict(status.counts),
                }
                for status in found
            ]
        )
        return
    for status in found:
        counts = status.counts
        stdout.print(printable(status.folder.path), markup=False, style="bold")
        stdout.print(
            f"  {status.folder.state}: {counts.ready} searchable, {counts.waiting} waiting, {counts.failed} failed"
        )
        if status.folder.detail:
            stdout.print(f"  {status.folder.detail}", markup=False, style="dim")
    if not found:
        stdout.print("No folders yet; `propmaster index FOLDER` adds one.")


def _retry() -> None:
    from engine.indexing.control import Control

    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            engine.ask(RetryFailed)
            with progress_bar("Retrying") as update:
                engine.follow(update)
            return
    with common.open_to_write() as library:
        if library.retry_failed():
            with progress_bar("Retrying") as update:
                library.index_pending(Control(), update)
