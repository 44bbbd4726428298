"""`propmaster models`: the encoders on offer, whose vectors there are, and deleting those that are not needed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.app import models_app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import megabytes, percent, print_json, stdout
from engine.cli.remote import running_engine
from engine.protocol import DropVectors

if TYPE_CHECKING:
    from engine.spaces import EncoderState


@models_app.callback()
def models(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the encoders, or drop vectors. Without a sub-command: list them."""
    common.take(home, as_json)
    if context.invoked_subcommand is None:
        _list_models()


@models_app.command("list")
def list_models(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the encoders: languages, size, licence, figures, vectors; which one is searched, which one is built."""
    common.take(home, as_json)
    _list_models()


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
    facts = {"name": state.name, "dimension": state.dimension} if state.model is None else asdict(state.model)
    return {
        **facts,
        "spec": state.spec,
        "in_use": state.wanted,
        "searched": state.searched,
        "built": state.built,
        "vectors": state.vectors,
    }


def _print(state: EncoderState) -> None:
    row = state.model
    marks = "  [green]searched[/]" if state.searched else ""
    if state.built is not None:
        marks += f"  [yellow]being built {percent(state.built)}[/]"
    stdout.print(f"[bold]{state.name}[/]  {'' if row is None else row.title}{marks}")
    if row is not None:
        languages = ", ".join(row.languages)
        stdout.print(f"  {languages}; {row.dimension} dimensions; {megabytes(row.disk_bytes)}; licence: {row.licence}")
        if row.figures:
            stdout.print(f"  {row.figures}", markup=False)
        stdout.print(f"  {row.note}", markup=False, style="dim")
    if state.vectors:
        kept = "" if state.searched or state.wanted else f"; `propmaster models drop {state.name}` deletes them"
        stdout.print(f"  {state.vectors} vectors{kept}", markup=False)
