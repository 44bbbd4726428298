"""Makes one file of the sample library out of one or more files of a package.

Used by the build script only. Bytes are copied where nothing has to change; what is written anew carries no
metadata and comes out the same on every run with the same Pillow and psd-tools.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from PIL import Image
from psd_tools import PSDImage

if TYPE_CHECKING:
    from pathlib import Path

    from selection import Picture

FRAME_MS = 120
PAPER = (255, 255, 255)
WITHOUT_ALPHA = {".jpg", ".bmp"}
SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    ".png": {"optimize": True},
    ".jpg": {"quality": 88, "optimize": True},
    ".webp": {"quality": 85, "method": 6},
    ".tif": {"compression": "tiff_lzw"},
    ".tiff": {"compression": "tiff_lzw"},
    ".tga": {"compression": "tga_rle"},
    ".bmp": {},
}


def write_picture(picture: Picture, root: Path, library: Path) -> Path:
    """Write one picture below the library folder. Return its path."""
    target = library / picture.to
    target.parent.mkdir(parents=True, exist_ok=True)
    originals = [root / path for path in picture.paths]
    if picture.is_plain_copy:
        shutil.copyfile(originals[0], target)
    else:
        _save([_prepared(original, picture) for original in originals], target)
    target.chmod(0o644)
    return target


def _prepared(original: Path, picture: Picture) -> Image.Image:
    with Image.open(original) as opened:
        image = opened.convert("RGBA")
    if picture.crop is not None:
        image = image.crop(picture.crop.box)
        image = image.crop(image.getchannel("A").getbbox())
    if picture.scale > 1:
        image = image.resize((image.width * picture.scale, image.height * picture.scale), Image.Resampling.NEAREST)
    if picture.fit is not None:
        image.thumbnail((picture.fit, picture.fit), Image.Resampling.LANCZOS)
    return image if image.getchannel("A").getextrema() != (255, 255) else image.convert("RGB")


def _save(frames: list[Image.Image], target: Path) -> None:
    match target.suffix:
        case ".gif":
            _save_animation(frames, target)
        case ".psd":
            # Photoshop takes the fourth channel of a file without layers for a mask, not for transparency.
            PSDImage.frompil(_on_paper(frames[0])).save(target)
        case suffix if suffix in WITHOUT_ALPHA:
            _on_paper(frames[0]).save(target, **SAVE_OPTIONS[suffix])
        case suffix:
            frames[0].save(target, **SAVE_OPTIONS[suffix])


def _save_animation(frames: list[Image.Image], target: Path) -> None:
    first, *rest = frames
    first.save(target, save_all=True, append_images=rest, duration=FRAME_MS, loop=0, disposal=2)


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper
