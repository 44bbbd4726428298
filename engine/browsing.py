"""What a front end shows beside search results: lists, folders as trees, facts, and what people say of pictures.

Part of an open Library, which hands it out; thread-safe as the catalogue is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.catalogue.asset_lists import ListOrder, ListSubset
from engine.catalogue.catalogue import Catalogue
from engine.catalogue.descriptions import Description
from engine.catalogue.filters import AssetFilter
from engine.catalogue.kept_searches import KeptSearches
from engine.catalogue.marks import Mark
from engine.catalogue.shown_assets import Asset
from engine.errors import AssetUnknown
from engine.images.palette import hex_from_oklab

NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class MarkedAsset:
    """An asset and what was said of it."""

    asset: Asset
    mark: Mark


@dataclass(slots=True)
class Directory:
    """A directory with how many assets are in and below it."""

    path: Path
    count: int = 0
    children: dict[str, Directory] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All of an asset: dominant colours as `#rrggbb` with shares, how it was taken, assets of equal bytes."""

    shown: MarkedAsset
    palette: tuple[tuple[str, float], ...]
    captured_at: str
    camera: str
    copies: tuple[MarkedAsset, ...]
    description: Description | None = None


class Browser:
    """Reads the catalogue for showing, and writes what people say."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @property
    def kept_searches(self) -> KeptSearches:
        """Saved searches and the history."""
        return self._catalogue.kept_searches

    def list_ids(self, wanted: AssetFilter, subset: ListSubset, order: ListOrder) -> list[int]:
        """Return the ids of a plain list, ascending in its order."""
        ids: list[int] = self._catalogue.lists.ids(wanted, subset, order).tolist()
        return ids

    def assets(self, asset_ids: Sequence[int]) -> dict[int, MarkedAsset]:
        """Return the assets that are still there, by id."""
        return {shown.asset.id: shown for shown in self._marked(list(self._catalogue.shown.of_ids(asset_ids).values()))}

    def lying_at(self, paths: Sequence[Path]) -> list[MarkedAsset]:
        """Return the assets of these files, in their order; files outside the library are left out."""
        folders = self._catalogue.folders.all()
        found = []
        for path in paths:
            covering = next((folder for folder in folders if path.is_relative_to(folder.path)), None)
            asset = None if covering is None else self._catalogue.shown.at(path, covering)
            if asset is not None:
                found.append(asset)
        return self._marked(found)

    def facts(self, asset_id: int) -> Facts:
        """Return all that is known of an asset. Raises AssetUnknown."""
        shown = self.assets([asset_id]).get(asset_id)
        if shown is None:
            raise AssetUnknown("this picture is not in the library any more", "refresh the list")
        content_id = shown.asset.content_id
        if content_id is None:
            return Facts(shown, (), "", "", ())
        colours = self._catalogue.contents.colours(content_id)
        equal = self._catalogue.shown.of_contents([content_id]).get(content_id, ())
        copies = [asset for asset in equal if asset.id != asset_id]
        return Facts(
            shown,
            tuple((hex_from_oklab(lightness, a, b), share) for lightness, a, b, share in colours),
            *self._catalogue.contents.captured(content_id),
            tuple(self._marked(copies)),
            self._catalogue.descriptions.of([content_id]).get(content_id),
        )

    def trees(self) -> dict[int, Directory]:
        """Return each watched folder's directories, by the folder's id."""
        trees = {folder.id: Directory(folder.path) for folder in self._catalogue.folders.all()}
        for folder_id, relative, count in self._catalogue.folders.directory_counts():
            place = trees[folder_id]
            place.count += count
            for part in filter(None, relative.split("/")):
                place = place.children.setdefault(part, Directory(place.path / part))
                place.count += count
        return trees

    def never_send_folders(self) -> frozenset[int]:
        """Return the ids of the folders whose pictures must never leave the machine."""
        return self._catalogue.folders.never_send()

    def set_polling(self, path: Path, polling: bool) -> None:
        """Compare a watched folder at intervals, or follow the system's events. Raises FolderUnknown."""
        self._catalogue.folders.set_polling(path, polling)

    def set_folder_never_send(self, path: Path, never_send: bool) -> None:
        """Say whether a watched folder's pictures may ever leave the machine. Raises FolderUnknown."""
        self._catalogue.folders.set_never_send(path, never_send)

    def tag(self, asset_ids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and remove tags. Raises AssetUnknown for a picture that was not read yet."""
        self._catalogue.marks.tag(self._contents(asset_ids), add, remove)

    def tag_counts(self) -> dict[str, int]:
        """Return every tag with how many assets have it."""
        return self._catalogue.marks.tag_counts()

    def rate(self, asset_ids: Sequence[int], rating: int) -> None:
        """Rate with 1…5 stars, 0 for none. Raises as `tag`."""
        self._catalogue.marks.rate(self._contents(asset_ids), rating)

    def note(self, asset_id: int, text: str) -> None:
        """Write a note. Raises as `tag`."""
        self._catalogue.marks.note(self._contents([asset_id])[0], text)

    def describe(self, asset_id: int, text: str, encoders: Sequence[str]) -> int:
        """Write a description, which these encoders have to embed anew; return its content. Raises as `tag`."""
        content_id = self._contents([asset_id])[0]
        self._catalogue.descriptions.edit(content_id, text, encoders)
        return content_id

    def set_never_send(self, asset_ids: Sequence[int], never_send: bool) -> None:
        """Say whether pictures may ever leave the machine. Raises as `tag`."""
        self._catalogue.marks.set_never_send(self._contents(asset_ids), never_send)

    def copies(self) -> list[list[MarkedAsset]]:
        """Return groups of assets with the same bytes that nobody decided of."""
        groups = self._catalogue.shown.of_contents(self._catalogue.marks.copied())
        return [self._marked(group) for group in groups.values()]

    def keep_copies(self, asset_ids: Sequence[int]) -> None:
        """Remember that copies are there on purpose. Raises as `tag`."""
        self._catalogue.marks.keep_copies(self._contents(asset_ids))

    def reopen_copies(self, asset_ids: Sequence[int]) -> None:
        """Show copies again. Raises as `tag`."""
        self._catalogue.marks.reopen_copies(self._contents(asset_ids))

    def _marked(self, assets: Sequence[Asset]) -> list[MarkedAsset]:
        marks = self._catalogue.marks.of([asset.content_id for asset in assets if asset.content_id is not None])
        return [MarkedAsset(asset, marks.get(asset.content_id or 0, NO_MARK)) for asset in assets]

    def _contents(self, asset_ids: Sequence[int]) -> list[int]:
        found = self._catalogue.shown.of_ids(asset_ids).values()
        contents = [asset.content_id for asset in found if asset.content_id is not None]
        if not contents:
            raise AssetUnknown("this picture has not been read yet", "wait until it is indexed, then try again")
        return contents
