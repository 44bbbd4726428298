"""Provenance travels inside the file, and the pixels stay as they are."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from engine.images.provenance import ProvenanceImpossible, SourceType, find_provenance, with_provenance
from engine.images.result import check_result
from tests.engine.images.samples import encoded, picture

PROVENANCE = {
    "prompt": 'Dress "the person" in <image 2> & 戴着火焰皇冠',
    "model": "some-model",
    "references": [{"name": "皇冠.png", "role": "accessory"}],
    "price_usd": "0.0336",
}
FILES = {
    "png": lambda: encoded(picture(), "PNG"),
    "jpeg": lambda: encoded(picture(), "JPEG"),
    "jpeg with exif": lambda: encoded(picture(), "JPEG", exif=_exif()),
    "webp lossy": lambda: encoded(picture(), "WEBP", quality=80),
    "webp lossless": lambda: encoded(picture(), "WEBP", lossless=True),
    "webp alpha": lambda: encoded(_with_hole(), "WEBP", lossless=True),
    "webp extended": lambda: encoded(_with_hole(), "WEBP", exif=_exif()),
}


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    return exif


def _with_hole() -> Image.Image:
    image = picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 10, 10))
    return image


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


@pytest.mark.parametrize("name", FILES)
def test_provenance_comes_back_and_pixels_stay(name: str) -> None:
    data = FILES[name]()
    marked = with_provenance(data, PROVENANCE, SourceType.GENERATED)
    assert find_provenance(marked) == PROVENANCE
    assert np.array_equal(pixels(marked), pixels(data))
    assert check_result(marked) == check_result(data)


@pytest.mark.parametrize("name", FILES)
def test_other_programs_read_the_packet(name: str) -> None:
    marked = with_provenance(FILES[name](), PROVENANCE, SourceType.GENERATED_FROM_PICTURES)
    with Image.open(io.BytesIO(marked)) as image:
        packet = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    packet = packet.decode() if isinstance(packet, bytes) else packet
    tree = ElementTree.fromstring(re.sub(r"<\?xpacket[^>]*\?>", "", packet))
    source = tree.find(".//{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    assert source is not None
    assert source.text == str(SourceType.GENERATED_FROM_PICTURES)


@pytest.mark.parametrize("name", FILES)
def test_a_second_provenance_replaces_the_first(name: str) -> None:
    once = with_provenance(FILES[name](), PROVENANCE, SourceType.GENERATED)
    twice = with_provenance(once, {"parent": 7}, SourceType.GENERATED)
    assert find_provenance(twice) == {"parent": 7}
    assert b"some-model" not in twice


def test_a_packet_that_was_there_keeps_what_it_says() -> None:
    other = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    marked = with_provenance(encoded(picture(), "JPEG", xmp=other), PROVENANCE, SourceType.GENERATED)
    assert b'dc:format="image/jpeg"' in marked
    assert find_provenance(marked) == PROVENANCE


def test_files_without_provenance_say_so() -> None:
    for make in FILES.values():
        assert find_provenance(make()) is None
    assert find_provenance(b"no picture") is None
    assert find_provenance(b"\x89PNG\r\n\x1a\n\0\0") is None


def test_what_cannot_carry_it_is_an_error_with_advice() -> None:
    with pytest.raises(ProvenanceImpossible) as caught:
        with_provenance(encoded(picture(), "GIF"), PROVENANCE, SourceType.GENERATED)
    assert caught.value.hint
    with pytest.raises(ProvenanceImpossible, match="does not fit"):
        with_provenance(encoded(picture(), "JPEG"), {"prompt": "x" * 70_000}, SourceType.GENERATED)
