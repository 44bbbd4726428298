"""Handlers of what concerns the models on offer and their weights."""

from __future__ import annotations

import os

from engine import protocol
from engine.embedding.models import ModelRow, find_model
from engine.errors import WeightsNotOffered
from engine.serving.engine import Engine
from engine.serving.lists import Lists
from engine.serving.wording import to_model
from engine.settings import Settings
from engine.weights.staging import gathered_bytes


def list_models(engine: Engine, _: Lists, command: protocol.ListModels) -> protocol.Answer:
    """Return the encoders on offer, with what is under way of their weights."""
    spaces = engine.library.spaces
    models = []
    for state in spaces.states():
        row = state.model
        arrived = 0 if row is None else gathered_bytes(row, spaces.shelf)
        transfer = None if row is None else engine.transfers.of(row.name)
        models.append(to_model(state, _hub_of(engine.library.settings), arrived, transfer))
    return protocol.ModelsListed(command.request_id, tuple(models))


def download_model(engine: Engine, _: Lists, command: protocol.DownloadModel) -> protocol.Answer:
    """Begin to download. Raises WeightsNotOffered, ModelBusy."""
    engine.transfers.download(_row(engine, command.model), engine.library.settings)
    return protocol.RequestCompleted(command.request_id)


def import_model(engine: Engine, _: Lists, command: protocol.ImportModel) -> protocol.Answer:
    """Begin to copy. Raises WeightsNotOffered, ModelBusy."""
    engine.transfers.import_from(_row(engine, command.model), command.path)
    return protocol.RequestCompleted(command.request_id)


def stop_transfer(engine: Engine, _: Lists, command: protocol.StopTransfer) -> protocol.Answer:
    """Ask a transfer to end."""
    engine.transfers.stop(command.model)
    return protocol.RequestCompleted(command.request_id)


def remove_model(engine: Engine, _: Lists, command: protocol.RemoveModel) -> protocol.Answer:
    """Delete weights. Raises WeightsNotOffered, WeightsMissing, EncoderInUse, DataDirectoryUnusable."""
    engine.library.remove_weights(_row(engine, command.model))
    return protocol.RequestCompleted(command.request_id)


def _hub_of(settings: Settings) -> str:
    # As huggingface_hub has it, which nothing but a download has to load.
    return settings.hub_endpoint or os.environ.get("HF_ENDPOINT") or "https://huggingface.co"


def _row(engine: Engine, name: str) -> ModelRow:
    row = find_model(name, engine.home)
    if row is None:
        raise WeightsNotOffered(f"there is no model {name!r} on offer", "`propmaster models` lists them")
    return row
