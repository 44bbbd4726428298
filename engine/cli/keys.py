"""`propmaster keys`: the keys of paid services, kept in the system's keyring, and whether a service accepts them.

A key is never an argument, which the shell's history would keep: it is typed unseen, or comes from standard input.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import print_json, stderr, stdout

if TYPE_CHECKING:
    from engine.connecting import Connection
    from engine.services.keys import KeyStore

keys_app = typer.Typer(
    name="keys",
    invoke_without_command=True,
    help="Keep, forget and try the keys of paid services.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(keys_app)

ServiceArgument = Annotated[
    str, typer.Argument(metavar="SERVICE", help="gemini, openai or dashscope.", show_default=False)
]


@keys_app.callback()
def keys(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Keep, forget and try the keys of paid services. Without a sub-command: show where each key is."""
    common.take(home, as_json)
    if context.invoked_subcommand is None:
        _show()


@keys_app.command("set")
def set_key(service: ServiceArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Keep a key in the system's keyring, or in a file that only you may read where there is none."""
    common.take(home, as_json)
    text = typer.prompt("Key", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    kept = _store().keep(service, text)
    if kept.warning:
        stderr.print(kept.warning)
    if common.as_json:
        print_json({"service": service, "place": kept.place, "where": kept.where})
    else:
        stdout.print(f"The key for {service} is kept in {kept.where}.", markup=False)


@keys_app.command("forget")
def forget_key(service: ServiceArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Remove a key; one in an environment variable stays."""
    common.take(home, as_json)
    _store().forget(service)
    _show()


@keys_app.command("test")
def try_key(
    service: Annotated[
        str, typer.Argument(help="gemini, openai, dashscope, stable_diffusion, comfyui or draft.", show_default=False)
    ],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a service whether it answers and accepts the key; this costs nothing."""
    import asyncio

    from engine.connecting import connection_to
    from engine.settings import load_settings

    common.take(home, as_json)
    directory = common.data_directory()
    make = connection_to(service, directory, load_settings(directory))

    async def ask() -> str:
        opened: Connection = make()
        try:
            return await opened.test_connection()
        finally:
            await opened.close()

    said = asyncio.run(ask())
    if common.as_json:
        print_json({"service": service, "said": said})
    else:
        stdout.print(said, markup=False)


def _store() -> KeyStore:
    from engine.services.keys import KeyStore

    return KeyStore(common.data_directory())


def _show() -> None:
    from engine.services.keys import VARIABLES

    found = {service: _store().find(service) for service in VARIABLES}
    if common.as_json:
        print_json(
            [
                {"service": service, "place": each and each.place, "where": each and each.where}
                for service, each in found.items()
            ]
        )
        return
    for service, each in found.items():
        where = f"{each.place}: {each.where}" if each else f"none; `propmaster keys set {service}` keeps one"
        stdout.print(f"{service:10}{where}", markup=False)
