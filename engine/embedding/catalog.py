"""The way from a user's words to an encoder that can be loaded.

Used by the library and by diagnostics. Naming an encoder touches no model library; loading does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.embedding.encoder import Encoder, EncoderProfile
from engine.embedding.models import ModelRow, available_models, find_model, unlisted_model
from engine.embedding.open_clip_config import OpenClipModel, read_architecture, read_folder
from engine.errors import EncoderUnavailable
from engine.resources import resource

_ARCHITECTURE_PREFIX = "open_clip:"


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder that may be loaded: what is known before, and how. Call `load` on a model thread."""

    profile: EncoderProfile
    load: Callable[[], Encoder]


def find_encoder(spec: str, device: str = "auto") -> EncoderSource:
    """Find the encoder a user means, without loading it.

    `spec` is a name from the table, `open_clip:ARCHITECTURE:CHECKPOINT`, or a folder with `open_clip_config.json`; such
    an encoder is named after its weights. `device` is a wish as in `choose_device`, and looked at when loading.
    Raises EncoderUnavailable if files are missing or make no sense.
    """
    row = find_model(spec)
    if row is not None:
        return _from_row(row, device)
    if spec.startswith(_ARCHITECTURE_PREFIX):
        return _from_architecture(spec.removeprefix(_ARCHITECTURE_PREFIX), device)
    folder = _expand(spec)
    if spec.strip() and folder.is_dir():
        model = read_folder(folder)
        return _source(model, model.compute_identity(), unlisted_model(), device)
    names = ", ".join(row.name for row in available_models())
    raise EncoderUnavailable(
        f"There is no encoder {spec!r}",
        f"Choose one of {names}, a model folder, or {_ARCHITECTURE_PREFIX}ARCHITECTURE:CHECKPOINT",
    )


def load_encoder(spec: str, device: str = "auto") -> Encoder:
    """Find and load at once; for callers that are their own model thread. Raises EncoderUnavailable, InvalidSetting."""
    return find_encoder(spec, device).load()


def _from_row(row: ModelRow, device: str) -> EncoderSource:
    if not row.ships:
        raise EncoderUnavailable(
            f"The weights of {row.title} do not ship with Propmaster",
            f"Write {_ARCHITECTURE_PREFIX}{row.architecture}:CHECKPOINT, with the path of your .safetensors file",
        )
    try:
        folder = resource(row.folder)
    except FileNotFoundError as error:
        raise EncoderUnavailable(str(error), "Install Propmaster again") from error
    return _source(read_folder(folder), row.name, row, device)


def _from_architecture(rest: str, device: str) -> EncoderSource:
    architecture, colon, checkpoint = rest.partition(":")
    if not colon or not checkpoint:
        raise EncoderUnavailable(
            f"The encoder '{_ARCHITECTURE_PREFIX}{rest}' names no weights",
            f"Write {_ARCHITECTURE_PREFIX}{architecture or 'ViT-B-32'}:/path/to/weights.safetensors",
        )
    model = read_architecture(architecture, _expand(checkpoint))
    row = next((row for row in available_models() if row.architecture == architecture), unlisted_model())
    return _source(model, model.compute_identity(), row, device)


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
