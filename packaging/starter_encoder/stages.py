"""The command line: one command a stage, each picking up where it was interrupted."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.settings import Settings
from starter_encoder.sources import fetch, sources

MODEL = Path(__file__).resolve().parents[2] / "resources/starter_encoder"
SHARE = 0.85
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


def _head(options: argparse.Namespace) -> None:
    """Train the head on the untouched trunk's features."""
    from starter_encoder.train import HEAD, train

    train(options.work, HEAD)


def _finetune(options: argparse.Namespace) -> None:
    """Train upper trunk and head together."""
    from starter_encoder.train import FINE, train

    train(options.work, FINE)


def _align(options: argparse.Namespace) -> None:
    """Teach the text tower what pictures look like."""
    from starter_encoder.align import FIRST, align

    align(options.work, FIRST)


def _refine(options: argparse.Namespace) -> None:
    """Train upper trunk and head further, towards the aligned names."""
    from starter_encoder.train import REFINE, train

    train(options.work, REFINE)


def _realign(options: argparse.Namespace) -> None:
    """Teach the text tower once more what pictures look like now."""
    from starter_encoder.align import SECOND, align

    align(options.work, SECOND)


def _export(options: argparse.Namespace) -> None:
    """Write the model folder."""
    from starter_encoder.export import export

    export(options.work, options.output, options.share)


def _evaluate(options: argparse.Namespace) -> None:
    """Print the tables for a model."""
    from starter_encoder.evaluate import evaluate

    evaluate(options.model, options.work)


_STAGES: dict[str, Callable[[argparse.Namespace], None]] = {
    "gather": _gather,
    "pictures": _pictures,
    "texts": _texts,
    "distil": _distil,
    "views": _views,
    "head": _head,
    "finetune": _finetune,
    "align": _align,
    "refine": _refine,
    "realign": _realign,
    "export": _export,
    "evaluate": _evaluate,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="starter_encoder", description=__doc__)
    parser.add_argument("stage", choices=_STAGES)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK, help="folder for data (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=MODEL, help="folder that `export` writes (default: %(default)s)")
    parser.add_argument("--share", type=float, default=SHARE, help="share of fine-tuned weights (default: %(default)s)")
    parser.add_argument("--model", default=Settings().encoder, help="what `evaluate` measures (default: %(default)s)")
    return parser
