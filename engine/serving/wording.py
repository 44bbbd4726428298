"""Between the values of the protocol and those of the library, both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from engine import protocol
from engine.browsing import Browser, Directory, Facts, MarkedAsset
from engine.catalogue.filters import AssetFilter
from engine.embedding.models import ModelRow
from engine.errors import AssetUnknown, PropmasterError
from engine.indexing.control import Progress
from engine.library import FolderStatus
from engine.quality import QualityPlan
from engine.search.query import (
    Box,
    ImageTerm,
    Query,
    TextTerm,
    parse_aspect,
    parse_colour,
    parse_formats,
    parse_since,
)
from engine.search.ranking import Band
from engine.spaces import EncoderState

_LOSSY = frozenset({"JPEG", "GIF", "WEBP", "AVIF", "HEIC"})
_MERITS: tuple[tuple[protocol.BestReason, Callable[[MarkedAsset], Any]], ...] = (
    (protocol.BestReason.ON_LINE, lambda one: one.asset.offline),
    (protocol.BestReason.MORE_PIXELS, lambda one: -(one.asset.width or 0) * (one.asset.height or 0)),
    (protocol.BestReason.BETTER_FORMAT, lambda one: one.asset.format in _LOSSY),
    (protocol.BestReason.RATED_HIGHER, lambda one: -one.mark.rating),
    (protocol.BestReason.MORE_BYTES, lambda one: -one.asset.size),
    (protocol.BestReason.OLDER, lambda one: one.asset.mtime_ns),
    (protocol.BestReason.FIRST_BY_NAME, lambda one: str(one.asset.path)),
)
"""What makes one copy better than another, most telling first; less is better."""


def to_filter(wanted: protocol.Filter) -> AssetFilter:
    """Return the library's filter. Raises InvalidQuery for what makes no sense."""
    return AssetFilter(
        folders=wanted.folders,
        formats=parse_formats(wanted.formats),
        min_width=wanted.min_width,
        min_height=wanted.min_height,
        min_edge=wanted.min_edge,
        aspect=parse_aspect(wanted.aspect) if wanted.aspect else None,
        alpha=wanted.alpha,
        colour=parse_colour(wanted.colour) if wanted.colour else None,
        since_ns=parse_since(wanted.since) if wanted.since else None,
        until_ns=parse_since(wanted.until) if wanted.until else None,
        tags=wanted.tags,
        min_rating=wanted.min_rating,
    )


def to_query(wanted: protocol.AssetQuery, browser: Browser) -> Query:
    """Return the library's query. Raises InvalidQuery, AssetUnknown."""
    return Query(tuple(_to_term(term, browser) for term in wanted.terms), to_filter(wanted.filter))


def to_row(
    shown: MarkedAsset, score: float | None = None, band: Band | None = None, found_by: tuple[str, ...] = ()
) -> protocol.AssetRow:
    """Return an asset as a grid shows it."""
    asset = shown.asset
    return protocol.AssetRow(
        id=asset.id,
        path=asset.path,
        folder=asset.folder,
        size=asset.size,
        mtime_ns=asset.mtime_ns,
        thumbnail=asset.hash or "",
        format=asset.format,
        width=asset.width,
        height=asset.height,
        frames=asset.frames,
        has_alpha=asset.has_alpha,
        offline=asset.offline,
        failed=asset.reason is not None,
        fault=asset.fault or "",
        reason=asset.reason or "",
        hint=asset.hint or "",
        rating=shown.mark.rating,
        tags=shown.mark.tags,
        score=score,
        band=None if band is None else protocol.Band(band.value),
        found_by=found_by,
    )


def to_silence(error: PropmasterError | None) -> protocol.Silence | None:
    """Return why an encoder had no say in a search."""
    return None if error is None else protocol.Silence(error.code, error.message, error.hint)


def to_details(facts: Facts) -> protocol.AssetDetails:
    """Return all that is known of an asset."""
    said = facts.description
    return protocol.AssetDetails(
        to_row(facts.shown),
        tuple(protocol.PaletteColour(colour, share) for colour, share in facts.palette),
        facts.shown.mark.note,
        facts.shown.mark.never_send,
        facts.captured_at,
        facts.camera,
        tuple(to_row(copy) for copy in facts.copies),
        None if said is None else protocol.Description(said.text, said.author, said.edited),
    )


def to_group(copies: Sequence[MarkedAsset], likeness: protocol.Likeness) -> protocol.DuplicateGroup:
    """Return assets that show the same, the best one with the first thing that it has before the others."""
    best = min(copies, key=lambda one: tuple(merit(one) for _, merit in _MERITS))
    reason = next(name for name, merit in _MERITS if len({merit(one) for one in copies}) > 1)
    return protocol.DuplicateGroup(likeness, tuple(to_row(one) for one in copies), best.asset.id, reason)


def to_folder(status: FolderStatus, tree: Directory, *, never_send: bool, indexing: bool) -> protocol.FolderNode:
    """Return a watched folder as a tree."""
    state = protocol.FolderState(status.folder.state.value)
    if indexing and state is protocol.FolderState.ONLINE and status.counts.waiting:
        state = protocol.FolderState.INDEXING
    watched = protocol.WatchedFolder(
        status.folder.id,
        state,
        status.folder.detail,
        status.folder.polling,
        never_send,
        status.counts.ready,
        status.counts.waiting,
        status.counts.failed,
    )
    return replace(_to_node(tree), watched=watched)


def to_progress(progress: Progress, state: protocol.IndexingState) -> protocol.IndexingState:
    """Return the state of indexing with how far it is."""
    return replace(
        state,
        done=progress.done,
        failed=progress.failed,
        total=progress.total,
        rate=progress.rate,
        seconds_left=progress.seconds_left,
        building="" if progress.build is None else progress.build.encoder,
        built=0.0 if progress.build is None else progress.build.share,
    )


def to_model(state: EncoderState, hub: str, arrived_bytes: int, transfer: protocol.Transfer | None) -> protocol.Model:
    """Return an encoder as the settings show it, with what has arrived of its weights and what is under way."""
    facts = {} if state.model is None else _facts(state.model, hub)
    return protocol.Model(
        name=state.name,
        dimension=state.dimension,
        place=protocol.ModelPlace.ELSEWHERE if state.place is None else protocol.ModelPlace(state.place.value),
        spec=state.spec,
        in_use=state.wanted,
        indexed=state.vectors,
        searched=state.searched,
        built=state.built,
        quality=state.quality,
        arrived_bytes=arrived_bytes,
        transfer=transfer,
        **{"title": state.name, "languages": (), "licence": "", "disk_bytes": 0, "note": "", **facts},
    )


def to_quality_plan(plan: QualityPlan, *, chosen: bool) -> protocol.QualityPlan:
    """Return what a budget buys of the quality encoder."""
    terms = plan.terms
    return protocol.QualityPlan(
        encoder=plan.encoder,
        seen=plan.seen,
        waiting=plan.waiting,
        kept_back=plan.kept_back,
        images=plan.images,
        shares=tuple(
            protocol.QualityShare(share.folder, protocol.QualityReason(share.reason.value), share.images)
            for share in plan.shares
        ),
        price=plan.price,
        day_left=plan.day_left,
        chosen=chosen,
        seconds=plan.seconds,
        terms=None
        if terms is None
        else protocol.ServiceTerms(terms.service, terms.per_image, terms.as_of.isoformat(), terms.source),
    )


def _facts(row: ModelRow, hub: str) -> dict[str, Any]:
    files = [file for file in (row.weights, row.tokenizer) if file is not None]
    return {
        "row": row.name,
        "title": row.title,
        "languages": row.languages,
        "licence": row.licence,
        "licence_url": row.licence_url,
        "commercial": row.commercial,
        "disk_bytes": row.disk_bytes,
        "memory_bytes": row.memory_bytes,
        "speed": "" if row.speed is None else row.speed.value,
        "note": row.note,
        "figures": row.figures,
        "note_zh": row.note_zh,
        "figures_zh": row.figures_zh,
        "hub": hub,
        "files": tuple(protocol.ModelFile(file.repository, file.path) for file in files),
    }


def _to_node(tree: Directory) -> protocol.FolderNode:
    children: Sequence[Directory] = [tree.children[name] for name in sorted(tree.children, key=str.lower)]
    return protocol.FolderNode(tree.path, tree.count, tuple(_to_node(child) for child in children))


def _to_term(term: protocol.Term, browser: Browser) -> TextTerm | ImageTerm:
    if isinstance(term, protocol.TextTerm):
        return TextTerm(term.text, term.weight)
    if isinstance(term, protocol.FileTerm):
        return ImageTerm(term.path, term.weight, _to_box(term.part))
    shown = browser.assets([term.asset_id]).get(term.asset_id)
    if shown is None:
        raise AssetUnknown("a picture of this search is not in the library any more", "take it out of the search")
    return ImageTerm(shown.asset.path, term.weight, _to_box(term.part), shown.asset.content_id)


def _to_box(part: protocol.Part | None) -> Box | None:
    return None if part is None else (part.x, part.y, part.x + part.width, part.y + part.height)
