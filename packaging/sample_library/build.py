"""Builds resources/sample_library from pinned packages and selection.toml.

Run by hand when the selection changes: `python packaging/sample_library/build.py`. The folders, labels and
attribution it finds in the output are replaced as a whole; licence texts and demo queries are kept.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from notices import write_attribution, write_labels  # noqa: E402
from packages import fetch_package  # noqa: E402
from pictures import write_picture  # noqa: E402
from selection import Selection, load_selection  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

LIBRARY = HERE.parents[1] / "resources" / "sample_library"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fetch what is not at hand, then write pictures, labels and attribution."""
    options = _parser().parse_args(arguments)
    selection = load_selection(HERE / "selection.toml")
    with tempfile.TemporaryDirectory() as scratch:
        roots = _roots(selection, dict(options.source), Path(scratch))
        build_library(selection, roots, options.output)


def build_library(selection: Selection, roots: dict[str, Path], library: Path) -> None:
    """Replace the pictures, labels and attribution below the library folder."""
    for folder in {picture.to.parts[0] for picture in selection.pictures}:
        shutil.rmtree(library / folder, ignore_errors=True)
    for picture in selection.pictures:
        write_picture(picture, roots[picture.source], library)
    write_labels(selection, library / "labels.csv")
    write_attribution(selection, roots, library / "ATTRIBUTION.md")


def _roots(selection: Selection, at_hand: dict[str, Path], scratch: Path) -> dict[str, Path]:
    """For each source the folder its paths start from, fetched unless it is at hand."""
    folders = {
        name: at_hand[name] if name in at_hand else fetch_package(source, scratch / name)
        for name, source in selection.sources.items()
    }
    return {name: folders[name] / source.root for name, source in selection.sources.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Build the sample library from the packages it is taken from.")
    parser.add_argument("--output", type=Path, default=LIBRARY, help="folder to write (default: %(default)s)")
    parser.add_argument(
        "--source",
        type=_named_folder,
        action="append",
        default=[],
        metavar="NAME=DIR",
        help="use this unpacked package instead of fetching it; may be given for each source",
    )
    return parser


def _named_folder(text: str) -> tuple[str, Path]:
    name, separator, folder = text.partition("=")
    if not separator or not Path(folder).is_dir():
        raise argparse.ArgumentTypeError(f"expected NAME=DIR with an existing folder, got {text!r}")
    return name, Path(folder)


if __name__ == "__main__":
    main()
