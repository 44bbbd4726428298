"""`propmaster describe`: what a picture shows, in words that searches find; written by a model, or by the user."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import print_json, stderr, stdout
from engine.cli.remote import running_engine
from engine.errors import AssetUnknown
from engine.protocol import SetDescription


@app.command()
def describe(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A picture of the library.")],
    text: Annotated[
        str | None,
        typer.Option("--text", help="Describe it yourself; no model overwrites that. Empty: forget it."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is said of a picture, or say it yourself with --text. Nothing is sent anywhere."""
    common.take(home, as_json)
    asset_id = _find(file.expanduser().absolute())
    if text is not None:
        _write(asset_id, text)
    with common.open_to_read() as library:
        said = library.browser.facts(asset_id).description
    if common.as_json:
        print_json(None if said is None else asdict(said))
    elif said is None:
        stdout.print("Nobody has described it.")
    else:
        stdout.print(said.text, markup=False)
        stderr.print(_by(said.author, edited=said.edited), markup=False)


def _find(file: Path) -> int:
    with common.open_to_read() as library:
        found = library.browser.lying_at([file])
    if not found:
        raise AssetUnknown(f"{file} is not in the library", "`propmaster index FOLDER` adds its folder")
    return found[0].asset.id


def _write(asset_id: int, text: str) -> None:
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            engine.ask(SetDescription, asset_id, text)
            return
    with common.open_to_write() as library:
        library.describe(asset_id, text)


def _by(author: str, *, edited: bool) -> str:
    if not author:
        return "Written by you."
    return f"Written by {author}{', edited by you' if edited else ''}."
