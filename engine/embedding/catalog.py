"""The models on offer, and the way from a user's words to an encoder that can be loaded.

Used by the library and by diagnostics. Reading the table and naming an encoder touch no model library; loading does.
The table is `resources/models.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.embedding.encoder import Calibration, Encoder, EncoderProfile
from engine.embedding.open_clip_config import OpenClipModel, read_architecture, read_folder
from engine.errors import EncoderUnavailable
from engine.resources import resource

_ARCHITECTURE_PREFIX = "open_clip:"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model on offer. It ships in `folder`, or the user has its checkpoint and open_clip knows its architecture.

    `figures` tells how well it finds, as measured for its model card; empty where nobody measured.
    `checkpoint_blake3` is the hash of the weights that `name` stands for; empty where the user brings them.
    """

    name: str
    title: str
    architecture: str
    folder: str
    checkpoint_blake3: str
    dimension: int
    languages: tuple[str, ...]
    licence: str
    disk_bytes: int
    templates: tuple[str, ...]
    calibration: Calibration
    note: str
    figures: str

    @property
    def ships(self) -> bool:
        """Whether it works as it is installed."""
        return bool(self.folder)


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder that may be loaded: what is known before, and how. Call `load` on a model thread."""

    profile: EncoderProfile
    load: Callable[[], Encoder]


@cache
def available_models() -> tuple[ModelRow, ...]:
    """Return the table of models, the recommended one first."""
    return tuple(_parse_row(row) for row in _read_table()["model"])


def find_encoder(spec: str, device: str = "auto") -> EncoderSource:
    """Find the encoder a user means, without loading it.

    `spec` is a name from the table, `open_clip:ARCHITECTURE:CHECKPOINT`, or a folder with `open_clip_config.json`; such
    an encoder is named after its weights. `device` is a wish as in `choose_device`, and looked at when loading.
    Raises EncoderUnavailable if files are missing or make no sense.
    """
    for row in available_models():
        if row.name == spec:
            return _from_row(row, device)
    if spec.startswith(_ARCHITECTURE_PREFIX):
        return _from_architecture(spec.removeprefix(_ARCHITECTURE_PREFIX), device)
    folder = _expand(spec)
    if spec.strip() and folder.is_dir():
        model = read_folder(folder)
        return _source(model, model.compute_identity(), _unlisted(), device)
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
    row = next((row for row in available_models() if row.architecture == architecture), _unlisted())
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


@cache
def _unlisted() -> ModelRow:
    """Return what is assumed of a model that the table does not have."""
    return _parse_row(_read_table()["unlisted"])


def _read_table() -> Mapping[str, Any]:
    return tomllib.loads(resource("models.toml").read_text(encoding="utf-8"))


def _parse_row(row: Mapping[str, Any]) -> ModelRow:
    return ModelRow(
        name=row["name"],
        title=row["title"],
        architecture=row.get("architecture", ""),
        folder=row.get("folder", ""),
        checkpoint_blake3=row.get("checkpoint_blake3", ""),
        dimension=row["dimension"],
        languages=tuple(row["languages"]),
        licence=row["licence"],
        disk_bytes=row["disk_mb"] * _MEGABYTE,
        templates=tuple(row["templates"]),
        calibration=Calibration(**row["calibration"]),
        note=row["note"],
        figures=row.get("figures", ""),
    )
