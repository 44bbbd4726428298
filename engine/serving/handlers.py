"""One small function for each command; the table at the end says which. Runs on the thread that received it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from engine import protocol
from engine.errors import DecodeError
from engine.protocol.codec import decode, encode
from engine.quality import Wish
from engine.serving import models
from engine.serving.engine import Engine
from engine.serving.lists import Lists, rows_of
from engine.serving.wording import to_details, to_folder, to_group, to_quality_plan, to_row
from engine.settings import AT_ONCE, Settings, change_settings

Handler = Callable[[Engine, Lists, Any], protocol.Answer]


def _list_folders(engine: Engine, _: Lists, command: protocol.ListFolders) -> protocol.Answer:
    trees, private = engine.library.browser.trees(), engine.library.browser.never_send_folders()
    indexing = engine.indexer.state.activity in (protocol.Activity.LISTING, protocol.Activity.INDEXING)
    nodes = (
        to_folder(status, trees[status.folder.id], never_send=status.folder.id in private, indexing=indexing)
        for status in engine.library.folders()
        if status.folder.id in trees
    )
    return protocol.FoldersListed(command.request_id, tuple(nodes))


def _add_folder(engine: Engine, _: Lists, command: protocol.AddFolder) -> protocol.Answer:
    folder = engine.library.add_folder(command.path)
    if command.polling is not None:
        engine.library.browser.set_polling(folder.path, command.polling)
    return _folders_changed(engine, command.request_id, folder.path)


def _remove_folder(engine: Engine, _: Lists, command: protocol.RemoveFolder) -> protocol.Answer:
    engine.library.remove_folder(command.path)
    engine.tell(protocol.AssetsChanged())
    return _folders_changed(engine, command.request_id)


def _set_polling(engine: Engine, _: Lists, command: protocol.SetFolderPolling) -> protocol.Answer:
    engine.library.browser.set_polling(command.path, command.polling)
    return _folders_changed(engine, command.request_id)


def _set_folder_never_send(engine: Engine, _: Lists, command: protocol.SetFolderNeverSend) -> protocol.Answer:
    engine.library.browser.set_folder_never_send(command.path, command.never_send)
    engine.tell(protocol.FoldersChanged())
    return protocol.RequestCompleted(command.request_id)


def _folders_changed(engine: Engine, request_id: int, *compared: Path) -> protocol.Answer:
    engine.tell(protocol.FoldersChanged())
    engine.indexer.begin_anew(*compared)
    return protocol.RequestCompleted(request_id)


def _fetch_rows(engine: Engine, lists: Lists, command: protocol.FetchRows) -> protocol.Answer:
    entries = lists.find(command.search_id).entries(command.offset, command.count)
    rows = tuple(rows_of(engine.library.browser, entries))
    return protocol.RowsFetched(command.request_id, command.search_id, command.offset, rows)


def _fetch_ids(_engine: Engine, lists: Lists, command: protocol.FetchIds) -> protocol.Answer:
    found = lists.find(command.search_id)
    entries = found.entries(command.offset, min(command.count, found.total))
    ids = tuple(entry.asset_id for entry in entries)
    return protocol.IdsFetched(command.request_id, command.search_id, command.offset, ids)


def _fetch_assets(engine: Engine, _: Lists, command: protocol.FetchAssets) -> protocol.Answer:
    found = engine.library.browser.assets(command.asset_ids)
    rows = tuple(to_row(found[asset_id]) for asset_id in command.asset_ids if asset_id in found)
    return protocol.AssetsFetched(command.request_id, rows)


def _find_assets(engine: Engine, _: Lists, command: protocol.FindAssets) -> protocol.Answer:
    found = engine.library.browser.lying_at(command.paths)
    return protocol.AssetsFetched(command.request_id, tuple(map(to_row, found)))


def _fetch_details(engine: Engine, _: Lists, command: protocol.FetchDetails) -> protocol.Answer:
    return protocol.DetailsFetched(command.request_id, to_details(engine.library.browser.facts(command.asset_id)))


def _tag(engine: Engine, _: Lists, command: protocol.TagAssets) -> protocol.Answer:
    engine.library.browser.tag(command.asset_ids, command.add, command.remove)
    engine.tell(protocol.TagsChanged())
    return _marked(engine, command.request_id, command.asset_ids)


def _list_tags(engine: Engine, _: Lists, command: protocol.ListTags) -> protocol.Answer:
    counts = engine.library.browser.tag_counts()
    return protocol.TagsListed(command.request_id, tuple(protocol.TagCount(tag, n) for tag, n in counts.items()))


def _rate(engine: Engine, _: Lists, command: protocol.RateAssets) -> protocol.Answer:
    engine.library.browser.rate(command.asset_ids, command.rating)
    return _marked(engine, command.request_id, command.asset_ids)


def _set_note(engine: Engine, _: Lists, command: protocol.SetNote) -> protocol.Answer:
    engine.library.browser.note(command.asset_id, command.note)
    return _marked(engine, command.request_id, (command.asset_id,))


def _set_description(engine: Engine, _: Lists, command: protocol.SetDescription) -> protocol.Answer:
    engine.library.describe(command.asset_id, command.text)
    return _marked(engine, command.request_id, (command.asset_id,))


def _set_never_send(engine: Engine, _: Lists, command: protocol.SetNeverSend) -> protocol.Answer:
    engine.library.browser.set_never_send(command.asset_ids, command.never_send)
    return _marked(engine, command.request_id, command.asset_ids)


def _marked(engine: Engine, request_id: int, asset_ids: tuple[int, ...]) -> protocol.Answer:
    engine.tell(protocol.AssetsChanged(asset_ids))
    return protocol.RequestCompleted(request_id)


def _save_search(engine: Engine, _: Lists, command: protocol.SaveSearch) -> protocol.Answer:
    engine.library.browser.kept_searches.save(command.name, encode(command.query).decode("ascii"))
    return _saved_changed(engine, command.request_id)


def _forget_saved_search(engine: Engine, _: Lists, command: protocol.ForgetSavedSearch) -> protocol.Answer:
    engine.library.browser.kept_searches.forget(command.name)
    return _saved_changed(engine, command.request_id)


def _saved_changed(engine: Engine, request_id: int) -> protocol.Answer:
    engine.tell(protocol.SavedSearchesChanged())
    return protocol.RequestCompleted(request_id)


def _list_saved_searches(engine: Engine, _: Lists, command: protocol.ListSavedSearches) -> protocol.Answer:
    saved = engine.library.browser.kept_searches.saved()
    searches = tuple(protocol.SavedSearch(name, _query(query)) for name, query in saved)
    return protocol.SavedSearchesListed(command.request_id, searches)


def _remember_search(engine: Engine, _: Lists, command: protocol.RememberSearch) -> protocol.Answer:
    engine.library.browser.kept_searches.remember(encode(command.query).decode("ascii"))
    return protocol.RequestCompleted(command.request_id)


def _list_history(engine: Engine, _: Lists, command: protocol.ListHistory) -> protocol.Answer:
    queries = engine.library.browser.kept_searches.history(command.limit)
    return protocol.HistoryListed(command.request_id, tuple(map(_query, queries)))


def _forget_history(engine: Engine, _: Lists, command: protocol.ForgetHistory) -> protocol.Answer:
    engine.library.browser.kept_searches.forget_history()
    return protocol.RequestCompleted(command.request_id)


def _query(written: str) -> protocol.AssetQuery:
    return cast(protocol.AssetQuery, decode(written.encode("ascii"), protocol.AssetQuery))


def _find_duplicates(engine: Engine, lists: Lists, command: protocol.FindDuplicates) -> protocol.Answer:
    exact = [to_group(group, protocol.Likeness.EXACT) for group in engine.library.browser.copies()]
    near = [to_group(group, protocol.Likeness.NEAR) for group in engine.library.near_copies.groups(lists.closed.is_set)]
    return protocol.DuplicatesFound(command.request_id, (*exact, *near))


def _decide_duplicates(engine: Engine, _: Lists, command: protocol.DecideDuplicates) -> protocol.Answer:
    browser = engine.library.browser
    decide = browser.keep_copies if command.decision is protocol.Decision.KEPT else browser.reopen_copies
    decide(command.asset_ids)
    return protocol.RequestCompleted(command.request_id)


def _fetch_near_duplicates(engine: Engine, _: Lists, command: protocol.FetchNearDuplicates) -> protocol.Answer:
    copies = list(engine.library.browser.facts(command.asset_id).copies)
    # The index takes a while to load; until then equal bytes are all that is known.
    if engine.stage is protocol.Stage.SEARCH:
        copies += engine.library.near_copies.of(command.asset_id)
    return protocol.AssetsFetched(command.request_id, tuple(to_row(copy) for copy in copies))


def _draw_picture(engine: Engine, _: Lists, command: protocol.DrawPicture) -> protocol.Answer:
    asset = engine.library.browser.facts(command.asset_id).shown.asset
    path = None
    if asset.hash is not None:
        # The inspector says why a file gives no picture.
        with contextlib.suppress(DecodeError):
            path = engine.library.full_pictures.draw(asset.hash, asset.path)
    return protocol.PictureDrawn(command.request_id, asset.id, path)


def _pause(engine: Engine, _: Lists, command: protocol.PauseIndexing) -> protocol.Answer:
    engine.indexer.pause()
    return protocol.RequestCompleted(command.request_id)


def _resume(engine: Engine, _: Lists, command: protocol.ResumeIndexing) -> protocol.Answer:
    engine.indexer.resume()
    return protocol.RequestCompleted(command.request_id)


def _throttle(engine: Engine, _: Lists, command: protocol.ThrottleIndexing) -> protocol.Answer:
    engine.indexer.throttle(command.throttle)
    return protocol.RequestCompleted(command.request_id)


def _rescan(engine: Engine, _: Lists, command: protocol.RescanFolders) -> protocol.Answer:
    engine.indexer.begin_anew(*(status.folder.path for status in engine.library.folders()))
    return protocol.RequestCompleted(command.request_id)


def _retry_failed(engine: Engine, _: Lists, command: protocol.RetryFailed) -> protocol.Answer:
    engine.library.retry_failed(command.asset_ids)
    engine.indexer.begin_anew()
    return protocol.RequestCompleted(command.request_id)


def _fetch_status(engine: Engine, _: Lists, command: protocol.FetchStatus) -> protocol.Answer:
    found = engine.library.status()
    status = protocol.EngineStatus(
        home=engine.home,
        thumbnails=engine.thumbnails,
        encoder=found.encoder,
        device=engine.library.device_name,
        stage=engine.stage,
        assets=found.assets,
        vectors=found.vectors,
        pending=found.pending,
        failed=found.failed,
        catalogue_bytes=found.catalogue_bytes,
        thumbnail_bytes=found.thumbnail_bytes,
        indexing=engine.indexer.state,
        lost_encoder=found.lost,
    )
    return protocol.StatusFetched(command.request_id, status)


def _drop_vectors(engine: Engine, _: Lists, command: protocol.DropVectors) -> protocol.Answer:
    engine.library.spaces.drop(command.encoder)
    return protocol.RequestCompleted(command.request_id)


def _plan_quality(engine: Engine, _: Lists, command: protocol.PlanQuality) -> protocol.Answer:
    plan = engine.library.quality.plan(Wish(command.budget), command.encoder)
    chosen = engine.library.spaces.quality
    told = to_quality_plan(plan, chosen=chosen is not None and chosen.profile.name == plan.encoder)
    return protocol.QualityPlanned(command.request_id, told, engine.indexer.quality_activity)


def _buy_quality(engine: Engine, _: Lists, command: protocol.BuyQuality) -> protocol.Answer:
    engine.library.quality.allow(command.budget)
    engine.indexer.buy_quality()
    return protocol.RequestCompleted(command.request_id)


def _hold_quality(engine: Engine, _: Lists, command: protocol.HoldQuality) -> protocol.Answer:
    engine.indexer.hold_quality(held=command.held)
    return protocol.RequestCompleted(command.request_id)


def _fetch_settings(engine: Engine, _: Lists, command: protocol.FetchSettings) -> protocol.Answer:
    settings = tuple(
        protocol.Setting(
            field.name,
            str(getattr(engine.library.settings, field.name)),
            str(field.default),
            field.metadata["meaning"],
            variable if (variable := f"PROPMASTER_{field.name.upper()}") in os.environ else "",
        )
        for field in fields(Settings)
    )
    return protocol.SettingsFetched(command.request_id, settings)


def _change_settings(engine: Engine, _: Lists, command: protocol.ChangeSettings) -> protocol.Answer:
    changes = dict(command.changes)
    if changes.get("encoder"):
        # An engine that cannot find its encoder does not even start.
        engine.library.spaces.find_main(changes["encoder"])
    if changes.get("quality_encoder"):
        engine.library.spaces.find(changes["quality_encoder"])
    change_settings(engine.home, changes)
    if AT_ONCE.issuperset(changes):
        engine.library.take_up_settings()
    else:
        engine.end()
    return protocol.RequestCompleted(command.request_id)


HANDLERS: Mapping[type, Handler] = {
    protocol.ListFolders: _list_folders,
    protocol.AddFolder: _add_folder,
    protocol.RemoveFolder: _remove_folder,
    protocol.SetFolderPolling: _set_polling,
    protocol.SetFolderNeverSend: _set_folder_never_send,
    protocol.FetchRows: _fetch_rows,
    protocol.FetchIds: _fetch_ids,
    protocol.FetchAssets: _fetch_assets,
    protocol.FindAssets: _find_assets,
    protocol.FetchDetails: _fetch_details,
    protocol.TagAssets: _tag,
    protocol.ListTags: _list_tags,
    protocol.RateAssets: _rate,
    protocol.SetNote: _set_note,
    protocol.SetDescription: _set_description,
    protocol.SetNeverSend: _set_never_send,
    protocol.SaveSearch: _save_search,
    protocol.ForgetSavedSearch: _forget_saved_search,
    protocol.ListSavedSearches: _list_saved_searches,
    protocol.RememberSearch: _remember_search,
    protocol.ListHistory: _list_history,
    protocol.ForgetHistory: _forget_history,
    protocol.FindDuplicates: _find_duplicates,
    protocol.DecideDuplicates: _decide_duplicates,
    protocol.FetchNearDuplicates: _fetch_near_duplicates,
    protocol.DrawPicture: _draw_picture,
    protocol.PauseIndexing: _pause,
    protocol.ResumeIndexing: _resume,
    protocol.ThrottleIndexing: _throttle,
    protocol.RescanFolders: _rescan,
    protocol.RetryFailed: _retry_failed,
    protocol.FetchStatus: _fetch_status,
    protocol.ListModels: models.list_models,
    protocol.DownloadModel: models.download_model,
    protocol.ImportModel: models.import_model,
    protocol.StopTransfer: models.stop_transfer,
    protocol.RemoveModel: models.remove_model,
    protocol.DropVectors: _drop_vectors,
    protocol.PlanQuality: _plan_quality,
    protocol.BuyQuality: _buy_quality,
    protocol.HoldQuality: _hold_quality,
    protocol.FetchSettings: _fetch_settings,
    protocol.ChangeSettings: _change_settings,
}

SLOW = (
    protocol.FindDuplicates,
    protocol.FetchNearDuplicates,
    protocol.DrawPicture,
    protocol.DropVectors,
    protocol.ListModels,
    protocol.DownloadModel,
    protocol.RemoveModel,
    protocol.PlanQuality,
)
"""What looks at pictures, shares or whole files, and must not hold up what the catalogue knows at once."""
