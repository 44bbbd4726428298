"""OpenEXR pictures: the first part and layer that holds colours, tone-mapped; alpha kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import OpenEXR
from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource
from engine.images.tone_mapping import Floats, box_reduced, tone_mapped

_COLOUR_SETS = (("R", "G", "B"), ("r", "g", "b"), ("Y", "Y", "Y"))


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode and tone-map."""
    with source.open() as stream:
        with OpenEXR.File(stream, separate_channels=True, header_only=True) as header:
            announced = len(header.parts)
            for part in header.parts:
                limits.check_pixels(*_window_size(part.header))
        stream.seek(0)
        with OpenEXR.File(stream, separate_channels=True, num_threads=1) as file:
            if len(file.parts) < announced:  # OpenEXR prints why and leaves out the part it could not read
                raise EOFError("its pixels are cut off")
            planes = next((found for part in file.parts if (found := _colour_planes(part.channels))), None)
    if planes is None:
        raise DecodeError(
            DecodeFault.NO_PREVIEW,
            "The EXR file holds data (depth, normals, masks) but no colours.",
            "Nothing need be done.",
        )
    height, width = planes[0].shape[:2]
    linear = box_reduced(np.stack(planes, axis=-1).astype(np.float32), limits.edge)
    return Picture(_image(linear), width, height)


def _window_size(header: Mapping[str, object]) -> tuple[int, int]:
    low, high = header["dataWindow"]  # type: ignore[misc]
    return int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1  # type: ignore[has-type]


def _colour_planes(channels: Mapping[str, OpenEXR.Channel]) -> list[Floats]:
    """Return three planes, or four with alpha, of the first layer (shortest name first) that has colours."""
    prefixes = sorted(
        {name[: name.rfind(".") + 1] for name in channels}, key=lambda prefix: (prefix.count("."), prefix)
    )
    for prefix in prefixes:
        for colours in _COLOUR_SETS:
            names = [prefix + colour for colour in colours]
            if all(name in channels for name in names):
                alpha = prefix + "A"
                return [channels[name].pixels for name in [*names, *([alpha] if alpha in channels else [])]]
    return []


def _image(linear: Floats) -> Image.Image:
    if linear.shape[2] == 3:
        return Image.fromarray(tone_mapped(linear))
    alpha = np.clip(np.nan_to_num(linear[..., 3:]), 0.0, 1.0)
    straight = np.divide(linear[..., :3], alpha, out=np.zeros_like(linear[..., :3]), where=alpha > 0)  # was multiplied
    return Image.fromarray(np.dstack([tone_mapped(straight), np.rint(alpha * 255).astype(np.uint8)]))
