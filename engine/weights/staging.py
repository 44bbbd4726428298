"""The folder in which a model's files are gathered before the model is there, all at once.

`models/NAME.part` becomes `models/NAME` when everything in it was checked; whatever happens before, no half model is
ever taken for a whole one, and what was downloaded is there for the next attempt.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from blake3 import blake3
from filelock import FileLock, Timeout

from engine.embedding.catalog import read_model
from engine.embedding.models import ModelRow
from engine.embedding.shelf import Digests, Shelf
from engine.errors import DiskFull, ModelBusy
from engine.home import failed_write
from engine.weights.watching import Step, Watch

WEIGHTS_NAME = "open_clip_model"
"""What weights are called here, without the suffix."""
SPARE_BYTES = 100_000_000
"""What is left of the disk for everything else."""


class Hashes:
    """Both checksums of a stream."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what was taken in."""
        self.nbytes = 0
        self._sha256, self._blake3 = hashlib.sha256(), blake3()

    def update(self, chunk: bytes) -> None:
        """Take in the next bytes."""
        self.nbytes += len(chunk)
        self._sha256.update(chunk)
        self._blake3.update(chunk)

    @property
    def sha256(self) -> str:
        """As a hub and the table of models name a file."""
        return self._sha256.hexdigest()

    @property
    def blake3(self) -> str:
        """As encoders are named."""
        return self._blake3.hexdigest()


class Staging:
    """Held by one at a time, also between processes."""

    def __init__(self, row: ModelRow, own: Path) -> None:
        self.row = row
        self.folder = own / f"{row.name}.part"
        self._own = own
        self._goal = own / row.name

    def require_room(self, nbytes: int) -> None:
        """Raise DiskFull unless so much fits."""
        free = shutil.disk_usage(self._own).free
        if nbytes + SPARE_BYTES > free:
            raise DiskFull(
                f"{self.row.title} needs {_gigabytes(nbytes)} more on the disk of {self._own},"
                f" and {_gigabytes(free)} are free",
                "free some space and try again; what has arrived is kept",
            )

    def finish(self, hashes: Hashes, shelf: Shelf, watch: Watch) -> None:
        """Check that the files make a model, and put them in their place. Raises EncoderUnavailable, Stopped."""
        watch.tell(Step.CHECKING, hashes.nbytes, hashes.nbytes)
        # Imports torch, which costs seconds.
        from engine.embedding.open_clip_loading import check_model

        model = read_model(self.row, self.folder)
        check_model(model)
        with self._our_disk():
            self.folder.rename(self._goal)
            weights = self._goal / model.checkpoint.name
            mtime_ns = weights.stat().st_mtime_ns
        shelf.remember(weights, Digests(hashes.nbytes, mtime_ns, hashes.sha256, hashes.blake3))

    def discard(self) -> None:
        """Delete what was gathered."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, path: Path, chunk: bytes) -> None:
        """Add bytes to a file. Raises DiskFull, DataDirectoryUnusable."""
        with self._our_disk(), path.open("ab") as file:
            file.write(chunk)

    @contextlib.contextmanager
    def _our_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise failed_write(self._own, error) from error


@contextlib.contextmanager
def staging(row: ModelRow, shelf: Shelf) -> Iterator[Staging]:
    """Lend the place where a model is gathered.

    Raises ModelBusy if the model is here, or somebody else gathers it, DataDirectoryUnusable or DiskFull.
    """
    own = shelf.own
    assert own is not None, "only a data directory takes weights"
    gathered = Staging(row, own)
    with gathered._our_disk():
        own.mkdir(parents=True, exist_ok=True)
    with held(row, own):
        if (own / row.name).exists():
            raise ModelBusy(f"{row.title} is here already", f"`propmaster models remove {row.name}` takes it away")
        with gathered._our_disk():
            gathered.folder.mkdir(exist_ok=True)
        yield gathered


@contextlib.contextmanager
def held(row: ModelRow, own: Path) -> Iterator[None]:
    """Keep others, also other processes, from a model's files. Raises ModelBusy, DataDirectoryUnusable, DiskFull."""
    lock = FileLock(own / f"{row.name}.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise ModelBusy(f"{row.title} is on its way already", "wait for it, or stop it first") from error
    except OSError as error:
        raise failed_write(own, error) from error
    try:
        yield
    finally:
        lock.release()


def gathered_bytes(row: ModelRow, shelf: Shelf) -> int:
    """Return how much of a model has arrived in earlier attempts."""
    if shelf.own is None:
        return 0
    folder = shelf.own / f"{row.name}.part"
    try:
        return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    except OSError:
        return 0


def _gigabytes(nbytes: int) -> str:
    return f"{nbytes / 1e9:.1f} GB"
