"""Copies of picked results for use elsewhere: as they are, or with their plain ground cut away and true alpha.

Any thread. Invariant: each copy carries the provenance of its picture, and no file is written over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.catalogue.compositions import Batch
from engine.catalogue.jobs import Job
from engine.compose.origin import source_of
from engine.compose.results_folder import NameTaken, ResultsFolder
from engine.errors import ResultsFolderUnusable
from engine.images.matte import NoPlainGround, cut_out_file
from engine.images.provenance import find_provenance, with_provenance


class Ground(StrEnum):
    """What becomes of the ground of a copy."""

    KEPT = "kept"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class ExportedPicks:
    """The copies, and the jobs whose ground was not plain enough to be cut: their copies are as the pictures are."""

    files: tuple[Path, ...]
    uncut: tuple[int, ...]


def export_picks(batch: Batch, picked: Sequence[Job], target: Path, ground: Ground) -> ExportedPicks:
    """Copy finished jobs' pictures into a folder, made where it is missing. Raises ResultsFolderUnusable."""
    files: list[Path] = []
    uncut: list[int] = []
    for job in picked:
        source = batch.results_folder / (job.result_name or "")
        try:
            data = source.read_bytes()
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ResultsFolderUnusable(
                f"{error.filename or source} cannot be used ({error.strerror or error})",
                "look at the drive and its connection, then export again",
            ) from error
        suffix = source.suffix
        if ground is Ground.CUT:
            try:
                data, suffix = _cut(batch, job, data), ".png"
            except NoPlainGround:
                uncut.append(job.id)
        files.append(_written(ResultsFolder(target), source.stem, suffix, data))
    return ExportedPicks(tuple(files), tuple(uncut))


def _cut(batch: Batch, job: Job, data: bytes) -> bytes:
    origin = find_provenance(data)
    cut = cut_out_file(data)
    return cut if origin is None else with_provenance(cut, origin, source_of(batch, job))


def _written(folder: ResultsFolder, stem: str, suffix: str, data: bytes) -> Path:
    folder.require_usable()
    while True:
        try:
            return folder.write(folder.free_stem(stem), suffix, data)
        except NameTaken:
            continue
