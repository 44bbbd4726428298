"""What the command line prints: tables and progress for people, one JSON document for scripts.

Results go to standard output, progress and notices to standard error, so that `--json` can be piped.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

if TYPE_CHECKING:
    from engine.errors import PropmasterError
    from engine.indexing.control import Progress as IndexProgress
    from engine.search.searcher import Hit, SearchResult
    from engine.weights.watching import Progress as Transferred

stdout = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, soft_wrap=True)

BAND_STYLES = {"strong": "bold green", "likely": "yellow", "weak": "dim"}


def megabytes(count: int) -> str:
    """Return a number of bytes in words."""
    return f"{count / 1e6:.1f} MB"


def percent(share: float) -> str:
    """Return a share (0…1) in whole per cent, 100 only for all of it."""
    return f"{int(share * 100)} %"


def printable(path: Path | str) -> str:
    """Return a path as any terminal can show it; bytes that are not text become replacement characters."""
    return os.fsencode(path).decode("utf-8", "replace")


def print_json(document: Any) -> None:
    """Print one JSON document. Names that are not valid text keep their bytes as surrogate escapes."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=_needs_ascii(document)) + "\n")
    sys.stdout.flush()


def print_json_line(document: Any) -> None:
    """Print one JSON document on one line, at once."""
    sys.stdout.write(json.dumps(document, ensure_ascii=_needs_ascii(document)) + "\n")
    sys.stdout.flush()


def error_as_json(error: PropmasterError) -> dict[str, str]:
    """Return an error as scripts read it."""
    return {"error": error.code, "message": error.message, "hint": error.hint}


def print_error(error: PropmasterError) -> None:
    """Print an error and what to do next."""
    stderr.print("[bold red]Error:[/] ", end="")
    stderr.print(printable(error.message), markup=False)
    if error.hint:
        stderr.print(f"  {printable(error.hint)}", markup=False, style="dim")


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as scripts read it."""
    asset = hit.asset
    return {
        "path": str(asset.path),
        "score": round(hit.score, 4),
        "band": hit.band,
        "named": round(hit.named, 3),
        "found_by": hit.found_by,
        "width": asset.width,
        "height": asset.height,
        "format": asset.format,
        "has_alpha": asset.has_alpha,
        "offline": asset.offline,
    }


def result_as_json(query: str, result: SearchResult) -> dict[str, Any]:
    """Return a search result as scripts read it."""
    return {
        "query": query,
        "took_ms": round(result.took_ms, 2),
        "total": result.total,
        "silence": None if result.silence is None else error_as_json(result.silence),
        "hits": [hit_as_json(hit) for hit in result.hits],
    }


def print_hits(result: SearchResult) -> None:
    """Print hits best first, with score and band, and with the encoders that found them where there are several."""
    several = len({name for hit in result.hits for name in hit.found_by}) > 1
    for number, hit in enumerate(result.hits, 1):
        style = BAND_STYLES[hit.band]
        asset = hit.asset
        note = "  [red]offline[/]" if asset.offline else ""
        finders = f"  {' + '.join(hit.found_by) or 'name'}" if several else ""
        stdout.print(f"{number:4}  [{style}]{hit.score:.3f}  {hit.band:<6}[/]  ", end="")
        stdout.print(printable(asset.path), markup=False, end="")
        stdout.print(f"  [dim]{asset.width}×{asset.height} {asset.format}{finders}[/]{note}")
    if result.silence is not None:
        stderr.print(printable(result.silence.message), markup=False, style="yellow")
    stderr.print(f"[dim]{len(result.hits)} of {result.total} in {result.took_ms:.0f} ms[/]")


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[IndexProgress], None]]:
    """Show a bar with rate and time left on standard error while indexing runs, and which encoder is built, if any."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.0f} files/s"),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failed]}"),
        console=stderr,
    )
    task = bar.add_task(title, total=None, rate=0.0, failed="")

    def update(progress: IndexProgress) -> None:
        failed = f"{progress.failed} failed" if progress.failed else ""
        finished = progress.done + progress.failed
        build = progress.build
        words = title if build is None else f"Building {build.encoder}, {percent(build.share)} of all"
        bar.update(task, description=words, completed=finished, total=progress.total, rate=progress.rate, failed=failed)

    with bar:
        yield update


@contextmanager
def bytes_bar(title: str) -> Iterator[Callable[[Transferred], None]]:
    """Show a bar with rate and time left on standard error while bytes are on their way."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=stderr,
    )
    task = bar.add_task(title, total=None)

    def update(progress: Transferred) -> None:
        words = f"{title}, {progress.step}"
        bar.update(task, description=words, completed=progress.done_bytes, total=progress.total_bytes)

    with bar:
        yield update


def _needs_ascii(document: Any) -> bool:
    """Tell whether a name holds bytes that UTF-8 cannot: only ASCII escapes carry them."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return encoding != "utf8"
