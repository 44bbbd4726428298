"""`propmaster models`: the encoders on offer, getting their weights, and deleting what is not needed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.app import models_app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import bytes_bar, megabytes, percent, print_json, stderr, stdout
from engine.cli.remote import running_engine
from engine.errors import WeightsNotOffered
from engine.protocol import DropVectors, RemoveModel
from engine.services.money import USD

if TYPE_CHECKING:
    from engine.embedding.encoder import Terms
    from engine.embedding.models import ModelRow
    from engine.embedding.shelf import Shelf
    from engine.settings import Settings
    from engine.spaces import EncoderState
    from engine.weights.watching import Watch

STOPPED = 130
"""The exit code of a program that Ctrl-C ended."""
PLACE_WORDS = {
    "shipped": "ships",
    "here": "on this computer",
    "shared": "on the share",
    "absent": "not here",
    "cloud": "in the cloud",
}
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A model that `propmaster models` lists.")]


@models_app.callback()
def models(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the encoders, get or remove their weights, drop vectors. Without a sub-command: list them."""
    common.take(home, as_json)
    if context.invoked_subcommand is None:
        _list_models()


@models_app.command("list")
def list_models(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the encoders: languages, size, licence, figures, where their weights are, vectors, which one is searched."""
    common.take(home, as_json)
    _list_models()


@models_app.command("get")
def get_model(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Download the weights of a model. Ctrl-C stops it; the next time it goes on where it stopped."""
    common.take(home, as_json)
    from engine.hub import Hub
    from engine.settings import load_settings
    from engine.weights.downloading import download

    row = _row(name)
    settings = load_settings(common.data_directory())
    hub = Hub(settings.hub_endpoint, settings.proxy)
    if row.weights is not None and not yes:
        stderr.print(
            f"{row.title}, {megabytes(row.disk_bytes)}, from {hub.host}/{row.weights.repository}", markup=False
        )
        _tell_licence(row)
        typer.confirm("Download it?", abort=True, err=True)
    _transfer(row, settings, lambda shelf, watch: download(row, hub, shelf, watch))


@models_app.command("import")
def import_model(
    name: NameArgument,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file with the weights, or the folder it is in.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the weights of a model from a USB stick or a share."""
    common.take(home, as_json)
    from engine.settings import load_settings
    from engine.weights.importing import import_weights

    row = _row(name)
    settings = load_settings(common.data_directory())
    if row.weights is not None:
        _tell_licence(row)
    _transfer(row, settings, lambda shelf, watch: import_weights(row, path.expanduser().absolute(), shelf, watch))


@models_app.command("remove")
def remove_model(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Delete the weights of a model that is not used; its vectors stay."""
    common.take(home, as_json)
    row = _row(name)
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            engine.ask(RemoveModel, name)
        else:
            with common.open_to_write() as library:
                library.remove_weights(row)
    if common.as_json:
        print_json({"removed": name})
    else:
        stdout.print(f"The weights of {row.title} are deleted", markup=False)


@models_app.command("drop")
def drop_model(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An encoder that `propmaster models` lists.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete the vectors of an encoder that is neither searched nor being built; its weights stay."""
    common.take(home, as_json)
    vectors = next((state.vectors for state in _states() if state.name == name), 0)
    if vectors and not yes:
        typer.confirm(
            f"Delete {vectors} vectors of {name}? Making them again takes a full index run", abort=True, err=True
        )
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            engine.ask(DropVectors, name)
        else:
            with common.open_to_write() as library:
                vectors = library.spaces.drop(name)
    if common.as_json:
        print_json({"dropped": name, "vectors": vectors})
    else:
        stdout.print(f"{vectors} vectors of {name} are deleted", markup=False)


def _row(name: str) -> ModelRow:
    from engine.embedding.models import available_models, find_model

    row = find_model(name, common.data_directory())
    if row is None:
        known = ", ".join(row.name for row in available_models(common.data_directory()) if not row.ships)
        raise WeightsNotOffered(f"there is no model “{name}”", f"known are: {known}")
    return row


def _tell_licence(row: ModelRow) -> None:
    stderr.print(f"Licence: {row.licence} {row.licence_url}", markup=False)
    if not row.commercial:
        stderr.print("[bold red]The licence does not allow commercial use.[/]")


def _transfer(row: ModelRow, settings: Settings, bring: Callable[[Shelf, Watch], None]) -> None:
    from engine.embedding.shelf import shelf_of
    from engine.home import prepare_home
    from engine.weights.watching import Stopped, Watch

    home = common.data_directory()
    prepare_home(home)
    shelf = shelf_of(home, settings.models_share)
    stopped = threading.Event()

    def stop(*_: object) -> None:
        stopped.set()
        # Once more ends it at once, which loses nothing either.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    before = signal.signal(signal.SIGINT, stop)
    try:
        with bytes_bar(row.title) as report:
            bring(shelf, Watch(report, stopped))
    except Stopped:
        stderr.print("Stopped. What arrived is kept; the same command goes on with it.")
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)
    folder = shelf.find(row)
    if common.as_json:
        print_json({"model": row.name, "folder": str(folder)})
    else:
        stdout.print(f"{row.title} is in {folder}", markup=False)


def _states() -> list[EncoderState]:
    with common.open_to_read() as library:
        return library.spaces.states()


def _list_models() -> None:
    states = _states()
    if common.as_json:
        print_json([_as_json(state) for state in states])
        return
    for state in states:
        _print(state)


def _as_json(state: EncoderState) -> dict[str, Any]:
    row = state.model
    facts: dict[str, Any] = {"dimension": state.dimension} if row is None else asdict(row)
    if row is not None and row.cloud is not None:
        facts["cloud"] = asdict(row.cloud.terms) | {"as_of": str(row.cloud.as_of)}
    return {
        **facts,
        "row": None if state.model is None else state.model.name,
        "name": state.name,
        "place": None if state.place is None else state.place.value,
        "spec": state.spec,
        "in_use": state.wanted,
        "searched": state.searched,
        "quality": state.quality,
        "built": state.built,
        "vectors": state.vectors,
    }


def _print(state: EncoderState) -> None:
    row = state.model
    marks = "  [green]searched[/]" if state.searched else ""
    if state.quality:
        marks += "  [green]quality[/]"
    if state.built is not None:
        marks += f"  [yellow]being built {percent(state.built)}[/]"
    stdout.print(f"[bold]{state.name}[/]  {'' if row is None else row.title}{marks}")
    if row is not None:
        languages = ", ".join(row.languages)
        place = "" if state.place is None else PLACE_WORDS[state.place.value]
        size = f"{megabytes(row.disk_bytes)}, {place}" if row.cloud is None else _price(row.cloud.terms)
        stdout.print(f"  {languages}; {row.dimension} dimensions; {size}", markup=False)
        speed = "" if row.speed is None else f"; {row.speed} on a processor, {megabytes(row.memory_bytes)} of memory"
        stdout.print(f"  licence: {row.licence}{speed}", markup=False)
        if not row.commercial:
            stdout.print("  [red]no commercial use[/]")
        if not state.spec and row.cloud is None:
            stdout.print(f"  `propmaster models get {row.name}` downloads it", markup=False)
        if row.figures:
            stdout.print(f"  {row.figures}", markup=False)
        stdout.print(f"  {row.note}", markup=False, style="dim")
    if state.vectors:
        kept = (
            ""
            if state.searched or state.wanted or state.quality
            else f"; `propmaster models drop {state.name}` deletes them"
        )
        stdout.print(f"  {state.vectors} vectors{kept}", markup=False)


def _price(terms: Terms) -> str:
    return f"sent to {terms.service}, at most {USD.written(1000 * terms.per_image)} for 1,000 pictures ({terms.as_of})"
