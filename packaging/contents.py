"""What goes into the frozen application beside what imports show, and what stays out. Used by `propmaster.spec`.

Every part that stays out was left out of a build that then passed `smoke_test.py`.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

saved: Counter[str] = Counter()
"""Bytes that each shrinking saved in this build."""

Entry = tuple[str, str, str]
"""Where it goes, where it lies, and its kind, as PyInstaller has them."""

RESOURCES = "engine/_resources"
OPTIONAL_PACKAGES = ("psd_tools", "OpenEXR", "imagecodecs", "rawpy", "openai", "dashscope")
WHOLE_PACKAGES = ("engine", "desktop", "milvus_lite", "torchvision", "keyring.backends", "imagecodecs")
"""Modules of these are imported by name only."""

PACKAGES_WITH_DATA = ("open_clip", "torchvision", "imagecodecs")

METADATA = ("propmaster", "pymilvus", "milvus-lite", "torch", "torchvision", "open-clip-torch", "faiss-cpu", "pillow",
            "watchdog", "psd-tools", "OpenEXR", "imagecodecs", "rawpy", "openai",
            "dashscope", "keyring", "timm")  # fmt: skip

EXCLUDED_MODULES = [
    "triton",  # compiles kernels for torch.compile, which is not used
    "torch.utils.tensorboard",
    "tensorboard",
    "tkinter",
    "IPython",
    "matplotlib",
    "pytest",
    "_pytest",
    "mypy",
    "ruff",
    "setuptools",
    "pip",
    "PySide6.QtNetworkAuth",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "PySide6.QtTest",
]

# pyarrow's clients of services, and how Qt draws without a desktop, are for programs of another kind.
_LEFT_OUT = re.compile(
    r"""
    ^torch/(include|share|test|testing/_internal/generated)/
    | ^torch/bin/(?!torch_shm_manager)
    | ^torch/lib/libshm_windows
    | \.(a|lib|pyi|h|hpp|cuh|cmake|pxd|pyx)$
    | ^PySide6/Qt/(qml|metatypes|libexec|resources)/
    | ^PySide6/Qt/translations/(?!qtbase_(en|zh_CN)\.qm)
    | ^PySide6/Qt/plugins/(sqldrivers|designer|qmltooling|assetimporters|multimedia|networkinformation|tls)/
    | ^PySide6/Qt/plugins/(egldeviceintegrations|generic)/
    | ^PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\.so
    | libQt6(EglFS|EglFs)\w*\.so
    | ^PySide6/(examples|typesystems|include|glue|scripts)/
    | ^(pyarrow|pandas|numpy|scipy|networkx|sympy)/(.*/)?tests?/
    | ^pyarrow/(include|src)/
    | ^(pyarrow/)?(_flight|_s3fs|_gcsfs|_azurefs|_hdfs)\.
    | ^(pyarrow/)?libarrow(_python)?_(flight|s3)\.
    """,
    re.VERBOSE,
)


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries without what nothing needs."""
    result = []
    for entry in entries:
        if _LEFT_OUT.search(Path(entry[0]).as_posix()):
            _count("files that nothing needs", entry)
        else:
            result.append(entry)
    return result


def write_saved(path: Path) -> None:
    """Write how many bytes each shrinking saved, as JSON."""
    saved["triton, which compiles kernels that are not used"] = _size_of("triton")
    path.write_text(json.dumps(saved), "utf-8")


def _size_of(package: str) -> int:
    found = importlib.util.find_spec(package)
    folders = found.submodule_search_locations or () if found else ()
    return sum(file.stat().st_size for folder in folders for file in Path(folder).rglob("*") if file.is_file())


def _count(what: str, entry: Entry) -> None:
    if entry[2] != "SYMLINK":
        saved[what] += Path(entry[1]).stat().st_size
