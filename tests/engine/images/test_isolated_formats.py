"""Every format decodes in a child as it does here, and damaged files of native decoders end there with a reason."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engine.errors import DecodeError, DecodeFault
from engine.images.decode import DecodeLimits
from engine.images.isolation import IsolatedDecoder
from tests.engine.images.samples import SAMPLES, picture, psd, write_sample

LIMITS = DecodeLimits(seconds=20)


@pytest.fixture(scope="module")
def shared() -> Iterator[IsolatedDecoder]:
    decoder = IsolatedDecoder(workers=1)
    yield decoder
    decoder.close()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_any_format_decodes_in_a_child(name: str, tmp_path: Path, shared: IsolatedDecoder) -> None:
    result = shared.decode(write_sample(name, tmp_path), LIMITS)
    assert result.facts.format == name
    assert max(result.image.size) <= LIMITS.edge
    assert len(result.facts.palette) >= 2


def test_transparency_comes_through_the_pipe(tmp_path: Path, shared: IsolatedDecoder) -> None:
    image = picture().convert("RGBA")
    image.putalpha(77)
    image.save(tmp_path / "a.png")
    result = shared.decode(tmp_path / "a.png", LIMITS)
    assert result.image.tobytes() == image.tobytes()
    assert result.facts.has_alpha


def test_errors_of_the_child_are_the_same_errors(tmp_path: Path, shared: IsolatedDecoder) -> None:
    (tmp_path / "a.psd").write_bytes(psd()[:9000])
    with pytest.raises(DecodeError) as caught:
        shared.decode(tmp_path / "a.psd", LIMITS)
    assert caught.value.fault is DecodeFault.TRUNCATED
    with pytest.raises(DecodeError) as caught:
        shared.decode(tmp_path / "gone\udcff.psd", LIMITS)
    assert caught.value.fault is DecodeFault.VANISHED


@pytest.mark.parametrize("name", ["HEIC", "EXR", "JXL", "RAW", "AVIF"])
def test_damaged_native_formats_end_in_a_picture_or_a_reason(
    name: str, tmp_path: Path, shared: IsolatedDecoder
) -> None:
    path = write_sample(name, tmp_path)
    good = path.read_bytes()
    dice = random.Random(11)
    for _ in range(15):
        bad = bytearray(good)
        for _ in range(dice.randint(1, 12)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        path.write_bytes(bad)
        with suppress(DecodeError):
            assert shared.decode(path, LIMITS).facts.width > 0
    path.write_bytes(good)
    assert shared.decode(path, LIMITS).facts.format == name
