"""The table of formats and recognition by content."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.errors import DecodeError, DecodeFault
from engine.images.formats import FORMATS, format_for, identify
from tests.engine.images.samples import SAMPLES, encoded, picture, write_sample


def test_no_suffix_and_no_name_appears_twice() -> None:
    suffixes = [suffix for row in FORMATS for suffix in row.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert len({row.name for row in FORMATS}) == len(FORMATS)


def test_every_row_names_a_decoder_that_exists() -> None:
    assert [row.name for row in FORMATS if find_spec(f"engine.images.decoders.{row.decoder}") is None] == []


def test_every_row_has_a_sample() -> None:
    assert {row.name for row in FORMATS} == set(SAMPLES)


@pytest.mark.parametrize("name", ["PROP.PNG", "prop.Jpeg", "砖.psb", "a.b.tga"])
def test_suffix_is_found_in_any_case(name: str) -> None:
    assert format_for(Path(name)) is not None


@pytest.mark.parametrize("name", ["prop.txt", "prop", ".png", "prop.png.part"])
def test_other_files_have_no_format(name: str) -> None:
    assert format_for(Path(name)) is None


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"TGA", "BLEND", "RAW"}))
def test_content_is_recognised_under_any_name(name: str, tmp_path: Path) -> None:
    head = write_sample(name, tmp_path).read_bytes()[:4096]
    assert identify(Path("renamed.gif"), head).name == name
    assert identify(Path("renamed"), head).name == name


def test_raw_and_tiff_share_a_signature_and_the_suffix_tells() -> None:
    head = encoded(picture(), "TIFF")[:4096]
    assert identify(Path("a.nef"), head).name == "RAW"
    assert identify(Path("a.tif"), head).name == "TIFF"
    assert identify(Path("a.png"), head).name == "TIFF"


@pytest.mark.parametrize(
    "content", [b"just some words\n", b"{}", b"<html><svg/></html>", b"PK\x03\x04 a zip", bytes(64)]
)
def test_what_is_no_image_is_unrecognised_and_the_reason_names_the_suffix(content: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        identify(Path("prop.png"), content)
    assert caught.value.fault is DecodeFault.UNRECOGNISED
    assert ".png" in caught.value.message


def test_gzip_means_something_only_under_the_right_suffix() -> None:
    assert identify(Path("a.blend"), b"\x1f\x8b\x08").name == "BLEND"
    assert identify(Path("a.svgz"), b"\x1f\x8b\x08").name == "SVG"
    with pytest.raises(DecodeError):
        identify(Path("a.png"), b"\x1f\x8b\x08")
