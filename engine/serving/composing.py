"""Which function answers which command about compositions, and which of them take their time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine import protocol
from engine.serving import batches, planning, services, updates
from engine.serving.engine import Engine
from engine.serving.plans import Plans

COMPOSING_HANDLERS: Mapping[type, Callable[[Engine, Plans, Any], protocol.Answer]] = {
    protocol.SplitDescription: planning.split_description,
    protocol.FindCandidates: planning.find_candidates,
    protocol.ChooseAssets: planning.choose_assets,
    protocol.PlanComposition: planning.plan_composition,
    protocol.FetchPlannedJobs: planning.fetch_planned_jobs,
    protocol.RunPlan: planning.run_plan,
    protocol.PauseBatch: batches.pause_batch,
    protocol.ResumeBatch: batches.resume_batch,
    protocol.CancelJobs: batches.cancel_jobs,
    protocol.RedoJobs: batches.redo_jobs,
    protocol.JudgeJobs: batches.judge_jobs,
    protocol.ListBatches: batches.list_batches,
    protocol.FetchBatch: batches.fetch_batch,
    protocol.FetchJobs: batches.fetch_jobs,
    protocol.FetchJob: batches.fetch_job,
    protocol.WhereUsed: batches.where_used,
    protocol.MadeFrom: batches.made_from,
    protocol.ExportPicks: batches.export_picks,
    protocol.WriteDisclosure: batches.write_disclosure,
    protocol.FetchLedger: batches.fetch_ledger,
    protocol.WriteLedger: batches.write_ledger,
    protocol.SetBudget: batches.set_budget,
    protocol.ListGenerators: services.list_generators,
    protocol.KeepKey: services.keep_key,
    protocol.ForgetKey: services.forget_key,
    protocol.FindKey: services.find_kept_key,
    protocol.TryConnection: services.try_connection,
    # It waits for the network, as they do, and their tables are what it renews.
    protocol.CheckUpdates: updates.check_updates,
}

AT_ONCE = (protocol.SplitDescription, protocol.FetchPlannedJobs, protocol.ResumeBatch, protocol.PauseBatch)
"""What is done in a moment, and of which the last must win; the other commands have threads of their own."""
