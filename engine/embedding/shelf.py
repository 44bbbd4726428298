"""Where the weights of listed models lie on this machine: the data directory's `models`, and a share of the studio.

Both hold one folder for each model, named as its row, so that one can be copied to the other. Files of a share are read
where they lie: nothing has to be done on a workstation. Used by the catalog of encoders and by whoever brings weights.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from blake3 import blake3

from engine.embedding.models import ModelRow
from engine.errors import EncoderUnavailable

FOLDER_NAME = "models"
DIGESTS_NAME = "digests.json"


class Place(StrEnum):
    """Where a model's weights are; those in the CLOUD are a service's, which is paid."""

    SHIPPED = "shipped"
    HERE = "here"
    SHARED = "shared"
    ABSENT = "absent"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class Digests:
    """Checksums of a file, and what told that it is still the same one."""

    nbytes: int
    mtime_ns: int
    sha256: str
    blake3: str


class Shelf:
    """The places to look; thread-safe, also between processes. Without `own`, nothing is on it, nor remembered."""

    def __init__(self, own: Path | None = None, share: Path | None = None) -> None:
        self.own = own
        self.share = share

    @property
    def home(self) -> Path | None:
        """The data directory whose shelf it is."""
        return None if self.own is None else self.own.parent

    def place(self, row: ModelRow) -> Place:
        """Return where a model's weights are."""
        if row.cloud is not None:
            return Place.CLOUD
        if row.ships:
            return Place.SHIPPED
        folder = self.find(row)
        if folder is None:
            return Place.ABSENT
        return Place.HERE if folder.parent == self.own else Place.SHARED

    def find(self, row: ModelRow) -> Path | None:
        """Return the folder of a model that does not ship."""
        shelves = (shelf for shelf in (self.own, self.share) if shelf is not None)
        return next((shelf / row.name for shelf in shelves if (shelf / row.name).is_dir()), None)

    def digests(self, path: Path) -> Digests:
        """Return a file's checksums, reading it only if it is not the file of last time. Raises EncoderUnavailable."""
        try:
            found = path.stat()
            known = self._remembered().get(str(path))
            if known is not None and (known.nbytes, known.mtime_ns) == (found.st_size, found.st_mtime_ns):
                return known
            sha256, blake = hashlib.sha256(), blake3()
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    sha256.update(chunk)
                    blake.update(chunk)
        except OSError as error:
            raise EncoderUnavailable(
                f"{path} cannot be read: {error.strerror or error}", "Put the complete model folder back"
            ) from error
        digests = Digests(found.st_size, found.st_mtime_ns, sha256.hexdigest(), blake.hexdigest())
        self.remember(path, digests)
        return digests

    def remember(self, path: Path, digests: Digests) -> None:
        """Keep checksums for the next start; where that is not possible they are computed again."""
        if self.own is None:
            return
        kept = {str(path): digests, **{name: one for name, one in self._remembered().items() if name != str(path)}}
        text = json.dumps({name: asdict(one) for name, one in kept.items() if Path(name).exists()}, indent=1)
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            partial = self.own / f"{DIGESTS_NAME}.part"
            partial.write_text(text, encoding="utf-8")
            partial.replace(self.own / DIGESTS_NAME)
        except OSError:
            return

    def _remembered(self) -> dict[str, Digests]:
        if self.own is None:
            return {}
        try:
            written = json.loads((self.own / DIGESTS_NAME).read_text(encoding="utf-8"))
            return {name: Digests(**one) for name, one in written.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def shelf_of(home: Path, share: str) -> Shelf:
    """Return the shelf of a data directory and of the setting `models_share`."""
    return Shelf(home / FOLDER_NAME, Path(share).expanduser() if share else None)
