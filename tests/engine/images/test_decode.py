"""Every format gives its picture, upright and in sRGB, with its facts."""

from __future__ import annotations

import io
import struct
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, TiffImagePlugin

from engine.errors import DecodeError, DecodeFault
from engine.images.decode import DecodedImage, DecodeLimits, decode_image
from tests.engine.images.samples import (
    BLUE,
    HEIGHT,
    MERGED,
    RED,
    SAMPLES,
    WIDTH,
    archive,
    blend,
    clip,
    encoded,
    exr,
    gzipped_blend,
    hdr,
    picture,
    psd,
    svg,
    write_sample,
)

LIMITS = DecodeLimits()


def decoded(data: bytes, name: str = "file.png", limits: DecodeLimits = LIMITS) -> DecodedImage:
    return decode_image(Path(name), limits, data=data)


def pixel(image: Image.Image, across: float, down: float = 0.5) -> tuple[int, ...]:
    return tuple(image.getpixel((int(image.width * across), int(image.height * down))))  # type: ignore[arg-type]


def near(one: tuple[int, ...], other: tuple[int, ...], within: int = 12) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def shows_red_and_blue(image: Image.Image) -> bool:
    return near(pixel(image, 0.2)[:3], RED) and near(pixel(image, 0.8)[:3], BLUE)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"RAW"}))
def test_format_decodes_to_its_picture(name: str, tmp_path: Path) -> None:
    result = decode_image(write_sample(name, tmp_path), LIMITS)
    assert shows_red_and_blue(result.image)
    assert result.facts.format == name
    assert (result.facts.width, result.facts.height) == ((960, 640) if name == "CLIP" else (WIDTH, HEIGHT))
    assert result.facts.frames == 1
    assert sum(colour.share for colour in result.facts.palette[:2]) > 0.9
    assert result.image.info == {}


def test_raw_without_a_preview_is_developed_at_half_size(tmp_path: Path) -> None:
    result = decode_image(write_sample("RAW", tmp_path), LIMITS)
    assert result.image.size == (WIDTH // 2, HEIGHT // 2)
    assert (result.facts.width, result.facts.height) == (WIDTH, HEIGHT)
    left, right = pixel(result.image, 0.2), pixel(result.image, 0.8)
    assert left[0] > left[2]
    assert right[2] > right[0]


def test_misnamed_file_is_decoded_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "really_a_jpeg.png"
    path.write_bytes(encoded(picture(), "JPEG"))
    assert decode_image(path, LIMITS).facts.format == "JPEG"


def test_one_pixel_is_a_picture() -> None:
    result = decoded(encoded(Image.new("RGBA", (1, 1), (10, 20, 30, 40)), "PNG"))
    assert (result.image.size, result.facts.has_alpha) == ((1, 1), True)


def test_a_path_that_is_not_utf8_is_opened(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("names are bytes on Linux only")
    path = tmp_path / "prop\udcff.png"
    path.write_bytes(encoded(picture(), "PNG"))
    assert decode_image(path, LIMITS).facts.width == WIDTH


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_large_pictures_shrink_to_the_edge_and_keep_their_size_in_the_facts(kind: str) -> None:
    result = decoded(encoded(picture(1500, 600), kind), limits=DecodeLimits(edge=200))
    assert result.image.size == (200, 80)
    assert (result.facts.width, result.facts.height) == (1500, 600)
    assert shows_red_and_blue(result.image)


def test_small_pictures_are_never_enlarged() -> None:
    assert decoded(encoded(picture(20, 10), "PNG")).image.size == (20, 10)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = picture()
    image.paste((240, 240, 0), (0, 0, 20, 20))
    stored = image.transpose(undo[orientation]) if orientation > 1 else image
    exif = Image.Exif()
    exif[274] = orientation
    result = decoded(encoded(stored, kind, exif=exif))
    assert result.image.size == (WIDTH, HEIGHT)
    assert (result.facts.width, result.facts.height) == (WIDTH, HEIGHT)
    assert near(pixel(result.image, 0.1, 0.15), (240, 240, 0), 40)
    assert shows_red_and_blue(result.image)


def test_heic_is_turned_once() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    exif = Image.Exif()
    exif[274] = 6
    stream = io.BytesIO()
    pillow_heif.from_pillow(picture().transpose(Image.Transpose.ROTATE_90)).save(
        stream, quality=95, exif=exif.tobytes()
    )
    result = decoded(stream.getvalue(), "photo.heic")
    assert (result.facts.width, result.facts.height) == (WIDTH, HEIGHT)
    assert shows_red_and_blue(result.image)


def exif_of_a_camera() -> Image.Exif:
    exif = Image.Exif()
    exif[271], exif[272] = "Canon", "Canon EOS R5\0\0"
    exif.get_ifd(0x8769)[36867] = "2024:03:09 17:05:59"
    exif.get_ifd(0x8769)[36881] = "+08:00"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    return exif


def test_capture_time_and_camera_are_read_and_the_place_is_not() -> None:
    facts = decoded(encoded(picture(), "JPEG", exif=exif_of_a_camera())).facts
    assert facts.captured_at == "2024-03-09T17:05:59+08:00"
    assert facts.camera == "Canon EOS R5"
    assert "52" not in repr(facts).replace("0.", "")


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "yesterday", "2024:13:45 10:00:00", ""])
def test_a_capture_time_that_is_none_is_left_out(text: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = text
    assert decoded(encoded(picture(), "JPEG", exif=exif)).facts.captured_at is None


def test_damaged_exif_costs_the_facts_and_not_the_picture() -> None:
    exif = bytearray(exif_of_a_camera().tobytes())
    exif[20:] = bytes(255 - byte for byte in exif[20:])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shows_red_and_blue(decoded(encoded(picture(), "JPEG", exif=bytes(exif))).image)


def swapped_profile() -> bytes:
    """An sRGB profile whose red and blue primaries are exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    at = {bytes(data[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, blue = (bytes(data[at[name] + 4 : at[name] + 12]) for name in (b"rXYZ", b"bXYZ"))
    data[at[b"rXYZ"] + 4 : at[b"rXYZ"] + 12], data[at[b"bXYZ"] + 4 : at[b"bXYZ"] + 12] = blue, red
    return bytes(data).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colour_profile_is_brought_to_srgb(mode: str) -> None:
    image = picture().quantize(8) if mode == "P" else picture().convert(mode)
    if mode == "RGBA":
        image.putalpha(200)
    result = decoded(encoded(image, "PNG", icc_profile=swapped_profile())).image
    assert near(pixel(result, 0.2)[:3], BLUE, 20)
    assert near(pixel(result, 0.8)[:3], RED, 20)
    assert mode != "RGBA" or pixel(result, 0.2)[3] == 200


@pytest.mark.parametrize("profile", [b"not a profile", bytes(200), swapped_profile()[:150]])
def test_a_corrupt_colour_profile_is_ignored(profile: bytes) -> None:
    assert shows_red_and_blue(decoded(encoded(picture(), "PNG", icc_profile=profile)).image)


def test_a_profile_of_another_colour_space_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert shows_red_and_blue(decoded(encoded(picture(), "PNG", icc_profile=lab)).image)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_inverted(kind: str) -> None:
    assert near(pixel(decoded(encoded(picture().convert("CMYK"), kind)).image, 0.2), RED, 20)


def test_lab_becomes_rgb() -> None:
    lab = Image.new("LAB", (4, 4), (255, 128, 128))
    assert near(pixel(decoded(encoded(lab, "TIFF")).image, 0.5), (255, 255, 255))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 32768, 65535]], np.uint16), (0, 128, 255)),
        (np.array([[0, 2048, 4095]], np.uint16), (0, 128, 255)),
        (np.array([[0, 128, 255]], np.int32), (0, 128, 255)),
        (np.array([[-500, 0, 500]], np.int32), (0, 128, 255)),
        (np.array([[0.0, 0.5, 1.0]], np.float32), (0, 128, 255)),
        (np.array([[0.0, 0.25, 0.5]], np.float32), (0, 64, 128)),
        (np.array([[100.0, 150.0, 200.0]], np.float32), (0, 128, 255)),
        (np.array([[np.nan, 0.5, 1.0]], np.float32), (0, 128, 255)),
    ],
)
def test_deep_greys_are_scaled_sensibly(values: np.ndarray, expected: tuple[int, ...]) -> None:
    result = np.asarray(decoded(encoded(Image.fromarray(values), "TIFF"), "depth.tif").image)
    assert np.abs(result[0, :, 0].astype(int) - expected).max() <= 1


def test_sixteen_bit_png_keeps_its_brightness() -> None:
    image = Image.fromarray(np.full((8, 8), 40000, np.uint16))
    assert pixel(decoded(encoded(image, "PNG")).image, 0.5) == (156, 156, 156)


def test_one_bit_pictures_are_black_and_white() -> None:
    image = Image.new("1", (8, 8), 1)
    image.paste(0, (0, 0, 4, 8))
    result = decoded(encoded(image, "PNG")).image
    assert (pixel(result, 0.1), pixel(result, 0.9)) == ((0, 0, 0), (255, 255, 255))


@pytest.mark.parametrize(
    ("image", "transparency"),
    [
        (picture().convert("P"), 0),
        (picture().convert("P"), bytes([0, 128] + [255] * 254)),
        (picture().convert("L"), picture().convert("L").getpixel((0, 0))),
        (picture(), RED),
    ],
)
def test_transparency_of_palettes_and_keys_is_kept(image: Image.Image, transparency: object) -> None:
    if image.mode == "P":
        image.paste(0, (0, 0, 20, HEIGHT))
    result = decoded(encoded(image, "PNG", transparency=transparency))
    assert result.facts.has_alpha
    assert pixel(result.image, 0.05)[3] == 0
    assert pixel(result.image, 0.9)[3] in (128, 255)


def test_grey_with_alpha_is_kept() -> None:
    assert decoded(encoded(Image.new("LA", (4, 4), (100, 50)), "PNG")).image.getpixel((1, 1)) == (100, 100, 100, 50)


def test_an_alpha_channel_that_hides_nothing_is_no_alpha() -> None:
    image = picture().convert("RGBA")
    assert not decoded(encoded(image, "PNG")).facts.has_alpha
    image.putpixel((3, 3), (0, 0, 0, 254))
    assert decoded(encoded(image, "PNG")).facts.has_alpha


def test_shrinking_does_not_bleed_the_colour_of_transparent_pixels() -> None:
    image = Image.new("RGBA", (400, 400), (0, 255, 0, 0))
    image.paste((*RED, 255), (100, 100, 300, 300))
    small = np.asarray(decoded(encoded(image, "PNG"), limits=DecodeLimits(edge=50)).image)
    assert small[small[..., 3] > 20][:, 1].max() <= RED[1] + 5


def moving(kind: str) -> bytes:
    """Three frames: empty, the picture with detail, empty again."""
    detailed = picture()
    for step in range(0, WIDTH, 6):
        detailed.paste((step * 2, 255 - step, 60), (step, step // 2, step + 4, HEIGHT))
    blank = Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    return encoded(blank, kind, save_all=True, append_images=[detailed, blank.copy()], duration=100)


@pytest.mark.parametrize(("kind", "name"), [("GIF", "a.gif"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif")])
def test_animation_shows_a_telling_frame_and_not_the_blank_first(kind: str, name: str) -> None:
    result = decoded(moving(kind), name)
    assert result.facts.frames == 3
    assert len(result.facts.palette) > 2


def test_animation_that_is_cut_anywhere_after_its_first_frame_still_shows_it() -> None:
    frames = [Image.effect_noise((16, 16), 80).convert("P") for _ in range(2)]
    for index, frame in enumerate(frames):
        frame.putpalette([(index * 50 + value) % 256 for value in range(768)])
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    # The second frame, with a palette of its own, fills the second half.
    for end in range(len(data) // 2 + 30, len(data)):
        assert decoded(data[:end], "a.gif").image.size == (16, 16)


def test_only_a_bounded_part_of_a_long_animation_is_looked_at() -> None:
    frames = [Image.new("L", (16, 16), index % 250) for index in range(400)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decoded(data, "a.gif").facts.frames == 400


def test_pages_of_a_tiff_are_counted_and_the_first_is_shown() -> None:
    data = encoded(picture(), "TIFF", save_all=True, append_images=[Image.new("RGB", (10, 10))] * 2)
    result = decoded(data, "scan.tif")
    assert (result.facts.frames, result.facts.width) == (3, WIDTH)


def test_warnings_of_pillow_never_leave(recwarn: pytest.WarningsRecorder) -> None:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[270] = "prop"
    data = encoded(picture(), "TIFF", tiffinfo=info).replace(
        struct.pack("<HHI", 270, 2, 5), struct.pack("<HHI", 270, 2, 10**6)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shows_red_and_blue(decoded(data, "a.tif").image)
    assert not recwarn.list


def test_transparent_fourth_channel_of_a_psd_is_alpha_and_a_saved_mask_is_not() -> None:
    assert decoded(psd(channels=4, layers=-1), "a.psd").facts.has_alpha
    assert not decoded(psd(channels=4, layers=1), "a.psd").facts.has_alpha
    assert not decoded(psd(channels=4), "a.psd").facts.has_alpha


def layered_psd(version: int) -> bytes:
    psd_tools = pytest.importorskip("psd_tools")
    document = psd_tools.PSDImage.new("RGB", (WIDTH, HEIGHT), color=255)
    document._record.header.version = version  # before the layer, whose row lengths are wider in a PSB
    document.create_pixel_layer(picture(), name="prop")
    info = psd_tools.psd.image_resources.ImageResource(
        key=1057, data=struct.pack(">IB", 1, 0) + struct.pack(">II", 0, 0) + struct.pack(">I", 1)
    )
    document._record.image_resources[1057] = info
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("version", [1, 2])
def test_psd_without_a_real_composite_is_made_from_its_layers(version: int) -> None:
    result = decoded(layered_psd(version), "a.psd" if version == 1 else "a.psb")
    assert shows_red_and_blue(result.image)


def test_psd_with_neither_composite_nor_layers_says_so() -> None:
    pytest.importorskip("psd_tools")
    with pytest.raises(DecodeError) as caught:
        decoded(psd(has_real_composite=False), "a.psd")
    assert caught.value.fault is DecodeFault.NO_PREVIEW


def test_a_missing_optional_decoder_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psd_tools", None)
    with pytest.raises(DecodeError) as caught:
        decoded(psd(has_real_composite=False), "a.psd")
    assert caught.value.fault is DecodeFault.MISSING_DECODER
    assert "pip install propmaster[psd]" in caught.value.hint


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="72pt" height="48pt"', (96, 64)),
        ('width="25.4mm" height="1in"', (96, 96)),
        ('viewBox="0 0 48 32"', (48, 32)),
        ('width="100%" height="100%" viewBox="0 0 96 64"', (96, 64)),
        ('width="192" viewBox="0 0 96 64"', (192, 128)),
        ('width="0" height="64" viewBox="0,0,96,64"', (96, 64)),
        ("", (512, 342)),
    ],
)
def test_svg_sizes_in_any_unit_are_rendered(attributes: str, size: tuple[int, int]) -> None:
    result = decoded(svg(attributes=attributes), "a.svg")
    assert (result.facts.width, result.facts.height) == size
    assert max(result.image.size) == 512
    assert near(pixel(result.image, 0.2, 0.3)[:3], RED)


def test_svgz_and_text_are_rendered() -> None:
    import gzip

    assert shows_red_and_blue(decoded(gzip.compress(svg("<text x='5' y='9'>a</text>")), "a.svgz").image)


@pytest.mark.parametrize("reference", ["{path}", "file://{path}", "secret.png", "http://127.0.0.1:9/a.png"])
@pytest.mark.parametrize("element", ["image", "feImage"])
def test_svg_reads_no_other_file(element: str, reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (8, 8), (0, 255, 0)).save(tmp_path / "secret.png")
    monkeypatch.chdir(tmp_path)
    href = reference.format(path=tmp_path / "secret.png")
    used = f'<{element} href="{href}" width="96" height="64"/>'
    body = (
        used if element == "image" else f'<filter id="f">{used}</filter><rect width="96" height="64" filter="url(#f)"/>'
    )
    colours = np.asarray(decoded(svg(body), "a.svg").image.convert("RGB")).reshape(-1, 3)
    assert not (colours == (0, 255, 0)).all(axis=1).any()


def test_svg_entities_cannot_grow_without_bound() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "aaaaaaaaaa">{entities}]><svg>&e11;</svg>'
    with pytest.raises(DecodeError):
        decoded(bomb.encode(), "a.svg")


@pytest.mark.parametrize("write", [lambda: blend("old"), lambda: blend("4-byte"), lambda: blend("new"), gzipped_blend])
def test_blender_thumbnails_of_every_age_are_found(write: object) -> None:
    assert shows_red_and_blue(decoded(write(), "a.blend").image)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.blend", blend(has_thumbnail=False)),
        ("a.clip", clip(None)),
        ("a.kra", archive("application/x-krita", {"maindoc.xml": b"<DOC/>"})),
    ],
)
def test_a_document_without_a_preview_says_so(name: str, data: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        decoded(data, name)
    assert caught.value.fault is DecodeFault.NO_PREVIEW
    assert caught.value.hint


def test_archive_whose_mimetype_is_not_first_is_read() -> None:
    data = archive("application/x-krita", MERGED)
    assert shows_red_and_blue(decoded(data.replace(b"mimetype", b"mimetypo"), "a.kra").image)


@pytest.mark.parametrize("is_flat", [True, False])
def test_radiance_is_read_flat_and_run_length_coded(is_flat: bool) -> None:
    assert shows_red_and_blue(decoded(hdr(is_flat=is_flat), "a.hdr").image)


@pytest.mark.parametrize(("data", "name"), [(hdr(brightness=400), "a.hdr"), (hdr(brightness=400), "b.rgbe")])
def test_scene_brighter_than_the_display_is_mapped_and_not_burnt_out(data: bytes, name: str) -> None:
    image = decoded(data, name).image
    assert pixel(image, 0.2)[0] > 2 * pixel(image, 0.2)[2]
    assert pixel(image, 0.8)[2] > 2 * pixel(image, 0.8)[0]


def test_exr_is_mapped_and_keeps_its_alpha() -> None:
    assert pixel(decoded(exr(50), "a.exr").image, 0.2)[0] > 100
    translucent = decoded(exr(alpha=0.5), "a.exr").image
    assert abs(pixel(translucent, 0.2)[3] - 128) <= 1
    assert near(pixel(translucent, 0.2)[:3], RED)


def test_many_threads_decode_at_once(tmp_path: Path) -> None:
    names = [name for name in SAMPLES if name not in ("RAW", "EXR", "JXL", "HEIC")] * 4
    folders = [tmp_path / str(index) for index in range(len(names))]
    for folder in folders:
        folder.mkdir()
    paths = [write_sample(name, folder) for name, folder in zip(names, folders, strict=True)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda path: decode_image(path, LIMITS), paths))
    assert [result.facts.format for result in results] == names
    assert all(shows_red_and_blue(result.image) for result in results)
