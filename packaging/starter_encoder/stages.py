"""The command line: one command a stage, each picking up where it was interrupted."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from starter_encoder.sources import fetch, sources

DEFAULT_WORK = Path("~/.cache/propmaster-starter-encoder").expanduser()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one stage."""
    options = _parser().parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    _STAGES[options.stage](options)


def _gather(options: argparse.Namespace) -> None:
    """Fetch and unpack every source."""
    for name in sources():
        fetch(name, options.work / "packages")


def _pictures(options: argparse.Namespace) -> None:
    """Read names, draw pictures."""
    from starter_encoder.gallery import make_gallery

    make_gallery(options.work)


def _texts(options: argparse.Namespace) -> None:
    """Make the vocabulary and the teacher's vectors."""
    from starter_encoder.gallery import make_gallery
    from starter_encoder.texts import make_texts

    make_texts(options.work, make_gallery(options.work))


def _distil(options: argparse.Namespace) -> None:
    """Train the text tower."""
    from starter_encoder.text_tower import distil

    distil(options.work)


def _views(options: argparse.Namespace) -> None:
    """Draw the views that are trained on and run the lower trunk over them."""
    from starter_encoder.gallery import make_gallery
    from starter_encoder.views import make_views

    make_views(options.work, make_gallery(options.work))


_STAGES: dict[str, Callable[[argparse.Namespace], None]] = {"gather": _gather, "pictures": _pictures, "texts": _texts, "distil": _distil, "views": _views}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="starter_encoder", description=__doc__)
    parser.add_argument("stage", choices=_STAGES)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK, help="folder for data (default: %(default)s)")
    return parser
