"""Saves pictures that came, and finds those again whose job a kill cut off before it was marked done.

Any thread. Invariant: a picture that was paid for is on some disk before anything is said of it; what is found again is
taken only if the file itself names the attempt it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engine.catalogue.compositions import Batch
from engine.catalogue.job_states import JobStates
from engine.catalogue.jobs import Job, Result
from engine.catalogue.ledger import Bill
from engine.compose.generators.generator import GeneratedPicture
from engine.compose.origin import is_origin_of, origin_of, source_of
from engine.compose.results_folder import NameTaken, ResultsFolder, write_and_sync
from engine.errors import ResultsFolderUnusable
from engine.files.content import hash_of
from engine.images.provenance import ProvenanceImpossible, find_provenance, with_provenance
from engine.images.result import ResultRejected, check_result


class Saver:
    """Saves results; what its folder cannot take is kept in the data directory until it can."""

    def __init__(self, kept: Path, states: JobStates) -> None:
        self._kept = kept
        self._states = states

    def stem_for(self, batch: Batch, job: Job) -> str:
        """Return a free name for a result: mode, batch and cell, counted from 1."""
        cell = "x".join(f"{index + 1:02}" for index in job.cell.choice) or "01"
        # Unlike the hyphen of a name that was taken: no two cells ever want one name.
        take = f"_{job.cell.take + 1}" if job.cell.take else ""
        return ResultsFolder(batch.results_folder).free_stem(f"{batch.mode}-{batch.id:04}-{cell}{take}")

    def save(self, batch: Batch, job: Job, picture: GeneratedPicture, bill: Bill) -> Result:
        """Put a picture with its origin into the results folder.

        Raises ResultRejected for what is no picture, and ResultsFolderUnusable, having kept the picture elsewhere.
        """
        suffix = _suffix_of(picture.data)
        try:
            data = with_provenance(picture.data, origin_of(batch, job, bill), source_of(batch, job))
        except ProvenanceImpossible:
            data = picture.data  # the catalogue and the disclosure still say where it comes from
        try:
            return self._written(batch, job, suffix, data, Result("", "", bill.request_id, picture.text))
        except ResultsFolderUnusable:
            self._keep(job, data)
            raise

    def find_saved(self, batch: Batch, job: Job) -> Result | None:
        """Return the result of a job that was cut off while it was sent, if its picture lies somewhere, whole.

        Raises ResultsFolderUnusable where the folder cannot be looked at, or cannot take what was kept elsewhere.
        """
        folder = ResultsFolder(batch.results_folder)
        if not folder.is_there:
            folder.require_usable()
        for path in self._places(folder, job):
            data = _whole_picture(path, job)
            if data is None:
                continue
            origin = find_provenance(data) or {}
            told = Result(path.name, hash_of(data).hex(), str(origin.get("request_id", "")))
            if path.parent != folder.path or path.name.startswith("."):
                told = self._written(batch, job, _suffix_of(data), data, told)
            self._forget_kept(job)
            folder.discard_unfinished(job.result_stem or "")
            return told
        folder.discard_unfinished(job.result_stem or "")
        return None

    def _written(self, batch: Batch, job: Job, suffix: str, data: bytes, result: Result) -> Result:
        folder, stem = ResultsFolder(batch.results_folder), job.result_stem or self.stem_for(batch, job)
        while True:
            try:
                path = folder.write(stem, suffix, data)
            except NameTaken:
                stem = self.stem_for(batch, job)
                self._states.rename_result(job.id, stem)
            else:
                return Result(path.name, hash_of(data).hex(), result.request_id, result.model_text)

    def _places(self, folder: ResultsFolder, job: Job) -> Iterator[Path]:
        if job.result_stem:
            yield from folder.files_of(job.result_stem)
        yield self._kept_file(job)

    def _keep(self, job: Job, data: bytes) -> None:
        with suppress(OSError):
            self._kept.mkdir(parents=True, exist_ok=True)
            write_and_sync(self._kept_file(job), data)

    def _forget_kept(self, job: Job) -> None:
        with suppress(OSError):
            self._kept_file(job).unlink(missing_ok=True)

    def _kept_file(self, job: Job) -> Path:
        return self._kept / f"job-{job.id}"


def _whole_picture(path: Path, job: Job) -> bytes | None:
    try:
        data = path.read_bytes()
        if not is_origin_of(find_provenance(data), job):
            return None
        check_result(data)
    except (OSError, ResultRejected):
        return None
    return data


def _suffix_of(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if data.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    return check_result(data).suffix
