"""Chooses the device an encoder runs on, with the precision, batch size and threads that suit it.

Used by encoder adapters and by diagnostics. Every fact about the machine comes through a `Probe`; the choice itself is
a pure function of those facts.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import torch

from engine.errors import InvalidSetting

_LOG = logging.getLogger(__name__)
_GIGABYTE = 1 << 30
_UNKNOWN_MEMORY_BATCH = 32
_BATCH_BY_MEMORY_GB = ((16, 256), (8, 128), (4, 64), (0, 32))

# Measured on two cores: batches of 4 stay in the cache and below the size for which the C library asks the system for
# fresh pages every time (10 instead of 12-16 core-ms an image with bfloat16, 26 instead of 31 with float32).
_CPU_BATCH = 4
# One copies while the other computes.
_STREAMS = 2
# Every worker interprets Python between kernels; beyond this many they wait for each other more than they compute.
_MAX_CPU_WORKERS = 8
# Torch starts with one thread for each core, honouring affinity and OMP_NUM_THREADS; encoders change that number later.
_CORES = torch.get_num_threads()


class DeviceKind(StrEnum):
    """Families of devices that are treated alike."""

    CUDA = "cuda"
    ROCM = "rocm"
    XPU = "xpu"
    MPS = "mps"
    CPU = "cpu"


class Precision(StrEnum):
    """Number format of weights and activations; the names are torch's."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device besides the processor. `memory_bytes` is 0 where the driver does not say."""

    kind: DeviceKind
    torch_device: str
    name: str
    memory_bytes: int
    computes_bfloat16: bool


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor: cores this process may use, and whether it multiplies bfloat16 in hardware."""

    name: str
    cores: int
    computes_bfloat16: bool


class Probe(Protocol):
    """What the machine has."""

    def find_accelerators(self) -> tuple[Accelerator, ...]:
        """Return the usable accelerators, the default one first."""

    def read_processor(self) -> Processor:
        """Return the facts about the processor."""


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """How to run a model. `batch_size` images a forward pass, `workers` passes at once, each on one processor thread.

    A model whose numbers overflow `precision` turns to `fallback`. `pinned` copies from page-locked memory, each worker
    on a stream of its own: with two, the copies of one run beside the arithmetic of the other.

    On the processor, passes side by side beat one pass spread over all cores: 1.5 times as many images a second on an
    idle machine, 2.5 times beside a busy one, because nothing waits at a barrier after each layer.
    """

    kind: DeviceKind
    torch_device: str
    name: str
    precision: Precision
    fallback: Precision
    batch_size: int
    workers: int
    channels_last: bool
    pinned: bool


def choose_device(wish: str, probe: Probe | None = None) -> DevicePlan:
    """Return the plan for a wish: "auto", "cpu", a family ("cuda", "rocm", "xpu", "mps") or one device ("cuda:1").

    Raises InvalidSetting, naming what is there, if the machine lacks the device.
    """
    probe = probe or TorchProbe()
    wish = wish.strip().lower()
    if wish == DeviceKind.CPU:
        return _plan_processor(probe.read_processor())
    accelerators = probe.find_accelerators()
    if wish == "auto":
        return _plan_accelerator(accelerators[0]) if accelerators else _plan_processor(probe.read_processor())
    for accelerator in accelerators:
        if wish in _names_of(accelerator):
            return _plan_accelerator(accelerator)
    raise _not_there(wish, accelerators)


def _plan_processor(processor: Processor) -> DevicePlan:
    return DevicePlan(
        kind=DeviceKind.CPU,
        torch_device="cpu",
        name=processor.name,
        precision=Precision.BFLOAT16 if processor.computes_bfloat16 else Precision.FLOAT32,
        fallback=Precision.FLOAT32,
        batch_size=_CPU_BATCH,
        workers=max(1, min(processor.cores, _MAX_CPU_WORKERS)),
        channels_last=True,
        pinned=False,
    )


def _plan_accelerator(accelerator: Accelerator) -> DevicePlan:
    pinned = accelerator.kind in (DeviceKind.CUDA, DeviceKind.ROCM)
    return DevicePlan(
        kind=accelerator.kind,
        torch_device=accelerator.torch_device,
        name=accelerator.name,
        # As fast as bfloat16, and its roundings are an eighth; what it lacks is range, which few models need.
        precision=Precision.FLOAT16,
        fallback=Precision.BFLOAT16 if accelerator.computes_bfloat16 else Precision.FLOAT32,
        batch_size=_batch_for(accelerator.memory_bytes),
        workers=_STREAMS if pinned else 1,
        channels_last=accelerator.kind is not DeviceKind.MPS,
        pinned=pinned,
    )


def _batch_for(memory_bytes: int) -> int:
    if not memory_bytes:
        return _UNKNOWN_MEMORY_BATCH
    return next(batch for least, batch in _BATCH_BY_MEMORY_GB if memory_bytes >= least * _GIGABYTE)


def _names_of(accelerator: Accelerator) -> tuple[str, ...]:
    """Return the wishes that mean this device; a family means any of its devices, so the first one wins."""
    family, _, index = accelerator.torch_device.partition(":")
    return (family, accelerator.kind, accelerator.torch_device, f"{accelerator.kind}:{index or 0}")


def _not_there(wish: str, accelerators: tuple[Accelerator, ...]) -> InvalidSetting:
    there = ", ".join(["cpu", *(f"{found.torch_device} ({found.name})" for found in accelerators)])
    hint = "Choose one of these, or 'auto'"
    if not accelerators:
        hint += "; if this machine has a graphics card, install its driver and the PyTorch build made for it"
    return InvalidSetting(f"There is no device '{wish}' here; there is {there}", hint)


class TorchProbe:
    """The machine as torch sees it."""

    def find_accelerators(self) -> tuple[Accelerator, ...]:
        """Return the usable accelerators; a driver that fails is logged and counts as absent."""
        try:
            current = torch.accelerator.current_accelerator(check_available=True)
            if current is None:
                return ()
            return tuple(self._describe(current.type, index) for index in range(torch.accelerator.device_count()))
        except (RuntimeError, AssertionError, ValueError):
            _LOG.warning("The graphics driver does not answer; the processor is used instead", exc_info=True)
            return ()

    def read_processor(self) -> Processor:
        """Return the processor's facts."""
        # Only these x86 extensions were measured (twice the images a second); emulated bfloat16 is slower than float32.
        # Older versions of torch cannot tell.
        abilities: Mapping[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
        fast = bool(abilities.get("avx512_bf16")) or bool(abilities.get("amx_bf16"))
        return Processor(str(abilities.get("cpu_name") or "CPU"), _CORES, fast)

    @staticmethod
    def _describe(family: str, index: int) -> Accelerator:
        device = f"{family}:{index}"
        if family == "cuda":
            kind = DeviceKind.ROCM if torch.version.hip else DeviceKind.CUDA
            properties = torch.cuda.get_device_properties(index)
            with torch.cuda.device(index):
                bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
            return Accelerator(kind, device, properties.name, properties.total_memory, bfloat16)
        if family == "xpu":
            card = torch.xpu.get_device_properties(index)
            return Accelerator(DeviceKind.XPU, device, card.name, card.total_memory, computes_bfloat16=True)
        if family == "mps":
            return Accelerator(
                DeviceKind.MPS, device, "Apple GPU", torch.mps.recommended_max_memory(), computes_bfloat16=False
            )
        raise ValueError(f"no plan for devices of the family {family}")
