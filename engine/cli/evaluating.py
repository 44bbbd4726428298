"""`propmaster evaluate`: how well and how fast encoders find the pictures of a labelled set."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import print_json, printable, progress_bar, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.evaluation import Evaluation, RankedQuery

DEPTHS = (1, 5, 10)
SHOWN_UNREADABLE = 5
_CHINESE = re.compile("[\u3400-\u9fff]")


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the pictures are.")],
    labels: Annotated[
        Path | None,
        typer.Option(
            "--labels",
            metavar="CSV",
            help="A table with the header `file,text[,text…]`; files are paths below FOLDER."
            " Without it, the words of every file's name are its text.",
        ),
    ] = None,
    encoders: Annotated[
        list[str] | None,
        typer.Option("--encoder", metavar="ENCODER", help="As in the settings. Repeatable. Default: the one in use."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="CSV", help="Write the rank of every query into this file.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how well encoders find your own pictures. Nothing is added to the library.

    Every text is asked among all the pictures of the set. R@10 is the share of texts that have a right picture among
    the first ten. Where several pictures carry a text, any of them is right; equal files are one picture. On a tie the
    wrong picture counts as the first. Images/s includes reading and decoding, ms a query includes encoding the text.

    Examples:

    `propmaster evaluate ~/Art/props --encoder starter-4 --encoder open_clip:ViT-B-32:vit.safetensors`

    `propmaster evaluate ~/Art --labels captions.csv --save ranks.csv`
    """
    from engine import evaluation
    from engine.embedding.shelf import shelf_of
    from engine.settings import load_settings

    common.take(home, as_json)
    settings = load_settings(common.data_directory())
    shelf = shelf_of(common.data_directory(), settings.models_share)
    root = folder.expanduser()
    pictures = evaluation.label_by_names(root) if labels is None else evaluation.read_labels(labels.expanduser(), root)
    done: list[Evaluation] = []
    for spec in encoders or [settings.encoder]:
        with progress_bar("Reading") as report:
            done.append(evaluation.evaluate(spec, pictures, settings, report, shelf))
    if save is not None:
        _save(save.expanduser(), done)
    if common.as_json:
        print_json([_as_json(one) for one in done])
    else:
        _print_unreadable(done[0])
        _print(done)


def _languages(queries: Sequence[RankedQuery]) -> dict[str, Sequence[RankedQuery]]:
    """Return the queries under "all", and apart by script if there are both."""
    chinese = [query for query in queries if _CHINESE.search(query.text)]
    others = [query for query in queries if not _CHINESE.search(query.text)]
    apart = {"chinese": chinese, "other": others} if chinese and others else {}
    return {"all": queries, **apart}


def _figures(queries: Sequence[RankedQuery]) -> dict[str, float]:
    from engine.evaluation import median_rank, recall_at

    recalls = {f"recall_at_{depth}": round(recall_at(depth, queries), 4) for depth in DEPTHS}
    return {"queries": len(queries), **recalls, "median_rank": median_rank(queries)}


def _as_json(result: Evaluation) -> dict[str, Any]:
    return {
        "encoder": result.encoder,
        "pictures": result.pictures,
        "unreadable": [{"path": str(path), "message": message} for path, message in result.unreadable],
        "images_per_second": round(result.images_per_second, 2),
        "ms_per_query": round(result.query_ms, 2),
        "texts": {language: _figures(queries) for language, queries in _languages(result.queries).items()},
    }


def _print(results: Sequence[Evaluation]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False, title=f"{results[0].pictures} pictures", title_justify="left")
    table.add_column("encoder", overflow="fold", min_width=10)
    table.add_column("texts", no_wrap=True)
    for title in ("asked", *(f"R@{depth}" for depth in DEPTHS), "median", "images/s", "ms/query"):
        table.add_column(title, justify="right", no_wrap=True)
    for result in results:
        for language, queries in _languages(result.queries).items():
            figures = _figures(queries)
            whole = language == "all"
            table.add_row(
                result.encoder if whole else "",
                language,
                str(len(queries)),
                *(f"{figures[f'recall_at_{depth}']:.0%}" for depth in DEPTHS),
                f"{figures['median_rank']:g}",
                f"{result.images_per_second:.1f}" if whole else "",
                f"{result.query_ms:.1f}" if whole else "",
            )
    stdout.print(table)


def _print_unreadable(result: Evaluation) -> None:
    if not result.unreadable:
        return
    stderr.print(f"[yellow]{len(result.unreadable)} pictures cannot be read, and count for nothing:[/]")
    for path, message in result.unreadable[:SHOWN_UNREADABLE]:
        stderr.print(f"  {printable(path)}: {printable(message)}", markup=False)


def _save(path: Path, results: Sequence[Evaluation]) -> None:
    from engine.errors import AccessDenied

    try:
        with path.open("w", encoding="utf-8-sig", newline="", errors="surrogateescape") as opened:
            table = csv.writer(opened)
            table.writerow(("encoder", "text", "rank", "right", "first"))
            for result in results:
                for query in result.queries:
                    table.writerow((result.encoder, query.text, query.rank, query.right, query.first))
    except OSError as error:
        raise AccessDenied(f"{path} cannot be written: {error.strerror or error}", "choose another place") from error
