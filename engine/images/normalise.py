"""From what a decoder hands back to upright sRGB of bounded size; called by `decode` only.

Invariant: the result is RGB, or RGBA if some pixel is not opaque, and is never larger than the picture was.
"""

from __future__ import annotations

import io
import logging

import numpy as np
from PIL import Image, ImageCms

from engine.images.picture import Picture
from engine.images.shrink import shrunk

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))

_LOG = logging.getLogger(__name__)
_EIGHT_BIT = frozenset({"RGB", "RGBA", "L", "LA", "CMYK", "LAB"})
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright_srgb(picture: Picture, edge: int) -> Image.Image:
    """Return the picture upright, in sRGB, RGB or RGBA, with a long edge of at most `edge` pixels."""
    profile = picture.image.info.get("icc_profile")
    image = shrunk(_eight_bit(picture.image), edge)
    image = _without_idle_alpha(_srgb(image, profile))
    turn = _TRANSPOSITIONS.get(picture.orientation)
    upright = image.transpose(turn) if turn is not None else image.copy()
    upright.info.clear()  # places and persons that EXIF names must not ride along into what is saved from this
    return upright


def upright_size(picture: Picture) -> tuple[int, int]:
    """Return the original's width and height as seen upright."""
    if picture.orientation >= 5:
        return picture.height, picture.width
    return picture.width, picture.height


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.has_transparency_data and image.mode not in ("RGBA", "LA"):
        return image.convert("RGBA")
    if image.mode in _EIGHT_BIT:
        return image
    if image.mode[0] in "IF":
        return _scaled_grey(image)
    return image.convert("L" if image.mode == "1" else "RGB")


def _scaled_grey(image: Image.Image) -> Image.Image:
    """Bring deep greys to 8 bits: floats of 0…1 and integers of a whole bit depth keep black and white where they are;
    anything else (heights, depths, negative values) is stretched over its own range."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and image.mode[0] == "I":
        low, high = 0.0, float((1 << max(8, int(high).bit_length())) - 1)
    elif low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    scaled = (values - low) * (255.0 / max(high - low, 1e-12))
    return Image.fromarray(np.rint(scaled).astype(np.uint8))


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "LAB":
        return _transformed(image, LAB, "RGB")
    target = "RGBA" if image.mode in ("RGBA", "LA") else "RGB"
    if not profile:
        return image if image.mode == target else image.convert(target)
    try:
        return _through_profile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), target)
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        _LOG.debug("colour profile ignored: %s", error)
        return image.convert(target)


def _through_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile, target: str) -> Image.Image:
    if "srgb" in (profile.profile.profile_description or "").lower():
        return image.convert(target)
    if target == "RGB":
        return _transformed(image, profile, "RGB")
    alpha = image.getchannel("A")
    opaque = _transformed(image.convert(image.mode.removesuffix("A")), profile, "RGB")
    opaque.putalpha(alpha)
    return opaque


def _transformed(image: Image.Image, profile: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    transform = ImageCms.buildTransform(profile, SRGB, image.mode, mode, ImageCms.Intent.RELATIVE_COLORIMETRIC)
    result = transform.apply(image)
    assert result is not None
    return result


def _without_idle_alpha(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image
