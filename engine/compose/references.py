"""Chooses the pictures that may be sent: assets of the library or files beside it, never those marked to stay.

A mark counts by content: a copy elsewhere, or one that also lies in a folder marked *never send*, stays here as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.shown_assets import Asset
from engine.compose.brief import InvalidBrief, NeverSent, Reference
from engine.errors import AssetUnknown, DecodeError
from engine.files.content import read_content


class References:
    """Turns assets and files into references. Reads only; thread-safe as the catalogue is."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def of_assets(self, asset_ids: Sequence[int]) -> list[Reference]:
        """Return references of assets, in their order. Raises AssetUnknown or NeverSent."""
        found = self._catalogue.shown.of_ids(asset_ids)
        assets = [self._known(found.get(asset_id)) for asset_id in asset_ids]
        for refusal in self._refusals(assets).values():
            raise refusal
        return [_reference(asset) for asset in assets]

    def of_files(self, paths: Sequence[Path]) -> list[Reference]:
        """Return references of files in or outside the library, in their order. Raises NeverSent or InvalidBrief.

        Files that are as the catalogue knows them are not read.
        """
        references, refusals = self._chosen(paths)
        for refusal in refusals.values():
            raise refusal
        return references

    def sendable_files(self, paths: Sequence[Path]) -> tuple[list[Reference], list[Path]]:
        """Return references of those files that may be sent, and the files that stay. Raises InvalidBrief."""
        references, refusals = self._chosen(paths)
        return references, list(refusals)

    def require_sendable(self, content_hashes: Sequence[str]) -> None:
        """Raise NeverSent where one of these pictures was marked, wherever it lies now, since it was chosen."""
        found = (self._catalogue.contents.find(bytes.fromhex(one)) for one in content_hashes)
        content_ids = [content_id for content_id in found if content_id is not None]
        for copies in self._catalogue.shown.of_contents(content_ids).values():
            for refusal in self._refusals(copies).values():
                raise refusal

    def _chosen(self, paths: Sequence[Path]) -> tuple[list[Reference], dict[Path, NeverSent]]:
        folders = self._catalogue.folders.all()
        guarded = self._catalogue.folders.never_send()
        assets: dict[Path, Asset] = {}
        chosen: dict[Path, Reference] = {}
        refusals: dict[Path, NeverSent] = {}
        resolved = [path.expanduser().resolve() for path in paths]
        for path in resolved:
            covering = next((folder for folder in folders if path.is_relative_to(folder.path)), None)
            if covering is not None and covering.id in guarded:
                refusals[path] = _in_guarded_folder(path, covering.path)
                continue
            asset = None if covering is None else self._catalogue.shown.at(path, covering)
            if asset is not None and _is_unchanged(asset):
                assets[path], chosen[path] = asset, _reference(asset)
            else:
                chosen[path], refusal = self._read(path)
                refusals |= {path: refusal} if refusal is not None else {}
        of_assets = self._refusals(list(assets.values()))
        refusals |= {path: of_assets[asset.id] for path, asset in assets.items() if asset.id in of_assets}
        return [chosen[path] for path in resolved if path not in refusals], refusals

    def _read(self, path: Path) -> tuple[Reference, NeverSent | None]:
        try:
            content = read_content(path, 0)
        except DecodeError as error:
            hint = error.hint or "choose another picture"
            raise InvalidBrief(f"{path} cannot be a reference: {error.message}", hint) from error
        content_id = self._catalogue.contents.find(content.hash)
        copies = [] if content_id is None else self._catalogue.shown.of_contents([content_id]).get(content_id, [])
        refusals = self._refusals(copies, path)
        return Reference(path, content.hash.hex()), next(iter(refusals.values()), None)

    def _known(self, asset: Asset | None) -> Asset:
        if asset is None:
            raise AssetUnknown("a chosen picture is not in the library any more", "choose another")
        if asset.content_id is None:
            raise AssetUnknown(f"{asset.path} has not been read yet", "wait until it is indexed, then try again")
        return asset

    def refusals(self, asset_ids: Sequence[int]) -> dict[int, NeverSent]:
        """Return why assets must stay, by id; those that may be sent, or were not read yet, are not among them."""
        known = self._catalogue.shown.of_ids(asset_ids)
        return self._refusals([asset for asset in known.values() if asset.content_id is not None])

    def sendable(self, asset_ids: Sequence[int]) -> tuple[list[Reference], list[Path]]:
        """Return references of those assets that may be sent, in their order, and the files of those that stay."""
        known = self._catalogue.shown.of_ids(asset_ids)
        assets = [known[one] for one in asset_ids if one in known and known[one].content_id is not None]
        refusals = self._refusals(assets)
        kept_back = [asset.path for asset in assets if asset.id in refusals]
        return [_reference(asset) for asset in assets if asset.id not in refusals], kept_back

    def _refusals(self, assets: Sequence[Asset], chosen: Path | None = None) -> dict[int, NeverSent]:
        """Return why assets must stay, by id; `chosen` is the file to name where it is a copy of them."""
        contents = [asset.content_id for asset in assets if asset.content_id is not None]
        marks = self._catalogue.marks.of(contents)
        folders = {folder.id: folder.path for folder in self._catalogue.folders.all()}
        guarded = {folders[folder_id] for folder_id in self._catalogue.folders.never_send()}
        copies = self._catalogue.shown.of_contents(contents) if guarded else {}
        refusals: dict[int, NeverSent] = {}
        for asset in assets:
            content_id = asset.content_id or 0
            folder = next((copy.folder for copy in copies.get(content_id, ()) if copy.folder in guarded), None)
            if content_id in marks and marks[content_id].never_send:
                refusals[asset.id] = NeverSent(
                    f"{chosen or asset.path} is marked “never send”", "choose another picture, or take the mark off"
                )
            elif folder is not None:
                refusals[asset.id] = _in_guarded_folder(chosen or asset.path, folder)
        return refusals


def _reference(asset: Asset) -> Reference:
    return Reference(asset.path, asset.hash or "", asset.id)


def _is_unchanged(asset: Asset) -> bool:
    try:
        status = asset.path.stat()
    except OSError:
        return False
    return bool(asset.hash) and (status.st_size, status.st_mtime_ns) == (asset.size, asset.mtime_ns)


def _in_guarded_folder(path: Path, folder: Path) -> NeverSent:
    return NeverSent(
        f"{path} belongs to {folder}, whose pictures are never sent",
        "choose another picture, or take the mark off the folder",
    )
