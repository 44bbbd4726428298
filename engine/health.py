"""The doctor's checks: what is installed, what works, and what to do about what does not.

Reads only, and needs no library to be open: a damaged one must be diagnosable too. Every check yields a finding,
whatever goes wrong inside it.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from engine import __version__
from engine.catalogue.catalogue import FILE_NAME
from engine.catalogue.database import Database, find_backups
from engine.embedding.catalog import find_encoder
from engine.embedding.device import choose_device
from engine.embedding.shelf import shelf_of
from engine.errors import PropmasterError
from engine.home import prepare_home
from engine.images.formats import FORMATS
from engine.settings import load_settings
from engine.space import vectors_directory
from engine.vectors.seal import SealState, verify

LEAST_FREE_BYTES = 2_000_000_000
PACKAGES = (
    "torch",
    "open-clip-torch",
    "pymilvus",
    "milvus-lite",
    "faiss-cpu",
    "pillow",
    "watchdog",
)


class Verdict(StrEnum):
    """How a check came out."""

    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was found, and what to do unless it is good."""

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""


def examine(home: Path) -> Iterator[Finding]:
    """Yield a finding for each check, quick ones first."""
    checks: tuple[tuple[str, Callable[[Path], Iterator[Finding]]], ...] = (
        ("versions", _versions),
        ("data directory", _data_directory),
        ("settings", _settings),
        ("encoder", _encoder),
        ("device", _device),
        ("formats", _formats),
        ("catalogue", _catalogue),
        ("vector database", _vectors),
    )
    for subject, check in checks:
        try:
            yield from check(home)
        except PropmasterError as error:
            yield Finding(subject, Verdict.BAD, error.message, error.hint)


def _versions(_home: Path) -> Iterator[Finding]:
    yield Finding("propmaster", Verdict.GOOD, __version__)
    yield Finding("python", Verdict.GOOD, f"{platform.python_version()} on {platform.platform()}")
    missing = []
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    yield Finding("packages", Verdict.GOOD, ", ".join(found))
    if missing:
        yield Finding("packages", Verdict.BAD, f"missing: {', '.join(missing)}", "install Propmaster again with pip")


def _data_directory(home: Path) -> Iterator[Finding]:
    prepare_home(home)
    if not os.access(home, os.W_OK):
        yield Finding("data directory", Verdict.BAD, f"{home} cannot be written", "make it writable, or use --home")
        return
    yield Finding("data directory", Verdict.GOOD, str(home))
    free = shutil.disk_usage(home).free
    if free < LEAST_FREE_BYTES:
        advice = "free some space, or move the data directory with --home"
        yield Finding("free disk", Verdict.BAD, f"{free / 1e9:.1f} GB", advice)
    else:
        yield Finding("free disk", Verdict.GOOD, f"{free / 1e9:.0f} GB")


def _settings(home: Path) -> Iterator[Finding]:
    settings = load_settings(home)
    where = f"Milvus at {settings.milvus_uri}" if settings.milvus_uri else "embedded Milvus"
    yield Finding("settings", Verdict.GOOD, f"encoder {settings.encoder}, device {settings.device}, {where}")


def _encoder(home: Path) -> Iterator[Finding]:
    settings = load_settings(home)
    profile = find_encoder(settings.encoder, settings.device, shelf_of(home, settings.models_share)).profile
    languages = ", ".join(profile.languages)
    yield Finding("encoder", Verdict.GOOD, f"{profile.name}, {profile.dimension} dimensions, {languages}")


def _device(home: Path) -> Iterator[Finding]:
    plan = choose_device(load_settings(home).device)
    yield Finding("device", Verdict.GOOD, f"{plan.name} ({plan.kind}), batches of {plan.batch_size}")


def _formats(_home: Path) -> Iterator[Finding]:
    absent = [one for one in FORMATS if one.extra is not None and not _is_installed(one.extra)]
    if not absent:
        yield Finding("formats", Verdict.GOOD, "every decoder is installed")
    for one in absent:
        suffixes = ", ".join(one.suffixes[:4])
        advice = f"pip install 'propmaster[{one.extra}]'"
        yield Finding("formats", Verdict.NOTICE, f"{one.name} ({suffixes}) is read only in part or not at all", advice)


def _is_installed(extra: str) -> bool:
    """Tell whether the packages of an extra are there, by what the installed Propmaster says it consists of."""
    wanted = [
        match[1]
        for requirement in requires("propmaster") or ()
        if (match := re.match(rf"([\w.-]+).*extra == ['\"]{extra}['\"]", requirement))
    ]
    try:
        return all(version(package) for package in wanted)
    except PackageNotFoundError:
        return False


def _catalogue(home: Path) -> Iterator[Finding]:
    path = home / FILE_NAME
    if not path.exists():
        yield Finding("catalogue", Verdict.GOOD, "none yet", "`propmaster index FOLDER` makes it")
        return
    database = Database(path)
    try:
        wrong = database.check()
        count = database.rows("SELECT count(*) FROM assets WHERE presence <> 'missing'")[0][0]
    finally:
        database.close()
    if wrong:
        yield Finding("catalogue", Verdict.BAD, "; ".join(wrong[:3]), "run `propmaster doctor --restore`")
    else:
        backups = len(find_backups(path))
        yield Finding("catalogue", Verdict.GOOD, f"sound, {count} assets, {backups} backups")


def _vectors(home: Path) -> Iterator[Finding]:
    directories = sorted(vectors_directory(home).glob("*.db"))
    if not directories:
        yield Finding("vector database", Verdict.GOOD, "none yet")
    for directory in directories:
        state = verify(directory).state
        if state is SealState.INTACT:
            yield Finding("vector database", Verdict.GOOD, f"{directory.name} is as it was saved")
        elif state is SealState.ABSENT:
            yield Finding(
                "vector database",
                Verdict.NOTICE,
                f"{directory.name} is in use or was not closed",
                "nothing to do: the next index run compares it with the catalogue",
            )
        else:
            yield Finding(
                "vector database",
                Verdict.BAD,
                f"files of {directory.name} were damaged or changed",
                "run `propmaster doctor --repair`: it is restored from the catalogue without embedding again",
            )


def is_sound(findings: list[Finding]) -> bool:
    """Return whether nothing is bad."""
    return all(finding.verdict is not Verdict.BAD for finding in findings)
