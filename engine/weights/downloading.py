"""Downloads a listed model's files from a hub: what an earlier attempt received is kept and continued."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.embedding.models import HubFile, ModelRow
from engine.embedding.open_clip_config import TOKENIZER_NAME
from engine.embedding.shelf import Shelf
from engine.errors import HubLacksFile, HubUnreachable, WeightsDamaged, WeightsNotOffered
from engine.hub import Hub, RemoteFile
from engine.weights.staging import WEIGHTS_NAME, Hashes, Staging, staging
from engine.weights.watching import Step, Watch

ATTEMPTS = 5
"""How often a line may break off without a byte received, before the user is told."""
PAUSE_S = 1.0
OLDER_NAME = "open_clip_pytorch_model.bin"
"""What older repositories have, in the older format, where the table asks for safetensors."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file of the model: where it is, and what it is called here."""

    remote: RemoteFile
    name: str
    sha256: str

    @property
    def partial_name(self) -> str:
        # Another version of the file begins anew.
        return f"{self.name}.{self.remote.etag[:16]}.partial"


def download(row: ModelRow, hub: Hub, shelf: Shelf, watch: Watch) -> None:
    """Bring a model's weights, and its tokenizer where it has one, to the data directory.

    Raises Stopped, WeightsNotOffered, ModelBusy, HubUnreachable, HubRefused, HubLacksFile, HubFailed, WeightsDamaged,
    EncoderUnavailable, DiskFull, DataDirectoryUnusable.
    """
    if row.weights is None:
        raise WeightsNotOffered(f"{row.title} is not to be downloaded", "`propmaster models` lists those that are")
    with staging(row, shelf) as gathered, hub:
        wanted = [_find_weights(row.weights, hub)]
        if row.tokenizer is not None:
            wanted.append(_find(row.tokenizer, TOKENIZER_NAME, hub))
        hashes = _Fetching(gathered, hub, wanted, watch).run()
        gathered.finish(hashes, shelf, watch)


def _find_weights(file: HubFile, hub: Hub) -> _Wanted:
    suffix = PurePosixPath(file.path).suffix
    try:
        return _find(file, f"{WEIGHTS_NAME}{suffix}", hub)
    except HubLacksFile:
        if file.sha256:
            raise
        older = HubFile(file.repository, OLDER_NAME, file.revision, "")
        return _find(older, f"{WEIGHTS_NAME}.bin", hub)


def _find(file: HubFile, name: str, hub: Hub) -> _Wanted:
    return _Wanted(hub.find(file.repository, file.path, file.revision), name, file.sha256)


class _Fetching:
    """One attempt of the user; many of ours."""

    def __init__(self, gathered: Staging, hub: Hub, wanted: list[_Wanted], watch: Watch) -> None:
        self._gathered, self._hub, self._wanted, self._watch = gathered, hub, wanted, watch
        self._total = sum(one.remote.nbytes for one in wanted)
        self._before = 0

    def run(self) -> Hashes:
        """Return the checksums of the weights."""
        self._forget_other_versions()
        have = sum(min(_size(self._partial(one)), one.remote.nbytes) for one in self._wanted)
        self._gathered.require_room(self._total - have)
        found = [self._fetch(one) for one in self._wanted]
        return found[0]

    def _fetch(self, wanted: _Wanted) -> Hashes:
        path = self._partial(wanted)
        hashes = _hashes_of(path, self._watch)
        left = ATTEMPTS
        while hashes.nbytes < wanted.remote.nbytes:
            before = hashes.nbytes
            try:
                self._receive(wanted, path, hashes)
            except HubUnreachable:
                left = ATTEMPTS if hashes.nbytes > before else left - 1
                if not left:
                    raise
                self._watch.pause(PAUSE_S)
        _require_right(wanted, path, hashes)
        path.replace(path.with_name(wanted.name))
        self._before += wanted.remote.nbytes
        return hashes

    def _receive(self, wanted: _Wanted, path: Path, hashes: Hashes) -> None:
        """Receive as much as comes; the hashes are of what the file holds, however this ends."""
        with self._hub.open(wanted.remote, hashes.nbytes) as delivery:
            if delivery.start != hashes.nbytes:
                path.unlink(missing_ok=True)
                hashes.begin_anew()
            for chunk in delivery.chunks:
                self._gathered.write(path, chunk)
                hashes.update(chunk)
                self._watch.tell(Step.DOWNLOADING, self._before + hashes.nbytes, self._total)

    def _partial(self, wanted: _Wanted) -> Path:
        return self._gathered.folder / wanted.partial_name

    def _forget_other_versions(self) -> None:
        ours = {one.partial_name for one in self._wanted} | {one.name for one in self._wanted}
        for path in self._gathered.folder.iterdir():
            if path.name not in ours:
                path.unlink()
        # A whole file of an attempt that a later file ended counts as received.
        for one in self._wanted:
            whole = self._gathered.folder / one.name
            if whole.exists():
                whole.replace(self._partial(one))


def _hashes_of(path: Path, watch: Watch) -> Hashes:
    hashes = Hashes()
    if path.exists():
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                hashes.update(chunk)
                watch.pause(0)
    return hashes


def _require_right(wanted: _Wanted, path: Path, hashes: Hashes) -> None:
    """Raise WeightsDamaged, and delete the file, unless its checksum is the table's, or else the hub's."""
    announced = wanted.sha256 or wanted.remote.sha256
    if announced:
        right = hashes.sha256 == announced and hashes.nbytes == wanted.remote.nbytes
    else:
        right = _git_hash(path) == wanted.remote.etag
    if not right:
        path.unlink()
        raise WeightsDamaged(
            f"{wanted.name} is not the file that was announced: its checksum or size differs",
            "try again; if it happens again, the hub or the mirror holds another file",
        )


def _git_hash(path: Path) -> str:
    """Return what Git calls a file of this content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
