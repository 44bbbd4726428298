"""`propmaster demo`: the main job, from files to ranked pictures, on the bundled sample library."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.indexing import index_folders, stopped_by_signals
from engine.cli.output import print_hits, print_json, printable, result_as_json, stdout
from engine.cli.window import has_screen, open_window
from engine.resources import resource

if TYPE_CHECKING:
    from engine.library import Library
    from engine.search.searcher import SearchResult

SAMPLE = "sample_library"
HITS_PRINTED = 5
HITS_ON_SHEET = 8


@dataclass(frozen=True, slots=True)
class _Answer:
    title: str
    result: SearchResult


@app.command()
def demo(
    sheet: Annotated[Path, typer.Option("--sheet", metavar="FILE", help="Where to write the contact sheet.")] = Path(
        "propmaster-demo.png"
    ),
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index the bundled sample library, search it in English and Chinese, and write a contact sheet.

    Needs no network and no downloads. Where there is a screen, the window opens on it afterwards.

    It keeps its own data directory, so your library stays as it is.
    """
    common.take(home, as_json)
    if common.home is None:
        common.take(common.data_directory() / "demo", False)
    script = tomllib.loads((resource(SAMPLE) / "demo.toml").read_text("utf-8"))
    with common.open_to_write() as library, stopped_by_signals() as control:
        folder = library.add_folder(resource(SAMPLE))
        _, report = index_folders(library, [folder], control)
        if control.cancelled:
            raise typer.Exit(130)
        answers = _ask(library, script)
        _write_sheet(library, answers, sheet)
    if common.as_json:
        print_json(
            {
                "indexed": report.indexed,
                "failed": report.failed,
                "searches": [result_as_json(answer.title, answer.result) for answer in answers],
                "sheet": str(sheet.absolute()),
            }
        )
        return
    for answer in answers:
        stdout.print(f"\n[bold]{answer.title}[/]")
        print_hits(answer.result)
    stdout.print(f"\nContact sheet: {printable(sheet.absolute())}", markup=False)
    stdout.print("Your own pictures: propmaster index FOLDER, then propmaster search WORDS", markup=False)
    if has_screen():
        raise typer.Exit(open_window(common.data_directory()))


def _ask(library: Library, script: dict[str, Any]) -> list[_Answer]:
    from engine.search.query import Query, TextTerm

    library.prepare_search(*(entry["text"] for entry in script["queries"]))
    answers = [
        _Answer(f"“{entry['text']}”", library.search(Query((TextTerm(entry["text"]),)), HITS_ON_SHEET))
        for entry in script["queries"]
    ]
    example = resource(SAMPLE) / script["similar"]["file"]
    return [*answers, _Answer(f"similar to {example.name}", library.similar(example, HITS_ON_SHEET))]


def _write_sheet(library: Library, answers: Sequence[_Answer], path: Path) -> None:
    from engine.images.contact_sheet import save_contact_sheet

    rows = [
        (
            answer.title,
            [
                (
                    library.thumbnails.find(hit.asset.hash or "") or hit.asset.path,
                    f"{hit.score:.2f} {hit.asset.path.name}",
                )
                for hit in answer.result.hits
            ],
        )
        for answer in answers
    ]
    save_contact_sheet(rows, path)
