"""`propmaster search` and `propmaster similar`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.output import print_hits, print_json, print_json_line, result_as_json
from engine.errors import InvalidQuery, PropmasterError

if TYPE_CHECKING:
    from engine.catalogue.filters import AssetFilter
    from engine.library import Library
    from engine.search.query import ImageTerm, TextTerm
    from engine.search.searcher import SearchResult

WARM_UP = "picture"
"""Encoded once before a batch, so that the first query's time is its own."""

LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many hits to print.")]
OffsetOption = Annotated[int, typer.Option("--offset", min=0, help="How many hits to leave out: the next page.")]


@app.command()
def search(
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="What the picture shows, in English or Chinese.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--not", metavar="TEXT", help="What it should not show. Repeatable.")
    ] = None,
    like: Annotated[
        list[str] | None, typer.Option("--like", metavar="FILE", help="A picture it should be like. Repeatable.")
    ] = None,
    unlike: Annotated[
        list[str] | None, typer.Option("--unlike", metavar="FILE", help="A picture it should not be like. Repeatable.")
    ] = None,
    folder: Annotated[
        list[Path] | None, typer.Option("--folder", metavar="DIR", help="Only below this folder. Repeatable.")
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="NAME", help="Only this format: png, jpeg, psd … Repeatable."),
    ] = None,
    min_size: Annotated[
        str | None,
        typer.Option("--min-size", metavar="SIZE", help="Shorter edge (512), or width and height (1024x768)."),
    ] = None,
    aspect: Annotated[
        str | None,
        typer.Option("--aspect", metavar="RATIO", help="square, portrait, landscape, or a ratio such as 16:9."),
    ] = None,
    alpha: Annotated[
        bool | None, typer.Option("--alpha/--no-alpha", help="Only with, or only without, transparency.")
    ] = None,
    color: Annotated[
        str | None, typer.Option("--color", "--colour", metavar="#RRGGBB", help="Only where this colour is prominent.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Changed since a date (2026-05-01) or span (7d, 2w, 3m)."),
    ] = None,
    limit: LimitOption = 20,
    offset: OffsetOption = 0,
    batch: Annotated[
        bool, typer.Option("--batch", help="Read one query a line from standard input; print one JSON line each.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find pictures by what they show.

    Texts and images add up, --not and --unlike subtract. Any of them may end in a weight: `--like crown.png@0.5`.
    Words are also sought in file and folder names. Bands tell how far a hit can be trusted: strong, likely, weak.

    Examples:

    `propmaster search "red potion" --not bottle --alpha`

    `propmaster search --like sketch.png "golden" --min-size 512`

    `propmaster search --batch < queries.txt > hits.jsonl`
    """
    from engine.search.query import TextTerm

    common.take(home, as_json)
    wanted = _filter(folder, formats, min_size, aspect, alpha, color, since)
    extra = _terms(without, like, unlike)
    with common.open_to_read() as library:
        if batch:
            _search_batch(library, extra, wanted, limit, offset)
            return
        if text is None and not extra:
            raise InvalidQuery("nothing to search for", "give a text, or a picture with --like")
        terms = [_weighted_text(text, 1.0), *extra] if text is not None else extra
        library.prepare_search(*(term.text for term in terms if isinstance(term, TextTerm)))
        result = _search(library, terms, wanted, limit, offset)
    _print(text or "", result)


@app.command()
def similar(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A picture, in or outside the library.")],
    limit: LimitOption = 20,
    offset: OffsetOption = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find pictures that look like a file."""
    common.take(home, as_json)
    with common.open_to_read() as library:
        result = library.similar(file.expanduser(), limit, offset)
    _print(str(file), result)


def _search_batch(
    library: Library, extra: list[TextTerm | ImageTerm], wanted: AssetFilter, limit: int, offset: int
) -> None:
    from engine.cli.output import error_as_json
    from engine.search.query import TextTerm

    library.prepare_search(WARM_UP)
    for line in sys.stdin:
        query = line.strip()
        if not query:
            continue
        try:
            result = _search(library, [TextTerm(query), *extra], wanted, limit, offset)
        except PropmasterError as error:
            print_json_line({"query": query, **error_as_json(error)})
        else:
            print_json_line(result_as_json(query, result))


def _search(
    library: Library, terms: list[TextTerm | ImageTerm], wanted: AssetFilter, limit: int, offset: int
) -> SearchResult:
    from engine.search.query import Query

    return library.search(Query(tuple(terms), wanted), limit, offset)


def _print(query: str, result: SearchResult) -> None:
    if common.as_json:
        print_json(result_as_json(query, result))
    elif not result.hits and result.total == 0:
        raise InvalidQuery("nothing in the library passes", "index a folder first, or loosen the filters")
    else:
        print_hits(result)


def _filter(
    folder: list[Path] | None,
    formats: list[str] | None,
    min_size: str | None,
    aspect: str | None,
    alpha: bool | None,
    color: str | None,
    since: str | None,
) -> AssetFilter:
    from engine.catalogue.filters import AssetFilter
    from engine.search.query import parse_aspect, parse_colour, parse_formats, parse_min_size, parse_since

    width, height, edge = parse_min_size(min_size) if min_size else (0, 0, 0)
    return AssetFilter(
        folders=tuple(path.expanduser().resolve() for path in folder or ()),
        formats=parse_formats(formats or ()),
        min_width=width,
        min_height=height,
        min_edge=edge,
        aspect=parse_aspect(aspect) if aspect else None,
        alpha=alpha,
        colour=parse_colour(color) if color else None,
        since_ns=parse_since(since) if since else None,
    )


def _terms(without: list[str] | None, like: list[str] | None, unlike: list[str] | None) -> list[TextTerm | ImageTerm]:
    from engine.search.query import NEGATIVE_WEIGHT

    terms: list[TextTerm | ImageTerm] = [_weighted_text(text, NEGATIVE_WEIGHT) for text in without or ()]
    terms += [_weighted_image(written, 1.0) for written in like or ()]
    terms += [_weighted_image(written, NEGATIVE_WEIGHT) for written in unlike or ()]
    return terms


def _weighted_text(written: str, usual: float) -> TextTerm:
    from engine.search.query import TextTerm

    text, weight = _split_weight(written)
    return TextTerm(text, usual if weight is None else weight * (1 if usual > 0 else -1))


def _weighted_image(written: str, usual: float) -> ImageTerm:
    from engine.search.query import ImageTerm

    path = Path(written).expanduser()
    if path.exists():
        return ImageTerm(path.absolute(), usual)
    name, weight = _split_weight(written)
    sign = 1 if usual > 0 else -1
    return ImageTerm(Path(name).expanduser().absolute(), usual if weight is None else weight * sign)


def _split_weight(written: str) -> tuple[str, float | None]:
    """Split `crown.png@0.5`; what follows the last @ is a weight only if it is a number."""
    text, at, tail = written.rpartition("@")
    try:
        weight = float(tail) if at else None
    except ValueError:
        weight = None
    if weight is None:
        return written, None
    if not 0 < weight < float("inf"):
        raise InvalidQuery(f"{tail} is no weight", "give a number above 0; --not and --unlike subtract by themselves")
    return text, weight
