"""Every byte of a built folder is counted once, under its part."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sizes


def put(path: Path, nbytes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * nbytes)


@pytest.mark.skipif(os.name == "nt", reason="its packages hold no links")
def test_each_file_counts_once_under_its_part(tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    put(tmp_path / "propmaster", 1)
    put(inside / "nvidia" / "cu13" / "lib" / "libcublas.so.13", 10)
    put(inside / "torch" / "lib" / "libtorch_cuda.so", 100)
    put(inside / "torch" / "lib" / "libtorch_cpu.so", 1_000)
    put(inside / "engine" / "_resources" / "sample_library" / "a.png", 10_000)
    put(inside / "engine" / "_resources" / "icons" / "a.svg", 100_000)
    put(inside / "libsomething.so", 1_000_000)
    (inside / "libcublas.so.13").symlink_to("nvidia/cu13/lib/libcublas.so.13")
    assert sizes.sizes(tmp_path) == {
        "Python code of all libraries": 1,
        "CUDA": 110,
        "torch": 1_000,
        "sample library": 10_000,
        "icons, translations, tables, guide": 100_000,
        "other libraries": 1_000_000,
    }
    assert "1.1 MB  all" in sizes.as_table(sizes.sizes(tmp_path))
