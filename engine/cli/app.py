"""The command table and what is common to all commands: global options, errors, exit status.

Heavy modules are imported by the commands that need them, so that help and simple commands answer at once.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from engine.cli.context import HomeOption, JsonOption, common

app = typer.Typer(
    name="propmaster",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="""Find the images of an asset library by what they show, offline.

Propmaster indexes image folders where they lie, embeds every picture with a CLIP model, and answers in words
(English and Chinese) or by likeness.

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


@app.callback()
def _global_options(
    home: HomeOption = None,
    as_json: JsonOption = False,
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


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"propmaster {version('propmaster')}")
        raise typer.Exit


def run() -> None:
    """Run the command line; the exit status is 0 on success, 1 on an error of the user's world, 2 on wrong usage."""
    from engine.cli import browsing, demo, indexing, searching, upkeep  # noqa: F401 - registers the commands
    from engine.cli.output import error_as_json, print_error, print_json
    from engine.errors import PropmasterError

    common.reset()
    try:
        app()
    except PropmasterError as error:
        if common.as_json:
            print_json(error_as_json(error))
        else:
            print_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe went away; Python would complain once more while flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
