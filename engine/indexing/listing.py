"""Brings the catalogue's list of files in step with the disk: names, sizes and times, before anything is read.

What cannot be seen is never taken for deleted: an absent root or drive makes its files offline, an unreadable
directory leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from engine.catalogue.assets import Assets
from engine.catalogue.folders import Folder, Folders, FolderState
from engine.files.roots import RootState, find_root_identity, lost_with_its_device, probe_root
from engine.files.scanner import AccessFault, DirectoryListing, KnownFile, compare, list_directory, walk
from engine.indexing.control import Control

_ABSENT = {
    RootState.OFFLINE: (FolderState.OFFLINE, "the folder is not there; plug in the drive or connect to the network"),
    RootState.DENIED: (FolderState.DENIED, "the system refuses to open the folder; check its permissions"),
}


_TELLING = (None, AccessFault.VANISHED)
"""Faults with which a listing still tells what is not there."""


@dataclass(frozen=True, slots=True)
class ListingReport:
    """What one look at a folder found: files seen, changed (or new), gone; directories not readable, and why."""

    folder: Folder
    state: FolderState
    seen: int = 0
    changed: int = 0
    missing: int = 0
    unreadable: tuple[tuple[str, str], ...] = ()


class Lister:
    """Compares folders with the catalogue. One thread at a time."""

    def __init__(self, folders: Folders, assets: Assets, wanted: Callable[[str], bool]) -> None:
        self._folders = folders
        self._assets = assets
        self._wanted = wanted

    def list_folder(self, folder: Folder, control: Control) -> ListingReport:
        """Walk the whole folder."""
        look = _Look(self._assets, folder, self._assets.known_files(folder))
        absence = self._absence(folder, look.had_files)
        if absence is not None:
            return absence
        if not self._walk(look, "", control):
            return look.report()
        look.settle_unvisited()
        identity = find_root_identity(folder.path)
        if identity is not None:
            self._folders.set_scanned(folder, identity.device)
        return look.report()

    def list_parts(
        self, folder: Folder, directories: Collection[str], trees: Collection[str], control: Control
    ) -> ListingReport:
        """Look at single directories, each with what is new or gone below it, and at whole trees."""
        relatives = self._assets.directories(folder)
        absence = self._absence(folder, bool(relatives))
        if absence is not None:
            return absence
        listings = [list_directory(folder.path, relative, self._wanted) for relative in directories]
        gone, fresh = set(directories), set(trees)
        for listing in listings:
            prefix = f"{listing.relative}/" if listing.relative else ""
            known = {
                prefix + below.removeprefix(prefix).split("/", 1)[0] for below in relatives if _is_below(below, prefix)
            }
            found = {prefix + name for name in listing.subdirectories}
            fresh |= found - known
            gone |= known - found if listing.fault in _TELLING else set()
        concerned = {
            r for r in relatives if r in gone or any(_is_below(r, f"{top}/") for top in gone - set(directories))
        }
        concerned |= {
            r for r in relatives if any(r == tree or _is_below(r, f"{tree}/" if tree else "") for tree in fresh)
        }
        look = _Look(self._assets, folder, self._assets.known_files(folder, concerned))
        for listing in listings:
            look.take(listing)
        if all(self._walk(look, tree, control) for tree in sorted(fresh)):
            look.settle_unvisited()
        return look.report()

    def _walk(self, look: _Look, below: str, control: Control) -> bool:
        """Take every listing from here downwards; return whether the walk came to its end."""
        for listing in walk(look.folder.path, self._wanted, below):
            if control.cancelled:
                return False
            look.take(listing)
        return True

    def _absence(self, folder: Folder, had_files: bool) -> ListingReport | None:
        state = probe_root(folder.path, had_files, folder.device)
        if state in _ABSENT:
            recorded, detail = _ABSENT[state]
            self._folders.set_state(folder, recorded, detail)
            return ListingReport(folder, recorded)
        if folder.state is not FolderState.ONLINE:
            self._folders.set_state(folder, FolderState.ONLINE)
        return None


class _Look:
    """One comparison of a folder's listings with what the catalogue knows of it, or of the parts concerned."""

    def __init__(self, assets: Assets, folder: Folder, known: dict[str, dict[str, KnownFile]]) -> None:
        self.folder = folder
        self.had_files = bool(known)
        self._assets = assets
        self._known = known
        self._visited: set[str] = set()
        self._unreadable: dict[str, AccessFault] = {}
        self._seen = self._changed = self._missing = 0

    def take(self, listing: DirectoryListing) -> None:
        """Record what differs in one directory."""
        if listing.fault is AccessFault.VANISHED:
            return
        self._visited.add(listing.relative)
        if listing.fault is not None:
            self._unreadable[listing.relative] = listing.fault
        changes = compare(listing, self._known.get(listing.relative, {}))
        self._seen += len(listing.files)
        if not changes:
            return
        fresh = {name: listing.files[name] for name in (*changes.added, *changes.changed)}
        self._assets.list_files(self.folder, listing.relative, fresh)
        self._changed += len(fresh)
        self._lose(listing.relative, changes.missing)

    def settle_unvisited(self) -> None:
        """Record as lost the known files of directories that were not come upon."""
        for relative, files in self._known.items():
            if relative not in self._visited and not self._lies_in_the_dark(relative):
                self._lose(relative, files)

    def report(self) -> ListingReport:
        """Return what was found so far."""
        unreadable = tuple((relative, str(fault)) for relative, fault in self._unreadable.items())
        return ListingReport(self.folder, FolderState.ONLINE, self._seen, self._changed, self._missing, unreadable)

    def _lies_in_the_dark(self, relative: str) -> bool:
        return any(_is_below(relative, f"{dark}/" if dark else "") for dark in self._unreadable)

    def _lose(self, relative: str, names: Collection[str]) -> None:
        if names:
            self._missing += self._assets.lose(self.folder, relative, names, lost_with_its_device)


def _is_below(relative: str, prefix: str) -> bool:
    """Tell whether a directory lies below a prefix that ends in a slash, or is empty for the root."""
    return relative.startswith(prefix) and relative != ""
