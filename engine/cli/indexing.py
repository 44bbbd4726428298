"""`propmaster index` and `propmaster watch`."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import percent, print_json, print_json_line, printable, progress_bar, stderr, stdout
from engine.cli.remote import RunningEngine, running_engine

if TYPE_CHECKING:
    from engine.catalogue.folders import Folder
    from engine.files.watcher import RescanRequest
    from engine.indexing.control import Control
    from engine.indexing.listing import ListingReport
    from engine.indexing.pipeline import IndexReport
    from engine.library import Library, LibraryStatus


@app.command()
def index(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER]...", help="Folders to add and index. Without any: all watched folders."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index folders: list what is in them, then read and embed what is new or changed.

    Files stay where they are and are never changed. Unchanged files are recognised by size and time, moved and
    renamed ones by their content. Stop it at any moment with Ctrl-C; the next run goes on where this one was.
    """
    common.take(home, as_json)
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            _index_remotely(engine, folders or ())
            return
    with common.open_to_write() as library, stopped_by_signals() as control:
        chosen = [library.add_folder(folder) for folder in folders or ()]
        if not folders:
            chosen = [status.folder for status in library.folders()]
        unique = list({folder.id: folder for folder in chosen}.values())
        listings, report = index_folders(library, unique, control)
        healed = _healing_as_json(library)
        status = library.status()
    if common.as_json:
        print_json(
            {
                **_report_as_json(report),
                "folders": [_listing_as_json(one) for one in listings],
                "healed": healed,
                "searched": status.encoder,
                "built": None if status.build is None else status.build.share,
            }
        )
    else:
        _print_listings(listings)
        _print_healing(healed)
        _print_report(report)
        _print_encoder(status)
    if control.cancelled:
        raise typer.Exit(130)


@app.command()
def watch(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Stay and follow changes in all watched folders until stopped with Ctrl-C.

    Changes are picked up by the system's events; folders on network drives are compared at intervals, and every
    folder in full once an hour. With --json, one line per event.
    """
    from engine.watching import Watching

    common.take(home, as_json)

    def listed(request: RescanRequest, listing: ListingReport) -> None:
        if common.as_json:
            print_json_line({"event": "listed", "reason": request.reason, **_listing_as_json(listing)})
        elif listing.changed or listing.missing or listing.state != "online":
            _print_listings([listing])

    def index(control: Control) -> bool:
        if library.has_pending():
            tell("indexed", library.index_pending(control, lambda _: None))
            library.keep_house()
        if library.quality.waits() and not control.cancelled:
            tell("filled", library.quality.fill(control, lambda _: None, watching.has_news))
        return watching.has_news()

    def tell(event: str, report: IndexReport) -> None:
        if common.as_json:
            print_json_line({"event": event, **_report_as_json(report)})
        else:
            _print_report(report)

    with common.open_to_write() as library, stopped_by_signals() as control:
        if not common.as_json:
            stderr.print(f"Watching {len(library.folders())} folders; Ctrl-C ends it.")
        with closing(Watching(library, listed, index)) as watching:
            watching.run(control)


def index_folders(
    library: Library, folders: Sequence[Folder], control: Control
) -> tuple[list[ListingReport], IndexReport]:
    """List and index folders behind a progress bar."""
    with stderr.status("Listing files …"):
        listings = library.list_folders(folders, control)
    with progress_bar("Indexing") as update:
        report = library.index_pending(control, update)
    library.keep_house()
    return listings, report


def _index_remotely(engine: RunningEngine, folders: Sequence[Path]) -> None:
    stderr.print("Propmaster is open; its engine does the work. Ctrl-C leaves it to that.")
    with progress_bar("Indexing") as update:
        state = engine.index(folders, update)
    paused = state.activity == "paused"
    if common.as_json:
        print_json({"indexed": state.done, "failed": state.failed, "paused": paused})
        return
    stdout.print(f"{state.done} indexed")
    if state.failed:
        stdout.print(f"{state.failed} failed; [bold]propmaster errors[/] says why")
    if paused:
        stdout.print("Indexing is paused in the window; it goes on once it is resumed there.")


@contextmanager
def stopped_by_signals() -> Iterator[Control]:
    """Yield a control that Ctrl-C and a polite kill cancel, so that work in hand is saved."""
    from engine.indexing.control import Control

    control = Control()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: control.cancel()) for number in signals]
    try:
        yield control
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _listing_as_json(listing: ListingReport) -> dict[str, Any]:
    return {
        "path": str(listing.folder.path),
        "state": listing.state,
        "seen": listing.seen,
        "changed": listing.changed,
        "missing": listing.missing,
        "unreadable": [{"directory": directory, "fault": fault} for directory, fault in listing.unreadable],
    }


def _report_as_json(report: IndexReport) -> dict[str, Any]:
    return {
        "indexed": report.indexed,
        "failed": report.failed,
        "unsettled": report.unsettled,
        "seconds": round(report.seconds, 3),
        "cancelled": report.cancelled,
    }


def _healing_as_json(library: Library) -> dict[str, Any] | None:
    found = library.spaces.wanted.store.reconciliation
    if not (found.upserted or found.deleted or found.rebuilt):
        return None
    return {
        "reason": found.reason,
        "rebuilt": found.rebuilt,
        "vectors_restored": found.upserted,
        "vectors_removed": found.deleted,
    }


def _print_healing(healed: dict[str, Any] | None) -> None:
    if healed is not None:
        stderr.print(
            f"The vector database was not as the catalogue says ({healed['reason']}):"
            f" {healed['vectors_restored']} vectors restored from the catalogue, {healed['vectors_removed']} removed;"
            " nothing was embedded again."
        )


def _print_listings(listings: Sequence[ListingReport]) -> None:
    for listing in listings:
        stdout.print(printable(listing.folder.path), markup=False, end="")
        if listing.state != "online":
            stdout.print(f"  [red]{listing.state}[/]: what is known of it stays searchable")
            continue
        stdout.print(f"  {listing.seen} images, {listing.changed} new or changed, {listing.missing} gone")
        for directory, fault in listing.unreadable:
            stdout.print(f"  could not be read ({fault}): {printable(directory) or '.'}", markup=False, style="red")


def _print_report(report: IndexReport) -> None:
    rate = report.indexed / report.seconds if report.seconds else 0.0
    stdout.print(f"{report.indexed} indexed in {report.seconds:.1f} s ({rate:.0f} a second)")
    if report.failed:
        stdout.print(f"{report.failed} failed; [bold]propmaster errors[/] says why")
    if report.unsettled:
        stdout.print(f"{report.unsettled} are still being written; the next run takes them")
    if report.cancelled:
        stdout.print("Stopped. The next run goes on from here.")


def _print_encoder(status: LibraryStatus) -> None:
    if status.build is None:
        return
    stdout.print(f"{status.build.encoder} is built to {percent(status.build.share)}; the next run goes on from here.")
    if status.lost:
        stdout.print(f"The files of {status.lost}, which answered before, are gone; what is not built is not found.")
    else:
        stdout.print(f"Until it is complete {status.encoder} answers searches.")
