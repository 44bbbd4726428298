from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
import torch

from engine.embedding.device import Accelerator, DeviceKind, Precision, Processor, TorchProbe, choose_device
from engine.errors import InvalidSetting

GIGABYTE = 1 << 30
BIG = Accelerator(DeviceKind.CUDA, "cuda:0", "Big", 24 * GIGABYTE, computes_bfloat16=True)
SMALL = Accelerator(DeviceKind.CUDA, "cuda:1", "Small", 6 * GIGABYTE, computes_bfloat16=False)
APPLE = Accelerator(DeviceKind.MPS, "mps:0", "Apple GPU", 12 * GIGABYTE, computes_bfloat16=False)
RADEON = replace(BIG, kind=DeviceKind.ROCM, name="Radeon")
ARC = Accelerator(DeviceKind.XPU, "xpu:0", "Arc", 0, computes_bfloat16=True)

OLD = Processor("Old", 4, computes_bfloat16=False)


@dataclass(frozen=True)
class Machine:
    accelerators: tuple[Accelerator, ...] = ()
    processor: Processor = OLD

    def find_accelerators(self) -> tuple[Accelerator, ...]:
        return self.accelerators

    def read_processor(self) -> Processor:
        return self.processor


@pytest.mark.parametrize("accelerator", [BIG, APPLE, RADEON, ARC])
def test_auto_takes_the_accelerator(accelerator: Accelerator) -> None:
    plan = choose_device("auto", Machine((accelerator,)))
    assert (plan.kind, plan.torch_device) == (accelerator.kind, accelerator.torch_device)


def test_auto_without_accelerator_takes_the_processor() -> None:
    assert choose_device("auto", Machine()).torch_device == "cpu"


@pytest.mark.parametrize(
    ("wish", "accelerators", "device"),
    [
        ("cuda:1", (BIG, SMALL), "cuda:1"),
        ("cuda", (BIG, SMALL), "cuda:0"),
        (" CUDA:0 ", (BIG,), "cuda:0"),
        ("rocm", (RADEON,), "cuda:0"),
        ("rocm:0", (RADEON,), "cuda:0"),
        ("mps", (APPLE,), "mps:0"),
        ("xpu", (ARC,), "xpu:0"),
        ("cpu", (BIG,), "cpu"),
    ],
)
def test_wish_is_granted(wish: str, accelerators: tuple[Accelerator, ...], device: str) -> None:
    assert choose_device(wish, Machine(accelerators)).torch_device == device


@pytest.mark.parametrize("wish", ["cuda:7", "mps", "", "quantum", "cpu:3"])
def test_absent_device_is_refused_with_what_is_there(wish: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        choose_device(wish, Machine((BIG, SMALL)))
    assert "cuda:1 (Small)" in caught.value.message
    assert "cpu" in caught.value.message


def test_without_accelerator_the_hint_speaks_of_drivers() -> None:
    with pytest.raises(InvalidSetting) as caught:
        choose_device("cuda", Machine())
    assert "driver" in caught.value.hint


@pytest.mark.parametrize(
    ("accelerator", "fallback"),
    [(BIG, Precision.BFLOAT16), (SMALL, Precision.FLOAT32), (APPLE, Precision.FLOAT32)],
)
def test_accelerators_start_with_the_finest_half_and_fall_back_to_what_they_compute(
    accelerator: Accelerator, fallback: Precision
) -> None:
    plan = choose_device("auto", Machine((accelerator,)))
    assert (plan.precision, plan.fallback) == (Precision.FLOAT16, fallback)


def test_processor_uses_bfloat16_only_in_hardware() -> None:
    new = Machine(processor=Processor("New", 4, computes_bfloat16=True))
    assert choose_device("cpu", new).precision is Precision.BFLOAT16
    assert choose_device("cpu", Machine()).precision is Precision.FLOAT32


def test_more_memory_means_larger_batches() -> None:
    sizes = [
        choose_device("auto", Machine((replace(BIG, memory_bytes=memory * GIGABYTE),))).batch_size
        for memory in (0, 2, 4, 8, 80)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_nvidia_and_amd_copy_from_pinned_memory_beside_the_arithmetic() -> None:
    plans = {card.kind: choose_device("auto", Machine((card,))) for card in (BIG, RADEON, ARC, APPLE)}
    assert {kind for kind, plan in plans.items() if plan.pinned} == {DeviceKind.CUDA, DeviceKind.ROCM}
    assert all(plan.workers == (2 if plan.pinned else 1) for plan in plans.values())


def test_workers_follow_the_cores_up_to_a_limit() -> None:
    workers = [
        choose_device("cpu", Machine(processor=Processor("", cores, computes_bfloat16=False))).workers
        for cores in (0, 1, 4, 128)
    ]
    assert workers == [1, 1, 4, 8]


def test_this_machine_can_be_planned_and_used() -> None:
    plan = choose_device("auto")
    assert torch.ones(2, device=plan.torch_device).sum().item() == 2
    assert choose_device("cpu").torch_device == "cpu"


def test_failing_driver_counts_as_no_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA driver version is insufficient")

    monkeypatch.setattr(torch.accelerator, "current_accelerator", fail)
    assert TorchProbe().find_accelerators() == ()
