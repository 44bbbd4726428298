"""The open_clip adapter: any CLIP-like model that open_clip can build, from files on this machine.

Made by the catalog, used on the model threads only; nothing here opens the network. Importing this module costs
seconds, therefore only `load` functions that run on a model thread do so.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from engine.embedding.batch_size import BatchSize
from engine.embedding.device import DevicePlan, Precision
from engine.embedding.encoder import EncoderProfile, EncodingPlan, Pixels, Vectors, require_unit_rows
from engine.embedding.inference import convert, fold
from engine.embedding.open_clip_config import OpenClipModel
from engine.embedding.open_clip_loading import build_model, make_tokenizer
from engine.errors import EncoderUnavailable

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "CUBLAS_STATUS_ALLOC_FAILED")


class _Towers(Protocol):
    """What open_clip's models have in common."""

    def encode_image(self, image: Tensor) -> Tensor: ...

    def encode_text(self, text: Tensor) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class _Placed:
    """A model on its device; replaced as a whole, so that a batch under way keeps the one it began with."""

    towers: _Towers
    precision: Precision

    @property
    def dtype(self) -> torch.dtype:
        dtype: torch.dtype = getattr(torch, self.precision)
        return dtype


_Encode = Callable[[_Placed, slice], Tensor]


class OpenClipEncoder:
    """A loaded open_clip model; implements `Encoder`."""

    def __init__(
        self, model: OpenClipModel, profile: EncoderProfile, templates: Sequence[str], plan: DevicePlan
    ) -> None:
        """Build the model and load its weights. Raises EncoderUnavailable."""
        self._profile = profile
        self._templates = tuple(templates)
        self._device_plan = plan
        self._batch_size = BatchSize(plan.batch_size)
        self._device = torch.device(plan.torch_device)
        self._own = threading.local()
        self._overflow_lock = threading.Lock()
        self._use_one_processor_thread()
        self._tokenize = make_tokenizer(model)
        self._placed = self._place(self._folded(build_model(model).eval()), plan.precision)
        self._mean = _channels(model.mean).to(self._device) * 255
        self._deviation = _channels(model.deviation).to(self._device) * 255
        self._finish()

    @property
    def profile(self) -> EncoderProfile:
        """Return what was known before loading."""
        return self._profile

    @property
    def plan(self) -> EncodingPlan:
        """Return the plan as it stands; the batch size shrinks when the device ran out of memory."""
        return EncodingPlan(self._batch_size.now, self._device_plan.workers)

    def encode_images(self, pixels: Pixels) -> Vectors:
        """Encode uint8 `[n, size, size, 3]`; see `Encoder`."""
        size = self._profile.input_spec.size
        if pixels.dtype != np.uint8 or pixels.shape[1:] != (size, size, 3):
            raise ValueError(f"expected uint8 [n, {size}, {size}, 3], got {pixels.dtype} {list(pixels.shape)}")
        return self._encode(
            len(pixels),
            lambda placed, rows: placed.towers.encode_image(self._load_pixels(pixels[rows], placed.dtype)),
        )

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, each as the mean over the model's prompt templates; see `Encoder`."""
        return self._encode(len(texts), lambda placed, rows: self._encode_prompts(placed.towers, texts[rows]))

    def close(self) -> None:
        """Free the weights and the device memory."""
        del self._placed
        if self._device.type != "cpu":
            torch.accelerator.empty_cache()

    @torch.inference_mode()
    def _encode(self, count: int, encode: _Encode) -> Vectors:
        self._use_one_processor_thread()
        with self._lane():
            placed = self._placed
            vectors = self._encode_in_batches(count, placed, encode)
            if placed.precision is Precision.FLOAT16 and not np.isfinite(vectors).all():
                vectors = self._encode_in_batches(count, self._leave_half_precision(placed), encode)
        return require_unit_rows(vectors, self._profile.name)

    def _leave_half_precision(self, placed: _Placed) -> _Placed:
        """Return the model in a format with room for larger numbers, which it keeps: some overflow half precision."""
        with self._overflow_lock:
            if self._placed is placed:
                model = copy.deepcopy(cast("torch.nn.Module", placed.towers))
                self._placed = self._place(model, self._device_plan.fallback)
                self._finish()
            return self._placed

    def _encode_in_batches(self, count: int, placed: _Placed, encode: _Encode) -> Vectors:
        done: list[Tensor] = []
        start = 0
        while start < count:
            size = self._batch_size.now
            rows = slice(start, min(start + size, count))
            features = self._try(lambda rows: encode(placed, rows), rows)
            if features is None:
                self._shrink_batch(rows.stop - start)
            else:
                self._batch_size.fitted(rows.stop - start)
                done.append(features)
                start = rows.stop
        if not done:
            return np.empty((0, self._profile.dimension), np.float32)
        # One transfer at the end lets an accelerator work ahead of this thread.
        vectors: Vectors = torch.cat(done).cpu().numpy()
        return vectors

    def _try(self, encode: Callable[[slice], Tensor], rows: slice) -> Tensor | None:
        """Return float32 unit rows, or None if the memory did not suffice."""
        try:
            return normalize(encode(rows).float(), dim=1)
        except (RuntimeError, MemoryError) as error:
            if _is_out_of_memory(error):
                return None
            raise EncoderUnavailable(
                f"The encoder {self._profile.name} failed on {self._device_plan.name}: {error}",
                "Try the device 'cpu'; if that works, renew the graphics driver",
            ) from error

    def _shrink_batch(self, failed_size: int) -> None:
        if failed_size == 1:
            raise EncoderUnavailable(
                f"The memory of {self._device_plan.name} is too small for one picture with {self._profile.name}",
                "Close other programs, or choose the device 'cpu' or a smaller encoder",
            )
        self._batch_size.did_not_fit(failed_size)
        if self._device.type != "cpu":
            torch.accelerator.empty_cache()

    def _load_pixels(self, pixels: Pixels, dtype: torch.dtype) -> Tensor:
        """Return normalised `[n, 3, size, size]` on the device; bytes travel, the arithmetic happens there."""
        tensor = torch.from_numpy(pixels if pixels.flags.writeable else pixels.copy())
        if self._device_plan.pinned:
            tensor = tensor.pin_memory()
        # The permuted view of interleaved pixels already is channels-last.
        tensor = tensor.to(self._device, non_blocking=self._device_plan.pinned).permute(0, 3, 1, 2).float()
        if not self._device_plan.channels_last:
            tensor = tensor.contiguous()
        return tensor.sub_(self._mean).div_(self._deviation).to(dtype)

    def _encode_prompts(self, towers: _Towers, texts: Sequence[str]) -> Tensor:
        views = [self._encode_prompt(towers, template, texts) for template in self._templates]
        return torch.stack(views).mean(dim=0)

    def _encode_prompt(self, towers: _Towers, template: str, texts: Sequence[str]) -> Tensor:
        ids = self._tokenize([template.replace("{}", text) for text in texts])
        return normalize(towers.encode_text(ids.to(self._device)).float(), dim=1)

    def _folded(self, model: torch.nn.Module) -> torch.nn.Module:
        # Every model that open_clip builds has its image tower here.
        model.visual = fold(model.get_submodule("visual"), self._profile.input_spec.size)
        return model

    def _place(self, model: torch.nn.Module, precision: Precision) -> _Placed:
        layout = torch.channels_last if self._device_plan.channels_last else torch.contiguous_format
        try:
            placed = convert(model, self._device, getattr(torch, precision)).to(memory_format=layout)
            return _Placed(cast("_Towers", placed), precision)
        except RuntimeError as error:
            raise EncoderUnavailable(
                f"The encoder {self._profile.name} cannot be put on {self._device_plan.name}: {error}",
                "Close other programs, or choose the device 'cpu'",
            ) from error

    def _lane(self) -> AbstractContextManager[object]:
        """Return this thread's own queue of the device, so that one worker's copies run beside another's arithmetic."""
        if not self._device_plan.pinned:
            return nullcontext()
        if not hasattr(self._own, "stream"):
            self._own.stream = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        return torch.cuda.stream(self._own.stream)

    def _finish(self) -> None:
        """Wait for what was put on the device: the queues of other threads do not wait for this one."""
        if self._device.type != "cpu":
            torch.accelerator.synchronize(self._device)

    @staticmethod
    def _use_one_processor_thread() -> None:
        # OpenMP keeps this number for each calling thread, so every model thread has to say it; see DevicePlan for why.
        torch.set_num_threads(1)


def _channels(values: Sequence[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float32).view(1, 3, 1, 1)


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # The processor's allocator, MPS and cuBLAS have no exception type of their own.
    return any(sign in str(error) for sign in _OUT_OF_MEMORY)
