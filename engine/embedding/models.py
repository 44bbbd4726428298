"""The table of models on offer, as rows; it touches no model library.

Used by the catalog of encoders, by whoever fetches weights and whoever shows what there is. The table is
`resources/models.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from engine.embedding.cloud import CloudModel, parse_cloud_model
from engine.embedding.encoder import Calibration
from engine.updates.tables import newest_table

FILE_NAME = "models.toml"
_MEGABYTE = 1_000_000
_NEWEST = "main"


class Speed(StrEnum):
    """Pictures a second on two cores of a processor: from 10, from 3, below."""

    FAST = "fast"
    MEDIUM = "medium"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file in a repository of a Hugging Face hub; `sha256` is empty where we do not know it."""

    repository: str
    path: str
    revision: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model on offer. It ships in `folder`, or open_clip knows its architecture and `weights` says where they lie,
    or it is a service's, as `cloud` says.

    `tokenizer` is the file that turns texts into ids, where open_clip brings none. `preprocess` is as in an open_clip
    configuration. `figures` tells how well it finds and who measured; empty where nobody did. `note_zh` and
    `figures_zh` are the same in Chinese. `checkpoint_blake3` is the hash of shipped weights. `speed` is None where it
    is not known.
    """

    name: str
    title: str
    architecture: str
    folder: str
    checkpoint_blake3: str
    weights: HubFile | None
    tokenizer: HubFile | None
    preprocess: Mapping[str, Any]
    cloud: CloudModel | None
    dimension: int
    languages: tuple[str, ...]
    licence: str
    licence_url: str
    commercial: bool
    disk_bytes: int
    memory_bytes: int
    speed: Speed | None
    templates: tuple[str, ...]
    calibration: Calibration
    note: str
    note_zh: str
    figures: str
    figures_zh: str

    @property
    def ships(self) -> bool:
        """Whether it works as it is installed."""
        return bool(self.folder)


def available_models(home: Path | None = None) -> tuple[ModelRow, ...]:
    """Return the table of models, the recommended one first: with a data directory, the newest that it knows."""
    return _read(newest_table(FILE_NAME, home)).rows


def find_model(name: str, home: Path | None = None) -> ModelRow | None:
    """Return the row of this name."""
    return next((row for row in available_models(home) if row.name == name), None)


def unlisted_model() -> ModelRow:
    """Return what is assumed of a model that the table does not have."""
    return _read(newest_table(FILE_NAME)).unlisted


def check_table(text: str) -> None:
    """Raise ValueError unless the text can stand in for the shipped table, with every model that ships here."""
    try:
        rows = _read(text).rows
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"a row of {FILE_NAME} makes no sense: {error}") from error
    named = {(row.name, row.folder) for row in rows if row.ships}
    if named != {(row.name, row.folder) for row in available_models() if row.ships}:
        raise ValueError(f"{FILE_NAME} is of a version that ships other models")


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[ModelRow, ...]
    unlisted: ModelRow


@cache
def _read(text: str) -> _Table:
    written = tomllib.loads(text)
    return _Table(tuple(map(_parse_row, written["model"])), _parse_row(written["unlisted"]))


def _parse_row(row: Mapping[str, Any]) -> ModelRow:
    return ModelRow(
        name=row["name"],
        title=row["title"],
        architecture=row.get("architecture", ""),
        folder=row.get("folder", ""),
        checkpoint_blake3=row.get("checkpoint_blake3", ""),
        weights=_parse_file(row.get("weights")),
        tokenizer=_parse_file(row.get("tokenizer")),
        preprocess=row.get("preprocess", {}),
        cloud=parse_cloud_model(row["service"]) if "service" in row else None,
        dimension=row["dimension"],
        languages=tuple(row["languages"]),
        licence=row["licence"],
        licence_url=row.get("licence_url", ""),
        commercial=row["commercial"],
        disk_bytes=row["disk_mb"] * _MEGABYTE,
        memory_bytes=row.get("memory_mb", 0) * _MEGABYTE,
        speed=Speed(row["speed"]) if "speed" in row else None,
        templates=tuple(row["templates"]),
        calibration=Calibration(**row["calibration"]),
        note=row["note"],
        note_zh=row.get("note_zh", ""),
        figures=row.get("figures", ""),
        figures_zh=row.get("figures_zh", ""),
    )


def _parse_file(file: Mapping[str, Any] | None) -> HubFile | None:
    if file is None:
        return None
    return HubFile(
        repository=file["repo"],
        path=file["file"],
        revision=file.get("revision", _NEWEST),
        sha256=file.get("sha256", ""),
    )
