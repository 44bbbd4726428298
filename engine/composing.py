"""The planning of compositions for one library: its references, its searches, the tables and their copies.

Part of an open Library, which hands it out; thread-safe. Nothing here opens the network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.compose.batch_file import BatchFile, read_batch
from engine.compose.brief import Brief, Reference
from engine.compose.models import Models, load_models
from engine.compose.pictures import OutgoingPictures
from engine.compose.plan import Plan, make_plan
from engine.compose.prompt import Templates, load_templates
from engine.compose.references import References
from engine.errors import FolderNotFound
from engine.images.formats import SUFFIXES
from engine.protocol import DEFAULT_CURRENCY
from engine.search.query import Query, TextTerm
from engine.search.searcher import Hit, SearchResult

_LOOK_FURTHER = 3
"""How many times the wanted hits are looked at, since some may be marked never to be sent."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture of the library that may stand for a part, and how well it fits."""

    reference: Reference
    hit: Hit


class Composer:
    """Plans compositions."""

    def __init__(
        self,
        home: Path,
        catalogue: Catalogue,
        pictures: OutgoingPictures,
        search: Callable[[Query, int], SearchResult],
    ) -> None:
        self._home = home
        self._search = search
        self.references = References(catalogue)
        self.pictures = pictures

    def models(self) -> Models:
        """Return the table of models as it stands now. Raises ModelTableDamaged."""
        return load_models(self._home)

    def templates(self) -> Templates:
        """Return the templates of prompts as they stand now. Raises PromptsDamaged."""
        return load_templates(self._home)

    def plan(self, brief: Brief, currency: str = DEFAULT_CURRENCY) -> Plan:
        """Return the plan of a brief. Raises what `make_plan` raises."""
        return make_plan(brief, self.models(), self.templates(), currency)

    def candidates(self, text: str, limit: int) -> list[Candidate]:
        """Return the pictures that fit the words of a part best and may be sent. Raises as `Library.search`."""
        hits = self._search(Query((TextTerm(text),)), limit * _LOOK_FURTHER).hits
        by_id = {hit.asset.id: hit for hit in hits}
        references, _ = self.references.sendable(list(by_id))
        return [Candidate(one, by_id[one.asset_id]) for one in references if one.asset_id is not None][:limit]

    def read_batch(self, path: Path) -> BatchFile:
        """Read a batch file; its folders, searches and lists become references. Raises as `batch_file.read_batch`."""
        return read_batch(path, self)

    def of_files(self, paths: Sequence[Path]) -> list[Reference]:
        """Return references of files. Raises NeverSent or InvalidBrief."""
        return self.references.of_files(paths)

    def in_folder(self, folder: Path) -> tuple[list[Reference], list[Path]]:
        """Return the pictures in and below a folder by name, and those that must stay. Raises FolderNotFound."""
        if not folder.is_dir():
            raise FolderNotFound(f"there is no folder {folder}", "check the spelling, and that the drive is plugged in")
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
        return self.references.sendable_files(paths)

    def found(self, query: str, limit: int) -> tuple[list[Reference], list[Path]]:
        """Return what a search finds, best first, and the hits that must stay. Raises as `Library.search`."""
        hits = self._search(Query((TextTerm(query),)), limit).hits
        return self.references.sendable([hit.asset.id for hit in hits])
