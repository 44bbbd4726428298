"""The engine's settings, each declared once: default, meaning, environment variable, limits.

Read from `settings.toml` in the data directory; `PROPMASTER_<NAME>` in the environment wins. Only `engine.library` and
the front ends read settings; the rooms below get plain values.
"""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

from engine.errors import InvalidSetting

FILE_NAME = "settings.toml"
HOME_VARIABLE = "PROPMASTER_HOME"


def _setting(default: Any, meaning: str, minimum: int | None = None, *, at_once: bool = False) -> Any:
    return field(default=default, metadata={"meaning": meaning, "minimum": minimum, "at_once": at_once})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the engine; immutable, handed to `Library`."""

    encoder: str = _setting(
        "starter-4", "encoder to search with: a name of `propmaster models`, or a folder with weights"
    )
    models_share: str = _setting("", "folder of the studio with models for all workstations, read where it is")
    hub_endpoint: str = _setting(
        "", "hub that models are downloaded from; empty for HF_ENDPOINT or huggingface.co", at_once=True
    )
    quality_encoder: str = _setting(
        "",
        "a better encoder that sees some of the pictures and has a say in searches, named as encoder is; or none",
    )
    quality_folders: str = _setting("", "folders whose pictures it sees first, one a line", at_once=True)
    device: str = _setting("auto", "where the encoder runs: auto, cpu, cuda, cuda:1, mps, xpu")
    milvus_uri: str = _setting("", "address of a Milvus server; empty for the embedded database")
    milvus_token: str = _setting("", "token for that server")
    memory_budget_mb: int = _setting(4096, "memory for the exact in-memory index; beyond it Milvus answers", 0)
    thumbnail_quota_mb: int = _setting(4096, "disk space for thumbnails", 16)
    decode_threads: int = _setting(0, "threads that read and decode images; 0 for one per core", 0)
    max_megapixels: int = _setting(268, "largest image that is decoded, in millions of pixels", 1)
    max_file_mb: int = _setting(2048, "largest file that is read", 1)
    decode_seconds: int = _setting(60, "longest time for one file", 1)
    rescan_minutes: int = _setting(60, "how often a watched folder is compared in full", 1)
    poll_seconds: int = _setting(60, "how often folders on network drives are compared", 1)
    outgoing_edge: int = _setting(1536, "longest edge of a picture that is sent to a generator, in pixels", 256)
    outgoing_quality: int = _setting(
        90, "JPEG quality of what is sent; transparent and tiny pictures stay lossless", 30
    )
    budget_day_cents: int = _setting(1000, "the most that compositions may cost on one day, in US cents", 0)
    budget_batch_cents: int = _setting(500, "the most that one batch may cost unless it says otherwise, in US cents", 0)
    requests_at_once: int = _setting(4, "how many pictures are asked for at the same time", 1, at_once=True)
    requests_per_minute: int = _setting(
        0, "how many pictures are asked for in a minute; 0 for no limit", 0, at_once=True
    )
    request_seconds: int = _setting(300, "longest time for one picture", 1, at_once=True)
    results_folder: str = _setting(
        "", "where new pictures go; empty for `compositions` in the data directory", at_once=True
    )
    proxy: str = _setting(
        "", "proxy for services and downloads, as http://host:port; empty for HTTPS_PROXY and the like", at_once=True
    )
    updates_url: str = _setting("", "address of the manifest of updates; empty for the publisher's own")
    gemini_base_url: str = _setting(
        "", "address of the Gemini API; empty for GOOGLE_GEMINI_BASE_URL or Google's own", at_once=True
    )
    gemini_api_version: str = _setting("", "version in its paths; empty to try v1, then v1beta", at_once=True)
    vertex_project: str = _setting(
        "", "Google Cloud project, to reach Gemini on Vertex instead; not tried by us", at_once=True
    )
    vertex_location: str = _setting("", "region on Vertex; empty for global", at_once=True)
    openai_base_url: str = _setting(
        "", "address of OpenAI's API with its /v1; empty for OPENAI_BASE_URL or their own", at_once=True
    )
    dashscope_url: str = _setting(
        "",
        "address of DashScope's API with its /api/v1; empty for DASHSCOPE_HTTP_BASE_URL or the one in Beijing",
        at_once=True,
    )
    stable_diffusion_url: str = _setting(
        "http://127.0.0.1:7860", "address of a Stable Diffusion web UI with --api", at_once=True
    )
    comfyui_url: str = _setting("http://127.0.0.1:8188", "address of ComfyUI", at_once=True)
    comfyui_workflow: str = _setting(
        "", "file that ComfyUI exported with “Export (API)”, nodes titled as its slots", at_once=True
    )


AT_ONCE = frozenset(setting.name for setting in fields(Settings) if setting.metadata["at_once"])
"""Settings that an open library takes up; the others hold from its next opening."""


def default_home() -> Path:
    """Return the data directory: PROPMASTER_HOME, or the platform's place for application data."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("propmaster", appauthor=False))


def load_settings(home: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this data directory. Raises InvalidSetting that names the setting and its limits."""
    values: dict[str, Any] = {}
    written = _read_file(home / FILE_NAME)
    for setting in fields(Settings):
        if setting.name in written:
            values[setting.name] = _checked(setting, written.pop(setting.name), str(home / FILE_NAME))
        variable = f"PROPMASTER_{setting.name.upper()}"
        if variable in environment:
            values[setting.name] = _checked(setting, environment[variable], variable)
    if written:
        known = ", ".join(setting.name for setting in fields(Settings))
        raise InvalidSetting(
            f"{home / FILE_NAME} has an unknown setting “{next(iter(written))}”", f"known are: {known}"
        )
    return Settings(**values)


def change_settings(home: Path, changes: Mapping[str, str]) -> None:
    """Write settings into the data directory's file; an empty value goes back to the default. Raises InvalidSetting."""
    path = home / FILE_NAME
    written = _read_file(path)
    known = {setting.name: setting for setting in fields(Settings)}
    for name, value in changes.items():
        if name not in known:
            raise InvalidSetting(f"there is no setting “{name}”", f"known are: {', '.join(known)}")
        written.pop(name, None)
        if value:
            written[name] = _checked(known[name], value, str(path))
    partial = path.with_suffix(".part")
    # JSON's strings and numbers are TOML's too.
    partial.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in written.items()), "utf-8")
    partial.replace(path)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InvalidSetting(f"cannot read {path}: {error}", "mend or delete the file") from error


def _checked(setting: Any, value: Any, source: str) -> Any:
    wanted = type(setting.default)
    with contextlib.suppress(ValueError):
        value = wanted(value) if isinstance(value, str) else value
    minimum = setting.metadata["minimum"]
    if type(value) is not wanted or (minimum is not None and value < minimum):
        limits = f"a whole number, at least {minimum}" if wanted is int else "text"
        raise InvalidSetting(
            f"{source}: {setting.name} cannot be {value!r}", f"give {limits}: {setting.metadata['meaning']}"
        )
    return value
