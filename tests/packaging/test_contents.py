"""What is left out of the frozen application is what nothing needs."""

from __future__ import annotations

from pathlib import Path

import contents
import pytest


@pytest.mark.parametrize(
    "needed",
    [
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "torchvision/_C.so",
        "pyarrow/libarrow.so.2600",
        "pyarrow/libarrow_substrait.so.2600",
        "pyarrow/_parquet.cpython-311-x86_64-linux-gnu.so",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "engine/_resources/sample_library/effects/fire.png",
        "engine/_resources/starter_encoder/open_clip_model.safetensors",
    ],
)
def test_what_is_needed_stays(needed: str) -> None:
    assert contents.kept([(needed, __file__, "DATA")])


@pytest.mark.parametrize(
    "unneeded",
    [
        "torch/include/ATen/ATen.h",
        "torch/bin/protoc",
        "torch/lib/torch_cpu.lib",
        "torch/lib/libXNNPACK.a",
        "pyarrow/libarrow_flight.so.2600",
        "pyarrow/_s3fs.cpython-311-x86_64-linux-gnu.so",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "pandas/tests/io/data.csv",
    ],
)
def test_what_nothing_needs_goes_and_is_counted(unneeded: str) -> None:
    before = contents.saved.total()
    assert contents.kept([(unneeded, __file__, "DATA")]) == []
    assert contents.saved.total() - before == Path(__file__).stat().st_size
