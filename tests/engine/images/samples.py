"""Writes one small file of every format, red on its left half and blue on its right; nothing comes from elsewhere."""

from __future__ import annotations

import gzip
import io
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import zstandard
from PIL import Image

WIDTH, HEIGHT = 96, 64
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def write_sample(name: str, folder: Path) -> Path:
    """Write the sample of one row of the table; skips the test where an optional encoder is not installed."""
    suffix, write = SAMPLES[name]
    path = folder / f"sample{suffix}"
    path.write_bytes(write())
    return path


def psd(*, version: int = 1, has_real_composite: bool = True, channels: int = 3, layers: int = 0) -> bytes:
    """A document that has only its merged composite; a negative layer count makes its fourth channel transparency."""
    version_info = struct.pack(">IB", 1, has_real_composite) + bytes(12)
    resources = (
        b"8BIM" + struct.pack(">HHI", 1057, 0, len(version_info)) + version_info + b"\0" * (len(version_info) & 1)
    )
    layer_section = struct.pack(">IIh", 6, 2, layers) if layers else struct.pack(">I", 0)
    planes = [np.asarray(plane).tobytes() for plane in picture().split()] + [bytes([128]) * (WIDTH * HEIGHT)]
    return b"".join(
        [
            b"8BPS" + struct.pack(">H6xHIIHH", version, channels, HEIGHT, WIDTH, 8, 3),
            struct.pack(">I", 0),
            struct.pack(">I", len(resources)) + resources,
            layer_section,
            struct.pack(">H", 0),
            *planes[:channels],
        ]
    )


def svg(body: str = "", attributes: str = f'width="{WIDTH}" height="{HEIGHT}"') -> bytes:
    halves = f'<rect width="48" height="64" fill="rgb{RED}"/><rect x="48" width="48" height="64" fill="rgb{BLUE}"/>'
    return f'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{halves}{body}</svg>'.encode()


def archive(mimetype: str, members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as unwritten:
        unwritten.writestr("mimetype", mimetype)
        for name, data in members.items():
            unwritten.writestr(name, data)
    return stream.getvalue()


def clip(preview: bytes | None) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE Canvas (CanvasWidth REAL, CanvasHeight REAL)")
        connection.execute("INSERT INTO Canvas VALUES (960.0, 640.0)")
        connection.execute("CREATE TABLE CanvasPreview (ImageType, ImageWidth, ImageHeight, ImageData BLOB)")
        if preview is not None:
            connection.execute("INSERT INTO CanvasPreview VALUES (1, ?, ?, ?)", (WIDTH, HEIGHT, preview))
        connection.commit()
        database = connection.serialize()
    chunks = [(b"Head", bytes(40)), (b"Exta", b"layer data"), (b"SQLi", database), (b"Foot", b"")]
    body = b"".join(b"CHNK" + kind + struct.pack(">Q", len(data)) + data for kind, data in chunks)
    return b"CSFCHUNK" + struct.pack(">QQ", 24 + len(body), 24) + body


def blend(layout: str = "old", *, has_thumbnail: bool = True) -> bytes:
    """`layout` is "old" (8-byte addresses), "4-byte" (big-endian) or "new" (Blender 5)."""
    endian = ">" if layout == "4-byte" else "<"
    pixels = picture().convert("RGBA").transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()
    blocks = [(b"REND", bytes(72))]
    if has_thumbnail:
        blocks.append((b"TEST", struct.pack(endian + "ii", WIDTH, HEIGHT) + pixels))
    blocks.append((b"GLOB", bytes(64)))
    header = {"old": b"BLENDER-v404", "4-byte": b"BLENDER_V249", "new": b"BLENDER17-01v0500"}[layout]
    return header + b"".join(_block(layout, code, data) + data for code, data in blocks)


def _block(layout: str, code: bytes, data: bytes) -> bytes:
    if layout == "new":
        return struct.pack("<4siQqq", code, 0, 0, len(data), 1)
    if layout == "4-byte":
        return struct.pack(">4siIii", code, len(data), 0, 0, 1)
    return struct.pack("<4siQii", code, len(data), 0, 0, 1)


def hdr(*, brightness: float = 1.0, is_flat: bool = False) -> bytes:
    """A Radiance picture with linear colours that encode to the samples' red and blue at brightness 1."""
    encoded_rgb = np.asarray(picture(), dtype=np.float64) / 255
    linear = brightness * np.where(encoded_rgb <= 0.04045, encoded_rgb / 12.92, ((encoded_rgb + 0.055) / 1.055) ** 2.4)
    mantissa, exponent = np.frexp(linear.max(axis=2))
    scale = mantissa * 256 / linear.max(axis=2)
    rgbe = np.dstack([linear * scale[..., None], exponent + 128]).astype(np.uint8)
    header = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {HEIGHT} +X {WIDTH}\n".encode()
    return header + (rgbe.tobytes() if is_flat else b"".join(_scan_line(row) for row in rgbe))


def _scan_line(row: np.ndarray) -> bytes:
    runs = [bytes([128 + WIDTH // 2, plane[0], WIDTH // 2, *plane[WIDTH // 2 :]]) for plane in row.T]
    return bytes([2, 2, WIDTH >> 8, WIDTH & 255]) + b"".join(runs)


def exr(brightness: float = 1.0, alpha: float | None = None) -> bytes:
    openexr = pytest.importorskip("OpenEXR")
    linear = (np.asarray(picture(), dtype=np.float32) / 255) ** 2.2 * brightness
    channels = {"RGB": linear}
    if alpha is not None:
        channels = {"RGBA": np.dstack([linear * alpha, np.full((HEIGHT, WIDTH), alpha, np.float32)])}
    path = _scratch(".exr")
    header = {"compression": openexr.ZIP_COMPRESSION, "type": openexr.scanlineimage}
    with openexr.File(header, channels) as file:
        file.write(str(path))
    return _taken(path)


def heic() -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(stream, quality=95)
    return stream.getvalue()


def jxl() -> bytes:
    imagecodecs = pytest.importorskip("imagecodecs")
    return bytes(imagecodecs.jpegxl_encode(np.asarray(picture()), lossless=True))


def dng() -> bytes:
    """The smallest DNG that LibRaw develops: an uncompressed 16-bit RGGB mosaic."""
    pytest.importorskip("rawpy")
    levels = np.asarray(picture(), dtype=np.uint16) * 256
    mosaic = levels[..., 1].copy()
    mosaic[0::2, 0::2] = levels[0::2, 0::2, 0]
    mosaic[1::2, 1::2] = levels[1::2, 1::2, 2]
    identity = [1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1]
    tags: list[tuple[int, int, list[int] | bytes]] = [
        (254, 4, [0]), (256, 4, [WIDTH]), (257, 4, [HEIGHT]), (258, 3, [16]), (259, 3, [1]), (262, 3, [32803]),
        (271, 2, b"Propmaster\0"), (272, 2, b"Sample\0"), (273, 4, [0]), (274, 3, [1]), (277, 3, [1]),
        (278, 4, [HEIGHT]), (279, 4, [mosaic.nbytes]), (284, 3, [1]),
        (33421, 3, [2, 2]), (33422, 1, b"\0\1\1\2"), (50706, 1, b"\1\4\0\0"),
        (50707, 1, b"\1\1\0\0"), (50708, 2, b"Propmaster Sample\0"), (50717, 4, [65535]), (50721, 10, identity),
        (50728, 5, [1, 1, 1, 1, 1, 1]), (50778, 3, [21]),
    ]  # fmt: skip
    return _tiff(tags, mosaic.tobytes())


def _tiff(tags: list[tuple[int, int, list[int] | bytes]], pixels: bytes) -> bytes:
    codes = {3: "H", 4: "I", 5: "I", 10: "i"}
    data_at = 8 + 2 + 12 * len(tags) + 4
    entries, data = b"", b""
    payloads = [
        (tag, kind, values if isinstance(values, bytes) else struct.pack(f"<{len(values)}{codes[kind]}", *values))
        for tag, kind, values in tags
    ]
    strip_at = data_at + sum(len(payload) + (len(payload) & 1) for _, _, payload in payloads if len(payload) > 4)
    for tag, kind, payload in payloads:
        count = len(payload) // {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 10: 8}[kind]
        value = struct.pack("<I", strip_at) if tag == 273 else payload
        if len(value) > 4:
            value, data = struct.pack("<I", data_at + len(data)), data + payload + b"\0" * (len(payload) & 1)
        entries += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + entries + bytes(4) + data + pixels


def _scratch(suffix: str) -> Path:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as file:
        return Path(file.name)


def _taken(path: Path) -> bytes:
    data = path.read_bytes()
    path.unlink()
    return data


MERGED = {"maindoc.xml": b"<DOC/>", "mergedimage.png": encoded(picture(), "PNG")}

SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PNG": (".png", lambda: encoded(picture(), "PNG")),
    "JPEG": (".jpg", lambda: encoded(picture(), "JPEG", quality=95)),
    "WEBP": (".webp", lambda: encoded(picture(), "WEBP", lossless=True)),
    "GIF": (".gif", lambda: encoded(picture(), "GIF")),
    "BMP": (".bmp", lambda: encoded(picture(), "BMP")),
    "TIFF": (".tif", lambda: encoded(picture(), "TIFF", compression="tiff_lzw")),
    "DDS": (".dds", lambda: encoded(picture(), "DDS")),
    "TGA": (".tga", lambda: encoded(picture(), "TGA", compression="tga_rle")),
    "ICO": (".ico", lambda: encoded(picture(), "ICO", sizes=[(32, 32), (WIDTH, HEIGHT)])),
    "AVIF": (".avif", lambda: encoded(picture(), "AVIF", quality=95)),
    "PSD": (".psd", psd),
    "SVG": (".svg", svg),
    "KRA": (".kra", lambda: archive("application/x-krita", MERGED)),
    "ORA": (".ora", lambda: archive("image/openraster", MERGED)),
    "CLIP": (".clip", lambda: clip(encoded(picture(), "PNG"))),
    "BLEND": (".blend", lambda: zstandard.compress(blend("new"))),
    "HDR": (".hdr", hdr),
    "HEIC": (".heic", heic),
    "EXR": (".exr", exr),
    "JXL": (".jxl", jxl),
    "RAW": (".dng", dng),
}


def gzipped_blend() -> bytes:
    return gzip.compress(blend("old"))
