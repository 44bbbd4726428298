"""Every file that gives no picture says why, and costs neither memory nor time first."""

from __future__ import annotations

import os
import random
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.decode import DecodeLimits, decode_image
from engine.images.formats import FORMATS
from tests.engine.images.samples import SAMPLES, archive, blend, clip, encoded, exr, hdr, jxl, psd, svg, write_sample

LIMITS = DecodeLimits()


def fault_of(path: Path, limits: DecodeLimits = LIMITS, data: bytes | None = None) -> DecodeFault:
    with pytest.raises(DecodeError) as caught:
        decode_image(path, limits, data=data)
    assert caught.value.message.strip()
    return caught.value.fault


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def png_bomb(edge: int) -> bytes:
    """A valid PNG of one colour, a thousand times larger unpacked."""
    rows = zlib.compress(bytes((edge * 4 + 1) * edge), 9)
    chunk = b"IDAT" + rows
    end = b"\0\0\0\0IEND\xae\x42\x60\x82"
    return png_header(edge, edge) + struct.pack(">I", len(rows)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + end


def huge_png() -> bytes:
    return png_header(30_000, 30_000) + struct.pack(">I", 64) + b"IDAT" + bytes(64)


def ico_that_lies() -> bytes:
    inner = huge_png()
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(inner), 22) + inner


def bmp_header(width: int, height: int) -> bytes:
    return struct.pack("<2sIII IiiHHIIiiII", b"BM", 100, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(46)


def huge_hdr() -> bytes:
    return hdr().replace(b"-Y 64 +X 96", b"-Y 30000 +X 30000")


def huge_exr() -> bytes:
    data = exr()
    at = data.index(b"dataWindow\0box2i\0") + len(b"dataWindow\0box2i\0") + 4
    return data[:at] + struct.pack("<iiii", 0, 0, 29_999, 29_999) + data[at + 16 :]


def huge_jxl() -> bytes:
    bits = 0 | (3 << 1) | (29_999 << 3) | (1 << 33)  # not small, 30-bit height, ratio 1:1
    return b"\xff\x0a" + bits.to_bytes(8, "little") + jxl()[10:]


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "prop.png"
    path.touch()
    assert fault_of(path) is DecodeFault.EMPTY


def test_vanished_file(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "prop.png") is DecodeFault.VANISHED


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_forbidden_file(tmp_path: Path) -> None:
    path = write_sample("PNG", tmp_path)
    path.chmod(0)
    assert fault_of(path) is DecodeFault.ACCESS_DENIED


def test_refusal_of_the_system_is_access_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert fault_of(tmp_path / "prop.png") is DecodeFault.ACCESS_DENIED


def test_a_folder_named_like_a_picture_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    assert fault_of(tmp_path / "folder.png") in (DecodeFault.UNREADABLE, DecodeFault.ACCESS_DENIED)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".svg", ".tga", ".kra", ".blend", ".dng", ".gif", ".heic"])
def test_words_under_a_picture_name_are_no_picture(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"notes{suffix}"
    path.write_text("Buy milk. " * 30, encoding="utf-8")
    assert fault_of(path) in (DecodeFault.UNRECOGNISED, DecodeFault.CORRUPT)


NOISE = Image.effect_noise((160, 120), 90).convert("RGB")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "TGA", "DDS", "AVIF", "ICO"])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.97])
def test_truncated_pictures_are_called_truncated(kind: str, kept: float, tmp_path: Path) -> None:
    data = encoded(NOISE, kind, sizes=[(128, 96)]) if kind == "ICO" else encoded(NOISE, kind)
    path = tmp_path / f"prop{SAMPLES[kind][0]}"
    path.write_bytes(data[: int(len(data) * kept)])
    assert fault_of(path) is DecodeFault.TRUNCATED


@pytest.mark.parametrize("name", ["PSD", "KRA", "ORA", "CLIP", "HDR", "SVG", "HEIC", "BLEND", "JXL", "EXR", "RAW"])
def test_truncated_documents_fail_with_a_reason(name: str, tmp_path: Path) -> None:
    path = write_sample(name, tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.6)])
    assert fault_of(path) in (DecodeFault.TRUNCATED, DecodeFault.CORRUPT)


@pytest.mark.parametrize("name", ["KRA", "ORA", "CLIP", "HDR", "SVG"])
def test_truncated_documents_of_our_own_decoders_are_called_truncated(name: str, tmp_path: Path) -> None:
    path = write_sample(name, tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.6)])
    assert fault_of(path) is DecodeFault.TRUNCATED


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_damaged_files_of_every_format_end_in_a_picture_or_a_reason(name: str, tmp_path: Path) -> None:
    if next(row for row in FORMATS if row.name == name).isolated and name not in ("PSD", "HDR", "SVG"):
        pytest.skip("native decoders are damaged in the child process only, in test_isolation")
    path = write_sample(name, tmp_path)
    good = path.read_bytes()
    dice = random.Random(7)
    for _ in range(25):
        bad = bytearray(good)
        for _ in range(dice.randint(1, 12)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        with suppress(DecodeError):  # whatever else comes out fails the test
            assert decode_image(path, LIMITS, data=bytes(bad)).facts.width > 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", huge_png()),
        ("a.bmp", bmp_header(30_000, 30_000)),
        ("a.ico", ico_that_lies()),
        ("a.psd", psd().replace(struct.pack(">II", 64, 96), struct.pack(">II", 30_000, 30_000), 1)),
        ("a.tga", struct.pack("<BBBHHBHHHHBB", 0, 0, 10, 0, 0, 0, 0, 0, 30_000, 30_000, 24, 0) + bytes(64)),
        ("a.kra", archive("application/x-krita", {"mergedimage.png": huge_png()})),
        ("a.clip", clip(huge_png())),
        ("a.blend", blend().replace(struct.pack("<ii", 96, 64), struct.pack("<ii", 30_000, 30_000))),
        ("a.hdr", huge_hdr()),
        ("a.exr", None),
        ("a.jxl", None),
    ],
)
def test_too_many_pixels_are_refused_before_any_is_allocated(name: str, data: bytes | None) -> None:
    data = data if data is not None else {"a.exr": huge_exr, "a.jxl": huge_jxl}[name]()
    with pytest.raises(DecodeError) as caught:
        decode_image(Path(name), LIMITS, data=data)
    assert caught.value.fault is DecodeFault.TOO_MANY_PIXELS
    assert "30,000 × 30,000" in caught.value.message  # from the header, and not from a failed allocation


def test_bomb_is_refused_by_its_pixels() -> None:
    data = png_bomb(3000)
    assert len(data) < 100_000
    assert fault_of(Path("a.png"), DecodeLimits(max_pixels=1_000_000), data) is DecodeFault.TOO_MANY_PIXELS


def test_later_frame_that_outgrows_the_header_is_left_out() -> None:
    resource = pytest.importorskip("resource")
    frames = [Image.effect_noise((32, 32), 90), Image.effect_noise((32, 32), 90)]
    data = bytearray(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    second = data.rindex(b"\x2c")
    while data[second + 1 : second + 9] != struct.pack("<HHHH", 0, 0, 32, 32):
        second = data.rindex(b"\x2c", 0, second)
    data[second + 5 : second + 9] = struct.pack("<HH", 30_000, 30_000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert decode_image(Path("a.gif"), LIMITS, data=bytes(data)).image.size == (32, 32)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < peak + 200_000


def test_too_many_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = write_sample("PNG", tmp_path)
    with path.open("ab") as stream:
        stream.truncate(1 << 33)  # sparse
    assert fault_of(path) is DecodeFault.TOO_MANY_BYTES


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.kra"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("mimetype", "application/x-krita", zipfile.ZIP_STORED)
        bomb.writestr("mergedimage.png", bytes(8 << 20))
    assert fault_of(path, DecodeLimits(max_bytes=1 << 20)) is DecodeFault.TOO_MANY_BYTES


def test_zip_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ora"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("mimetype", "image/openraster", zipfile.ZIP_STORED)
        bomb.writestr("mergedimage.png", bytes(8 << 20))
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 8 << 20), struct.pack("<I", 1000)))
    assert fault_of(path, DecodeLimits(max_bytes=1 << 20)) in (DecodeFault.TOO_MANY_BYTES, DecodeFault.CORRUPT)


def test_hostile_schema_in_a_clip_file_does_not_run_on(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS ImageData, i AS ImageWidth FROM n"
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIEW CanvasPreview AS {endless}")
        database = connection.serialize()
    chunk = b"CHNKSQLi" + struct.pack(">Q", len(database)) + database
    path = tmp_path / "a.clip"
    path.write_bytes(b"CSFCHUNK" + struct.pack(">QQ", 24 + len(chunk), 24) + chunk)
    assert fault_of(path) is DecodeFault.CORRUPT


def test_xml_that_is_no_drawing_is_unrecognised() -> None:
    data = b'<?xml version="1.0"?><scene><svg/></scene>'
    assert fault_of(Path("a.svg"), data=data) is DecodeFault.UNRECOGNISED


def test_drawing_too_thin_to_render_fails_alone() -> None:
    assert decode_image(Path("a.svg"), LIMITS, data=svg(attributes='width="1000000" height="1"')).image.size == (
        1024,
        1,
    )


def test_the_reason_names_no_internals() -> None:
    with pytest.raises(DecodeError) as caught:
        decode_image(Path("a.png"), LIMITS, data=png_header(8, 8)[:-4] + bytes(400) + b"IEND")
    assert "<_io" not in caught.value.message
    assert "0x" not in caught.value.message
