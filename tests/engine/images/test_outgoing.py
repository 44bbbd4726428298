"""What leaves the machine is the picture and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from engine.errors import DecodeError, DecodeFault
from engine.images.decode import decode_image
from engine.images.outgoing import EncodedPicture, OutgoingLimits, encode_outgoing
from engine.images.picture import DecodeLimits
from tests.engine.images.samples import BLUE, RED, encoded, picture

SECRETS = (b"Secret Camera", b"GPS", b"Exif", b"Lisbon", b"Photoshop", b"adobe", b"ICC_PROFILE", b"iCCP", b"private")


def outgoing(data: bytes, limits: OutgoingLimits | None = None, name: str = "x.png") -> EncodedPicture:
    limits = limits or OutgoingLimits()
    return encode_outgoing(decode_image(Path(name), DecodeLimits(edge=limits.edge), data=data).image, limits)


def opened(sent: EncodedPicture) -> Image.Image:
    image = Image.open(io.BytesIO(sent.data))
    image.load()
    return image


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    values = np.random.default_rng(1).integers(0, 256, (size[1], size[0], len(mode)), np.uint8)
    return Image.fromarray(values)


def personal_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Secret Camera", "Secret Camera 5"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = "Lisbon"
    return exif


def test_camera_place_profile_packet_and_comment_stay_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    jpeg = encoded(
        picture(600, 400), "JPEG", exif=personal_exif(), icc_profile=profile, comment=b"private",
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Photoshop</x:xmpmeta>",
    )  # fmt: skip
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "private")
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Photoshop</x:xmpmeta>")
    png = encoded(picture(600, 400), "PNG", exif=personal_exif(), icc_profile=profile, pnginfo=texts)
    for original in (jpeg, png):
        assert sum(secret in original for secret in SECRETS) >= 4
        sent = outgoing(original)
        assert not [secret for secret in SECRETS if secret in sent.data]
        assert not set(opened(sent).info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_orientation_is_in_the_pixels() -> None:
    sent = outgoing(encoded(picture(600, 400), "JPEG", exif=personal_exif(orientation=6), quality=95))
    assert (sent.width, sent.height) == (400, 600) == opened(sent).size
    assert np.allclose(opened(sent).getpixel((200, 100)), RED, atol=8)
    assert np.allclose(opened(sent).getpixel((200, 500)), BLUE, atol=8)


def test_colours_of_another_space_become_srgb() -> None:
    lab = picture(300, 200).convert("RGB")
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    tiff = encoded(ImageCms.applyTransform(lab, to_lab), "TIFF")
    assert np.allclose(opened(outgoing(tiff)).getpixel((50, 100)), RED, atol=12)


def test_large_pictures_shrink_to_the_limit_and_small_ones_stay() -> None:
    assert (outgoing(encoded(picture(3000, 1500), "JPEG")).width) == 1536
    assert (outgoing(encoded(picture(300, 150), "PNG")).width) == 300


def test_transparency_is_kept_as_png() -> None:
    image = noise((900, 600)).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 300, 600))
    sent = outgoing(encoded(image, "PNG"))
    assert sent.media_type == "image/png"
    assert opened(sent).getchannel("A").getextrema() == (0, 255)


def test_pixel_art_is_sent_without_loss_and_photographs_as_jpeg() -> None:
    sprite = noise((64, 64))
    sent = outgoing(encoded(sprite, "PNG"))
    assert sent.media_type == "image/png"
    assert np.array_equal(np.asarray(opened(sent)), np.asarray(sprite))
    assert outgoing(encoded(noise((640, 480)), "PNG")).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_byte_limit_holds(mode: str) -> None:
    limits = OutgoingLimits(max_bytes=300_000)
    original = encoded(noise((1500, 1000), mode), "PNG")
    sent = outgoing(original, limits)
    assert len(sent.data) <= 300_000 < len(outgoing(original).data)
    assert opened(sent).size == (sent.width, sent.height)


def test_a_limit_that_no_picture_fits_is_an_error_with_advice() -> None:
    with pytest.raises(DecodeError) as caught:
        outgoing(encoded(noise((400, 400)), "PNG"), OutgoingLimits(max_bytes=2000))
    assert caught.value.fault == DecodeFault.TOO_MANY_BYTES
    assert caught.value.hint
