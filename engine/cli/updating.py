"""`propmaster update`: the version that is here, and, only when asked, whether there is a newer one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from engine import __version__
from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import print_json, stdout

if TYPE_CHECKING:
    from engine.updating import UpdateNews


@app.command()
def update(
    check: Annotated[
        bool, typer.Option("--check", help="Ask the publisher over the network; take over newer tables.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which version this is; with `--check`, ask for a newer one, and for newer tables of models and prices.

    Nothing is asked without `--check`, nothing about you is sent, and no program is downloaded or installed.
    """
    common.take(home, as_json)
    if not check:
        _say_version()
        return
    from engine.settings import load_settings
    from engine.updating import check_for_updates

    directory = common.data_directory()
    news = check_for_updates(directory, load_settings(directory))
    if common.as_json:
        print_json({"installed": __version__, **asdict(news)})
    else:
        _print(news)


def _say_version() -> None:
    if common.as_json:
        print_json({"installed": __version__})
        return
    stdout.print(f"propmaster {__version__}", markup=False)
    stdout.print("`propmaster update --check` asks for a newer one over the network.", markup=False, style="dim")


def _print(news: UpdateNews) -> None:
    if news.is_newer:
        stdout.print(f"Propmaster {news.version} is out; this is {__version__}.", markup=False)
        stdout.print(news.notes, markup=False)
        if news.download is not None:
            stdout.print(f"{news.download.url}\nSHA-256 {news.download.sha256}", markup=False, soft_wrap=True)
    else:
        stdout.print(f"propmaster {__version__} is the newest version.", markup=False)
    for name in news.tables:
        stdout.print(f"Took over a newer {name}.", markup=False)
    if news.unread and news.is_newer:
        stdout.print(f"Only the newer version reads its {', '.join(news.unread)}.", markup=False)
