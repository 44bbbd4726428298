"""The way from a user's words to an encoder that can be loaded.

Used by the library and by diagnostics. Naming an encoder touches no model library; loading does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.embedding.cloud import CloudModel
from engine.embedding.encoder import Encoder, EncoderProfile
from engine.embedding.models import ModelRow, available_models, find_model, unlisted_model
from engine.embedding.open_clip_config import (
    OpenClipModel,
    find_checkpoint,
    read_architecture,
    read_folder,
    usual_preprocess,
)
from engine.embedding.shelf import Shelf
from engine.errors import EncoderUnavailable
from engine.resources import resource

EMPTY_SHELF = Shelf()
_ARCHITECTURE_PREFIX = "open_clip:"


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder that may be loaded: what is known before, and how. Call `load` on a model thread.

    One in the `cloud` has to be given the means to reach its service first.
    """

    profile: EncoderProfile
    load: Callable[[], Encoder]
    cloud: CloudModel | None = None


def find_encoder(spec: str, device: str = "auto", shelf: Shelf = EMPTY_SHELF) -> EncoderSource:
    """Find the encoder a user means, without loading it.

    `spec` is a name from the table, `open_clip:ARCHITECTURE:CHECKPOINT`, or a folder with `open_clip_config.json`.
    `shelf` is where weights of the table lie. `device` is a wish as in `choose_device`, and looked at when loading.

    A name from the table is the encoder's name only if its weights are those that the name stands for; all others are
    named after their weights. Raises EncoderUnavailable if files are missing or make no sense.
    """
    row = find_model(spec, shelf.home)
    if row is not None:
        return _from_row(row, device, shelf)
    if spec.startswith(_ARCHITECTURE_PREFIX):
        return _from_architecture(spec.removeprefix(_ARCHITECTURE_PREFIX), device, shelf)
    folder = _expand(spec)
    if spec.strip() and folder.is_dir():
        return _named_after_weights(read_folder(folder), unlisted_model(), device, shelf)
    names = ", ".join(row.name for row in available_models(shelf.home))
    raise EncoderUnavailable(
        f"There is no encoder {spec!r}",
        f"Choose one of {names}, a model folder, or {_ARCHITECTURE_PREFIX}ARCHITECTURE:CHECKPOINT",
    )


def load_encoder(spec: str, device: str = "auto", shelf: Shelf = EMPTY_SHELF) -> Encoder:
    """Find and load at once; for callers that are their own model thread. Raises EncoderUnavailable, InvalidSetting."""
    return find_encoder(spec, device, shelf).load()


def read_model(row: ModelRow, folder: Path) -> OpenClipModel:
    """Read a listed model from a folder with its weights. Raises EncoderUnavailable."""
    return read_architecture(row.architecture, find_checkpoint(folder), row.preprocess)


def name_on_shelf(row: ModelRow, shelf: Shelf) -> str:
    """Return what the encoder of a row is called: the row's name unless other weights lie there."""
    folder = shelf.find(row)
    if row.ships or folder is None:
        return row.name
    try:
        return _find_name(row, read_model(row, folder), shelf)
    except EncoderUnavailable:
        return row.name


def _from_row(row: ModelRow, device: str, shelf: Shelf) -> EncoderSource:
    if row.cloud is not None:
        return _from_cloud(row, row.cloud)
    if row.ships:
        try:
            folder = resource(row.folder)
        except FileNotFoundError as error:
            raise EncoderUnavailable(str(error), "Install Propmaster again") from error
        return _source(read_folder(folder), row.name, row, device)
    found = shelf.find(row)
    if found is None:
        raise EncoderUnavailable(
            f"The weights of {row.title} are not on this computer",
            f"`propmaster models get {row.name}` downloads them,"
            f" `propmaster models import {row.name} PATH` takes them from a disk or a share",
        )
    model = read_model(row, found)
    return _source(model, _find_name(row, model, shelf), row, device)


def _from_cloud(row: ModelRow, model: CloudModel) -> EncoderSource:
    spec, terms = model.input_spec, model.terms
    profile = EncoderProfile(row.name, row.dimension, row.languages, spec, row.calibration, terms)

    def load() -> Encoder:
        raise EncoderUnavailable(
            f"{row.title} works for an open library only, which keeps what you allowed it and what it cost",
            f"Set quality_encoder to {row.name}",
        )

    return EncoderSource(profile, load, model)


def _find_name(row: ModelRow, model: OpenClipModel, shelf: Shelf) -> str:
    digests = shelf.digests(model.checkpoint)
    published = row.weights is not None and row.weights.sha256 == digests.sha256
    return row.name if published else model.name_of(digests.blake3)


def _from_architecture(rest: str, device: str, shelf: Shelf) -> EncoderSource:
    architecture, colon, checkpoint = rest.partition(":")
    if not colon or not checkpoint:
        raise EncoderUnavailable(
            f"The encoder '{_ARCHITECTURE_PREFIX}{rest}' names no weights",
            f"Write {_ARCHITECTURE_PREFIX}{architecture or 'ViT-B-32'}:/path/to/weights.safetensors",
        )
    row = next((row for row in available_models(shelf.home) if row.architecture == architecture), unlisted_model())
    model = read_architecture(architecture, _expand(checkpoint), usual_preprocess(architecture))
    return _named_after_weights(model, row, device, shelf)


def _named_after_weights(model: OpenClipModel, row: ModelRow, device: str, shelf: Shelf) -> EncoderSource:
    return _source(model, model.name_of(shelf.digests(model.checkpoint).blake3), row, device)


def _source(model: OpenClipModel, name: str, row: ModelRow, device: str) -> EncoderSource:
    profile = EncoderProfile(name, model.dimension, row.languages, model.input_spec, row.calibration)

    def load() -> Encoder:
        # These imports cost seconds: they wait until the model is needed, and then run on its thread.
        from engine.embedding.device import choose_device
        from engine.embedding.open_clip import OpenClipEncoder

        return OpenClipEncoder(model, profile, row.templates, choose_device(device))

    return EncoderSource(profile, load)


def _expand(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # "~name" of a user that this machine does not have
        return Path(path)
