"""Radiance pictures (.hdr): shared-exponent pixels, run-length coded or flat, tone-mapped.

Invariant: the size in the header is checked before pixels are allocated, and no run writes beyond its row.
Source: Greg Ward, "Real Pixels" (Graphics Gems II) and Radiance's `color.c`.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images.picture import DecodeLimits, Picture
from engine.images.source import ImageSource
from engine.images.tone_mapping import box_reduced, tone_mapped

_RESOLUTION = re.compile(rb"([+-])([XY]) (\d+) ([+-])([XY]) (\d+)\n")
_MIN_RUN_WIDTH, _MAX_RUN_WIDTH = 8, 32767
_EXPONENT_BIAS = 128 + 8


def decode(source: ImageSource, limits: DecodeLimits) -> Picture:
    """Decode and tone-map."""
    data = source.read()
    header_end = data.index(b"\n\n") + 2
    if b"32-bit_rle_xyze" in data[:header_end]:
        raise NotImplementedError("XYZ colours")
    resolution = _RESOLUTION.match(data, header_end)
    if resolution is None:
        raise ValueError("its resolution line is missing")
    rows, columns = int(resolution.group(3)), int(resolution.group(6))
    limits.check_pixels(columns, rows)
    pixels = _oriented(_rgbe(data[resolution.end() :], rows, columns), resolution)
    linear = box_reduced(_linear(pixels), limits.edge)
    height, width = pixels.shape[:2]
    return Picture(Image.fromarray(tone_mapped(linear)), width, height)


def _rgbe(data: bytes, rows: int, columns: int) -> NDArray[np.uint8]:
    if _is_run_length_coded(data, columns):
        return _run_length_decoded(data, rows, columns)
    if len(data) < rows * columns * 4:
        data = _old_runs_expanded(data, rows * columns)
    return np.frombuffer(data, np.uint8, rows * columns * 4).reshape(rows, columns, 4)


def _is_run_length_coded(data: bytes, columns: int) -> bool:
    return _MIN_RUN_WIDTH <= columns <= _MAX_RUN_WIDTH and data[:4] == bytes((2, 2, columns >> 8, columns & 255))


def _run_length_decoded(data: bytes, rows: int, columns: int) -> NDArray[np.uint8]:
    """Decode scan lines that hold their four channels one after the other."""
    planes = bytearray(rows * 4 * columns)
    position = at = 0
    for _ in range(rows):
        if not _is_run_length_coded(data[position : position + 4], columns):
            raise (
                EOFError("a scan line is missing")
                if position >= len(data)
                else ValueError("a scan line is out of step")
            )
        position += 4
        for _ in range(4):
            position = _channel_decoded(data, position, planes, at, columns)
            at += columns
    return np.frombuffer(planes, np.uint8).reshape(rows, 4, columns).transpose(0, 2, 1)


def _channel_decoded(data: bytes, position: int, planes: bytearray, at: int, columns: int) -> int:
    end = at + columns
    while at < end:
        if position + 1 >= len(data):
            raise EOFError("a scan line is cut off")
        count = data[position]
        if count > 128:
            count -= 128
            values = data[position + 1 : position + 2] * count
            position += 2
        else:
            values = data[position + 1 : position + 1 + count]
            position += 1 + count
        if not count or at + count > end:
            raise ValueError("a run does not fit its scan line")
        if len(values) < count:
            raise EOFError("a run is cut off")
        planes[at : at + count] = values
        at += count
    return position


def _old_runs_expanded(data: bytes, pixels: int) -> bytes:
    """Expand the runs of Radiance before 1991: a pixel 1, 1, 1, n repeats the one before it n times."""
    expanded = bytearray()
    shift = 0
    for position in range(0, len(data) - 3, 4):
        pixel = data[position : position + 4]
        if pixel[:3] == b"\1\1\1":
            expanded += expanded[-4:] * min(pixel[3] << shift, pixels)
            shift += 8
        else:
            expanded += pixel
            shift = 0
        if len(expanded) >= pixels * 4:
            return bytes(expanded)
    raise EOFError("pixels are missing")


def _oriented(pixels: NDArray[np.uint8], resolution: re.Match[bytes]) -> NDArray[np.uint8]:
    first_sign, first_axis, _, second_sign, second_axis, _ = resolution.groups()
    if first_axis == second_axis:
        raise ValueError("its resolution line names one axis twice")
    vertical, horizontal = (first_sign, second_sign) if first_axis == b"Y" else (second_sign, first_sign)
    upright = pixels if first_axis == b"Y" else pixels.transpose(1, 0, 2)
    return upright[:: -1 if vertical == b"+" else 1, :: -1 if horizontal == b"-" else 1]


def _linear(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    scale = np.ldexp(np.float32(1), pixels[..., 3].astype(np.int32) - _EXPONENT_BIAS).astype(np.float32)
    scale[pixels[..., 3] == 0] = 0
    return pixels[..., :3].astype(np.float32) * scale[..., None]
