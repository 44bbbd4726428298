"""Handlers of what comes before anything is sent: a description's parts, the plan with its price, the consent."""

from __future__ import annotations

from engine import protocol
from engine.compose.brief import Reference
from engine.compose.origin import DRAFT
from engine.compose.parts import split_parts
from engine.compose.pictures import OutgoingPictures
from engine.compose.plan import Plan
from engine.errors import PlanUnknown
from engine.images.outgoing import read_encoded
from engine.serving.composing_wording import to_batch, to_brief, to_budget, to_currency, to_planned_job
from engine.serving.engine import Engine
from engine.serving.lists import Entry, rows_of
from engine.serving.plans import KeptPlan, Plans
from engine.serving.services import lacks_key
from engine.serving.wording import to_row


def split_description(_engine: Engine, _: Plans, command: protocol.SplitDescription) -> protocol.Answer:
    """Return the parts of a description."""
    parts = (protocol.DescribedPart(part.text, protocol.Role(part.role.value)) for part in split_parts(command.text))
    return protocol.DescriptionSplit(command.request_id, tuple(parts))


def find_candidates(engine: Engine, _: Plans, command: protocol.FindCandidates) -> protocol.Answer:
    """Return the pictures that fit some words best and may be sent. Raises as `Library.search`."""
    engine.begin_work()
    hits = [one.hit for one in engine.library.composer.candidates(command.text, command.count)]
    entries = [Entry(hit.asset.id, hit.score, hit.band) for hit in hits]
    rows = rows_of(engine.library.browser, entries)
    return protocol.CandidatesFound(command.request_id, tuple(row for row in rows if row is not None))


def choose_assets(engine: Engine, _: Plans, command: protocol.ChooseAssets) -> protocol.Answer:
    """Return which assets may be sent, and why the others must stay."""
    found = engine.library.browser.assets(command.asset_ids)
    refusals = engine.library.composer.references.refusals(command.asset_ids)
    rows = {asset_id: to_row(found[asset_id]) for asset_id in command.asset_ids if asset_id in found}
    kept_back = (
        protocol.KeptBack(row, refusals[asset_id].message, refusals[asset_id].hint)
        for asset_id, row in rows.items()
        if asset_id in refusals
    )
    chosen = (row for asset_id, row in rows.items() if asset_id not in refusals)
    return protocol.AssetsChosen(command.request_id, tuple(chosen), tuple(kept_back))


def plan_composition(engine: Engine, plans: Plans, command: protocol.PlanComposition) -> protocol.Answer:
    """Plan and keep the plan. Raises what `Composer.plan` and `OutgoingPictures.file_of` raise."""
    composer = engine.library.composer
    plan = composer.plan(to_brief(command.brief, composer.references), command.currency)
    kept = KeptPlan(plan, command.results_folder)
    told = _told_plan(engine, plans, kept)
    plans.keep(command.request_id, kept)
    return protocol.CompositionPlanned(command.request_id, told, _told_jobs(plan, 0, protocol.JOBS_PAGE))


def fetch_planned_jobs(_: Engine, plans: Plans, command: protocol.FetchPlannedJobs) -> protocol.Answer:
    """Return a page of a plan. Raises PlanUnknown."""
    jobs = _told_jobs(plans.find(command.plan_id).plan, command.offset, command.count)
    return protocol.PlannedJobsFetched(command.request_id, command.plan_id, command.offset, jobs)


def run_plan(engine: Engine, plans: Plans, command: protocol.RunPlan) -> protocol.Answer:
    """Make a plan a batch that the user agreed to, and send it. Raises PlanUnknown and what `Studio.add` raises."""
    studio = engine.library.studio
    watched = {status.folder.path for status in engine.library.folders()}
    with plans.taken(command.plan_id) as kept:
        batch_id = studio.add(kept.plan, kept.results_folder, command.budget)
    folders = [status.folder.path for status in engine.library.folders()]
    if new := [path for path in folders if path not in watched]:
        engine.tell(protocol.FoldersChanged())
        engine.indexer.begin_anew(*new)
    studio.consent(batch_id)
    engine.start_batch(batch_id)
    return protocol.BatchStarted(command.request_id, to_batch(studio.batch(batch_id)))


def _told_plan(engine: Engine, plans: Plans, kept: KeptPlan) -> protocol.CompositionPlan:
    plan, studio = kept.plan, engine.library.studio
    budget = studio.accounts.budget()
    cautions = {
        protocol.Caution.OVER_DAY: plan.price > budget.left_today,
        protocol.Caution.OVER_BATCH: plan.price > budget.batch,
        protocol.Caution.NO_KEY: lacks_key(engine, plan.model.generator),
        protocol.Caution.RETIRING: bool(plan.model.successor),
    }
    return protocol.CompositionPlan(
        mode=protocol.Mode(plan.brief.mode.value),
        generator=plan.model.generator,
        model=plan.model.name,
        title=plan.model.title,
        size=plan.size,
        ratio=plan.ratio,
        total=len(plan.jobs),
        price_each=plan.price_each,
        price=plan.price,
        as_of=plan.model.as_of.isoformat(),
        source=plan.model.source,
        currency=to_currency(plan.currency),
        budget=to_budget(budget),
        results_folder=studio.folder_for_results(kept.results_folder),
        local=plan.model.generator == DRAFT,
        outgoing=_outgoing(plan, plans, engine.library.composer.pictures),
        cautions=tuple(caution for caution, holds in cautions.items() if holds),
        successor=plan.model.successor,
    )


def _told_jobs(plan: Plan, offset: int, count: int) -> tuple[protocol.PlannedJob, ...]:
    return tuple(map(to_planned_job, plan.jobs[max(0, offset) : max(0, offset) + max(0, count)]))


def _outgoing(plan: Plan, plans: Plans, pictures: OutgoingPictures) -> tuple[protocol.OutgoingPicture, ...]:
    def ready(reference: Reference) -> protocol.OutgoingPicture:
        if plans.closed.is_set():
            raise PlanUnknown("nobody waits for this plan any more", "plan it again")
        path = pictures.file_of(reference)
        made = read_encoded(path)
        return protocol.OutgoingPicture(
            reference.path, path, made.media_type, made.width, made.height, len(made.data), reference.asset_id
        )

    return tuple(pictures.each(ready, plan.references))
