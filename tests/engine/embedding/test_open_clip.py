from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import save_file

from engine.embedding.catalog import find_encoder, load_encoder
from engine.embedding.device import Precision, choose_device
from engine.embedding.encoder import Encoder, Pixels, VectorInvalid
from engine.embedding.open_clip import OpenClipEncoder
from engine.embedding.open_clip_config import read_architecture, read_folder
from engine.embedding.open_clip_loading import check_model
from engine.errors import EncoderUnavailable
from tests.engine.embedding.conftest import block_network
from tests.helpers.models import write_tokenizer
from tests.helpers.tiny_encoder import TINY, write_config

Weights = dict[str, torch.Tensor]


def noise(count: int) -> Pixels:
    return np.random.default_rng(count).integers(0, 256, (count, 32, 32, 3), np.uint8)


def load_from(folder: Path, name: str, content: object) -> Encoder:
    (folder / "open_clip_model.safetensors").unlink(missing_ok=True)
    torch.save(content, folder / name)
    return load_encoder(str(folder), "cpu")


def test_rows_are_unit_vectors_in_input_order(tiny: Encoder) -> None:
    pixels = noise(11)
    together = tiny.encode_images(pixels)
    one_by_one = np.concatenate([tiny.encode_images(pixels[row : row + 1]) for row in range(len(pixels))])
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose((together * one_by_one).sum(axis=1), 1, atol=1e-3)


def test_pixels_are_normalised_as_open_clip_does(tiny_folder: Path, tiny: Encoder) -> None:
    model = open_clip.create_model(f"local-dir:{tiny_folder}").eval()
    pixels = noise(5)
    planes = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255
    with torch.inference_mode():
        expected = model.encode_image((planes - 0.5) / 0.25, normalize=True).numpy()
    np.testing.assert_allclose((tiny.encode_images(pixels) * expected).sum(axis=1), 1, atol=2e-3)


def test_loading_an_encoder_leaves_the_plan_of_the_next_alone(tiny_folder: Path) -> None:
    torch.set_num_threads(3)
    before = choose_device("cpu")
    load_encoder(str(tiny_folder), "cpu").close()
    assert choose_device("cpu") == before


def test_no_rows_give_no_rows(tiny: Encoder) -> None:
    assert tiny.encode_images(noise(1)[:0]).shape == (0, 16)
    assert tiny.encode_texts([]).shape == (0, 16)


def test_read_only_pixels_are_taken(tiny: Encoder) -> None:
    pixels = noise(2)
    pixels.flags.writeable = False
    assert tiny.encode_images(pixels).shape == (2, 16)


def test_wrong_shape_or_type_is_a_bug(tiny: Encoder) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        tiny.encode_images(np.zeros((1, 16, 16, 3), np.uint8))
    with pytest.raises(ValueError, match="expected uint8"):
        tiny.encode_images(np.zeros((1, 32, 32, 3), np.float32))


@pytest.mark.parametrize("text", ["", "   ", "{}", "a{0}b{}", "\x00", "🗡️", "x" * 100_000])
def test_odd_texts_get_a_vector(tiny: Encoder, text: str) -> None:
    assert np.isfinite(tiny.encode_texts([text])).all()


def test_text_is_the_mean_of_its_prompts(tiny_folder: Path, tiny: Encoder) -> None:
    model = open_clip.create_model(f"local-dir:{tiny_folder}").eval()
    tokenize = open_clip.get_tokenizer(f"local-dir:{tiny_folder}")
    with torch.inference_mode():
        views = model.encode_text(tokenize(["crown", "a picture of a crown"]), normalize=True)
    expected = torch.nn.functional.normalize(views.mean(dim=0), dim=0).numpy()
    assert float(tiny.encode_texts(["crown"])[0] @ expected) > 0.995


class Limited:
    """Wraps open_clip's image tower so that it fails as a device does once a batch is larger than its memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capacity: int, error: Exception) -> None:
        self.sizes: list[int] = []
        whole = open_clip.CLIP.encode_image

        def encode(model: Any, image: torch.Tensor, normalize: bool = False) -> torch.Tensor:
            self.sizes.append(len(image))
            if len(image) > capacity:
                raise error
            features: torch.Tensor = whole(model, image, normalize)
            return features

        monkeypatch.setattr(open_clip.CLIP, "encode_image", encode)


def real_allocation_error() -> RuntimeError:
    try:
        torch.empty(1 << 60, dtype=torch.uint8)
    except RuntimeError as error:
        return error
    raise AssertionError("a machine with an exabyte of memory")


@pytest.mark.parametrize(
    "error",
    [torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), real_allocation_error(), MemoryError()],
    ids=["accelerator", "processor", "python"],
)
def test_batch_halves_when_memory_runs_out_and_stays_small(
    tiny: Encoder, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    expected = tiny.encode_images(noise(9))
    limited = Limited(monkeypatch, 1, error)
    actual = tiny.encode_images(noise(9))
    assert limited.sizes == [4, 2, *[1] * 9]
    np.testing.assert_allclose((actual * expected).sum(axis=1), 1, atol=1e-3)
    assert tiny.plan.batch_size == 1


def test_batch_grows_back_once_the_memory_is_free_again(tiny: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as crowded:
        Limited(crowded, 2, torch.OutOfMemoryError("CUDA out of memory"))
        tiny.encode_images(noise(4))
    assert tiny.plan.batch_size == 2
    for _ in range(70):
        tiny.encode_images(noise(2))
    assert tiny.plan.batch_size == 4


class Queues:
    """Stands in for a CUDA driver's streams: says which thread copied and computed on which."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.current = threading.local()
        self.events: list[tuple[str, object]] = []
        monkeypatch.setattr(torch.cuda, "Stream", lambda _: object())
        monkeypatch.setattr(torch.cuda, "stream", self.use)
        monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: self.pin(tensor))
        whole = open_clip.CLIP.encode_image

        def encode(model: Any, image: torch.Tensor) -> torch.Tensor:
            self.events.append(("compute", self.current.stream))
            features: torch.Tensor = whole(model, image)
            return features

        monkeypatch.setattr(open_clip.CLIP, "encode_image", encode)

    @contextmanager
    def use(self, stream: object) -> Iterator[None]:
        self.current.stream = stream
        yield
        self.current.stream = None

    def pin(self, tensor: torch.Tensor) -> torch.Tensor:
        self.events.append(("pin", self.current.stream))
        return tensor


def test_each_worker_of_a_cuda_device_has_its_own_stream(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queues = Queues(monkeypatch)
    plan = replace(choose_device("cpu"), pinned=True)
    encoder = OpenClipEncoder(read_folder(tiny_folder), find_encoder(str(tiny_folder)).profile, ["{}"], plan)
    for _ in range(2):
        encoder.encode_images(noise(2))
    other = threading.Thread(target=encoder.encode_images, args=(noise(2),))
    other.start()
    other.join()
    assert [name for name, _ in queues.events] == ["pin", "compute"] * 3
    streams = [stream for _, stream in queues.events]
    assert streams[0] is not None
    assert streams[:4] == [streams[0]] * 4
    assert streams[4] is streams[5]
    assert streams[4] not in (streams[0], None)


def test_single_picture_too_large_for_the_memory_is_an_error(tiny: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    Limited(monkeypatch, 0, torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(EncoderUnavailable, match="memory"):
        tiny.encode_images(noise(3))


def test_failing_device_is_named_and_batch_stays(tiny: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    Limited(monkeypatch, 0, RuntimeError("CUDA error: unspecified launch failure"))
    with pytest.raises(EncoderUnavailable, match="unspecified launch failure"):
        tiny.encode_images(noise(3))
    assert tiny.plan.batch_size == 4


@pytest.mark.parametrize("spoilt", [float("nan"), float("inf"), 0.0])
def test_unusable_row_is_named_instead_of_returned(
    tiny: Encoder, monkeypatch: pytest.MonkeyPatch, spoilt: float
) -> None:
    whole = open_clip.CLIP.encode_image

    def encode(model: Any, image: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = whole(model, image).clone()
        # Rows 0 to 3 are the first batch, so this spoils row 6 of the call.
        features[2] = spoilt if encode_calls else features[2]
        encode_calls.append(1)
        return features

    encode_calls: list[int] = []
    monkeypatch.setattr(open_clip.CLIP, "encode_image", encode)
    with pytest.raises(VectorInvalid) as caught:
        tiny.encode_images(noise(8))
    assert caught.value.row == 6


@pytest.mark.parametrize("fallback", [torch.float32, torch.bfloat16])
def test_half_precision_that_overflows_gives_way_for_good(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, fallback: torch.dtype
) -> None:
    whole = open_clip.CLIP.encode_image
    formats: list[torch.dtype] = []

    def encode(model: Any, image: torch.Tensor) -> torch.Tensor:
        formats.append(image.dtype)
        features: torch.Tensor = whole(model, image)
        return features * float("inf") if image.dtype is torch.float16 else features

    monkeypatch.setattr(open_clip.CLIP, "encode_image", encode)
    plan = replace(
        choose_device("cpu"), precision=Precision.FLOAT16, fallback=Precision(str(fallback).partition(".")[2])
    )
    encoder = OpenClipEncoder(read_folder(tiny_folder), find_encoder(str(tiny_folder)).profile, ["{}"], plan)
    encoder.encode_images(noise(2))
    encoder.encode_images(noise(2))
    assert formats == [torch.float16, fallback, fallback]


@pytest.mark.parametrize("name", ["model.pt", "model.pth", "pytorch_model.bin", "model.ckpt"])
def test_plain_torch_checkpoint_loads(tiny_folder: Path, tiny: Encoder, tiny_weights: Weights, name: str) -> None:
    expected = tiny.encode_images(noise(2))
    other = load_from(tiny_folder, name, tiny_weights)
    np.testing.assert_array_equal(other.encode_images(noise(2)), expected)


def test_training_checkpoint_loads(tiny_folder: Path, tiny: Encoder, tiny_weights: Weights) -> None:
    content = {"epoch": 3, "state_dict": {f"module.{name}": tensor for name, tensor in tiny_weights.items()}}
    other = load_from(tiny_folder, "epoch_3.pt", content)
    np.testing.assert_array_equal(other.encode_texts(["crown"]), tiny.encode_texts(["crown"]))


class Payload:
    """A pickle that touches a file when it is loaded without restriction."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.marker,))


@pytest.mark.parametrize("forced", ["0", "1"])
def test_malicious_checkpoint_runs_nothing(
    tiny_folder: Path, tmp_path: Path, tiny_weights: Weights, monkeypatch: pytest.MonkeyPatch, forced: str
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", forced)
    marker = tmp_path / "code-ran"
    with pytest.raises(EncoderUnavailable, match="could run code"):
        load_from(tiny_folder, "model.pt", {**tiny_weights, "extra": Payload(marker)})
    assert not marker.exists()
    pickle.loads(pickle.dumps(Payload(marker)))
    assert marker.exists(), "the payload itself must work, or this test proves nothing"


@pytest.mark.parametrize("name", ["model.pt", "model.safetensors"])
@pytest.mark.parametrize("content", [b"", b"not a checkpoint at all", b"\x80\x04K\x01.", b"PK\x03\x04" + b"\0" * 64])
def test_damaged_checkpoint_is_named(tiny_folder: Path, name: str, content: bytes) -> None:
    (tiny_folder / "open_clip_model.safetensors").unlink()
    (tiny_folder / name).write_bytes(content)
    with pytest.raises(EncoderUnavailable, match=name):
        load_encoder(str(tiny_folder), "cpu")


@pytest.mark.parametrize("keep", [0.5, 0.999])
def test_cut_off_checkpoint_is_named(tiny_folder: Path, keep: float) -> None:
    path = tiny_folder / "open_clip_model.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(EncoderUnavailable, match=path.name):
        load_encoder(str(tiny_folder), "cpu")


def test_weights_of_another_architecture_are_refused(tmp_path: Path, tiny_weights: Weights) -> None:
    weights = tmp_path / "tiny.safetensors"
    save_file(tiny_weights, weights)
    with pytest.raises(EncoderUnavailable, match="do not fit"):
        load_encoder(f"open_clip:RN50:{weights}", "cpu")


def test_weights_that_vanish_before_loading_are_named(tiny_folder: Path) -> None:
    source = find_encoder(str(tiny_folder))
    (tiny_folder / "open_clip_model.safetensors").unlink()
    with pytest.raises(EncoderUnavailable, match=r"open_clip_model\.safetensors"):
        source.load()


def test_configuration_open_clip_cannot_build_is_named(tiny_folder: Path) -> None:
    model = {**TINY["model_cfg"], "vision_cfg": {"timm_model_name": "no_such_trunk", "image_size": 32}}
    write_config(tiny_folder, model_cfg=model)
    with pytest.raises(EncoderUnavailable, match="no_such_trunk"):
        load_encoder(str(tiny_folder), "cpu")


@pytest.mark.parametrize("text", [{"hf_tokenizer_name": "bert-base-uncased"}, {"hf_model_name": "bert-base-uncased"}])
def test_missing_hugging_face_parts_are_never_fetched(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch, text: dict[str, str]
) -> None:
    block_network(monkeypatch)
    before = huggingface_hub.constants.HF_HUB_OFFLINE
    write_config(tiny_folder, model_cfg={**TINY["model_cfg"], "text_cfg": {**TINY["model_cfg"]["text_cfg"], **text}})
    with pytest.raises(EncoderUnavailable):
        load_encoder(str(tiny_folder), "cpu")
    assert huggingface_hub.constants.HF_HUB_OFFLINE is before


def test_siglip_without_its_folder_is_refused_before_any_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block_network(monkeypatch)
    weights = tmp_path / "siglip.safetensors"
    weights.write_bytes(b"anything")
    with pytest.raises(EncoderUnavailable, match="tokenizer"):
        load_encoder(f"open_clip:ViT-B-16-SigLIP:{weights}", "cpu")


@pytest.mark.parametrize("architecture", ["xlm-roberta-base-ViT-B-32", "xlm-roberta-large-ViT-H-14"])
def test_multilingual_model_is_built_without_the_package_it_was_trained_with(tmp_path: Path, architecture: str) -> None:
    weights = tmp_path / "open_clip_model.safetensors"
    save_file({"logit_scale": torch.zeros(())}, weights)
    write_tokenizer(tmp_path / "tokenizer.json", begin="<s>", end="</s>")
    with pytest.raises(EncoderUnavailable, match="do not fit"):
        check_model(read_architecture(architecture, weights, {}))


def test_loading_prints_nothing_and_leaves_logging_alone(
    tiny_folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    load_encoder(str(tiny_folder), "cpu")
    assert logging.getLogger().handlers == []
    assert capfd.readouterr() == ("", "")
