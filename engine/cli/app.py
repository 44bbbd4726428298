"""The program and its global options; the modules beside this one add their commands to it.

Heavy modules are imported by the commands that need them, so that help and simple commands answer at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import __version__
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.window import has_screen, open_window

app = typer.Typer(
    name="propmaster",
    invoke_without_command=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="""Find the images of an asset library by what they show, offline.

Propmaster indexes image folders where they lie, embeds every picture with a CLIP model, and answers in words
(English and Chinese) or by likeness. Without a command, its window opens.

**First steps**

`propmaster demo` shows it on the bundled sample library.

`propmaster index ~/Art` indexes a folder and watches it from then on.

`propmaster search "golden crown"` finds pictures; so does `propmaster search 金色皇冠`.
""",
)
folders_app = typer.Typer(
    name="folders",
    invoke_without_command=True,
    help="List, add and remove watched folders.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(folders_app)
models_app = typer.Typer(
    name="models",
    invoke_without_command=True,
    help="List encoders and the vectors they have here; drop vectors.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(models_app)


@app.callback()
def _global_options(
    context: typer.Context,
    home: HomeOption = None,
    as_json: JsonOption = False,
    similar: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Open the window on what looks like this picture."
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and leave.",
            is_eager=True,
            callback=lambda value: _print_version(value),
        ),
    ] = False,
) -> None:
    common.take(home, as_json)
    if context.invoked_subcommand is not None:
        if similar is not None:
            raise typer.BadParameter("it opens the window; `propmaster similar FILE` prints what it finds")
        return
    if not has_screen():
        typer.echo(context.get_help())
        raise typer.Exit(2)
    raise typer.Exit(open_window(common.data_directory(), similar and similar.absolute()))


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"propmaster {__version__}")
        raise typer.Exit
