"""Tells how large the parts of a built folder are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1_000_000
PARTS = (
    ("CUDA", r"nvidia/|cuda/|torch/lib/lib(torch_cuda|c10_cuda|caffe2_nvrtc|torch_nvshmem)"),
    ("torch", r"torch/|torchvision|lib(torch|c10)"),
    ("models around torch", r"timm/|open_clip/|tokenizers/|safetensors/|sympy|regex/"),
    ("vector database", r"pyarrow/|pandas|faiss|milvus|pymilvus|grpc/|zstandard/"),
    ("numbers", r"numpy|scipy"),
    ("picture formats", r"PIL/|pillow|imagecodecs|rawpy|psd_tools|OpenEXR|resvg|aggdraw"),
    ("Qt", r"PySide6/|shiboken6/|libQt6"),
    ("services and network", r"openai|google|cryptography|hf_xet|pydantic|aiohttp|certifi|websockets|lib(ssl|crypto)"),
    ("sample library", r"engine/_resources/sample_library/"),
    ("starter encoder", r"engine/_resources/starter_encoder/"),
    ("licences", r"engine/_resources/licences/"),
    ("icons, translations, tables, guide", r"engine/_resources/"),
    ("Python code of all libraries", r"propmasterw?(\.exe)?$|base_library.zip"),
    ("Python itself", r"libpython|python3|lib-dynload"),
)
"""Names of parts and where they lie, looked for in this order, relative to the folder or its `_internal`."""


def sizes(folder: Path) -> Counter[str]:
    """Return the bytes of each part; a linked file counts where it really lies."""
    found: Counter[str] = Counter()
    for path, name in _files(folder):
        part = next((part for part, pattern in PARTS if re.match(pattern, name)), "other libraries")
        found[part] += path.stat().st_size
    return found


def as_table(found: Counter[str]) -> str:
    """Return the parts, the largest first, and their sum."""
    rows = [*found.most_common(), ("all", found.total())]
    return "\n".join(f"{size / MEGABYTE:9.1f} MB  {part}" for part, size in rows)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    inside = folder / "_internal"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(inside if path.is_relative_to(inside) else folder).as_posix()
