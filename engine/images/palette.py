"""The dominant colours of a picture in OKLab; pure computation on a decoded image, for facts and colour filters.

Invariant: shares are of the opaque pixels only, largest first, and add up to 1 unless nothing is opaque.
OKLab and its matrices: Björn Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_Floats = NDArray[np.float32]

MAX_COLOURS = 6
SAMPLE_EDGE_PX = 64
OPAQUE_FROM = 128  # alpha
MIN_SHARE = 0.01
MERGE_DISTANCE = 0.045  # OKLab units; colours nearer than this look like shades of one
LLOYD_ROUNDS = 4

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_LMS_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    dtype=np.float32,
)
_LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    dtype=np.float32,
)
_LMS_FROM_LAB = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]],
    dtype=np.float32,
)
_RGB_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ],
    dtype=np.float32,
)


@dataclass(frozen=True, slots=True)
class PaletteColour:
    """One dominant colour; `l` is 0…1, `a` and `b` about -0.4…0.4, `share` 0…1 of the opaque pixels."""

    l: float  # noqa: E741 - the coordinate's own name
    a: float
    b: float
    share: float


def palette_of(image: Image.Image) -> tuple[PaletteColour, ...]:
    """Return at most MAX_COLOURS dominant colours of an sRGB RGB or RGBA image, largest share first."""
    colours, weights = _weighted_colours(_opaque_sample(image))
    if not len(weights):
        return ()
    centres = _spread_seeds(colours, weights)
    for _ in range(LLOYD_ROUNDS):
        centres = _moved_to_means(centres, colours, weights)
    centres, shares = _merged_shades(centres, _shares(centres, colours, weights))
    order = np.argsort(-shares, kind="stable")
    kept = [index for index in order if shares[index] >= MIN_SHARE] or [order[0]]
    total = float(shares[kept].sum())
    return tuple(
        PaletteColour(*(round(float(value), 4) for value in (*centres[index], shares[index] / total))) for index in kept
    )


def oklab_from_hex(colour: str) -> tuple[float, float, float]:
    """Return (l, a, b) of `#rrggbb`. Raises ValueError for anything else."""
    match = _HEX.fullmatch(colour.strip())
    if match is None:
        raise ValueError(f"{colour!r} is not a colour of the form #rrggbb")
    rgb = np.frombuffer(bytes.fromhex(match.group(1)), dtype=np.uint8).reshape(1, 3)
    lightness, a, b = _oklab(rgb.astype(np.float32))[0]
    return float(lightness), float(a), float(b)


def hex_from_oklab(lightness: float, a: float, b: float) -> str:
    """Return `#rrggbb`, clipped into sRGB."""
    lms = _LMS_FROM_LAB @ np.array([lightness, a, b], dtype=np.float32)
    linear = np.clip(_RGB_FROM_LMS @ lms**3, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + bytes(np.rint(encoded * 255).astype(np.uint8)).hex()


def _opaque_sample(image: Image.Image) -> NDArray[np.uint8]:
    # Nearest keeps the artist's own colours, where a smooth resize would invent blends along every edge.
    width, height = (min(SAMPLE_EDGE_PX, length) for length in image.size)
    pixels = np.asarray(image.resize((width, height), Image.Resampling.NEAREST)).reshape(width * height, -1)
    return pixels[pixels[:, 3] >= OPAQUE_FROM, :3] if pixels.shape[1] == 4 else pixels


def _weighted_colours(pixels: NDArray[np.uint8]) -> tuple[_Floats, _Floats]:
    """Bin to 4 bits a channel; return the bins' mean OKLab `[n, 3]` and their pixel counts `[n]`."""
    bins = pixels.astype(np.int32) >> 4
    keys = (bins[:, 0] << 8) | (bins[:, 1] << 4) | bins[:, 2]
    counts = np.bincount(keys, minlength=4096)
    used = np.flatnonzero(counts)
    sums = [np.bincount(keys, weights=pixels[:, channel], minlength=4096)[used] for channel in range(3)]
    means = np.stack(sums, axis=1) / counts[used, None]
    return _oklab(means.astype(np.float32)), counts[used].astype(np.float32)


def _oklab(rgb: _Floats) -> _Floats:
    """Return OKLab `[n, 3]` of sRGB 0…255 `[n, 3]`."""
    encoded = rgb / np.float32(255)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    lab: _Floats = (np.cbrt(linear @ _LMS_FROM_RGB.T) @ _LAB_FROM_LMS.T).astype(np.float32)
    return lab


def _spread_seeds(colours: _Floats, weights: _Floats) -> _Floats:
    """Choose seeds by the greatest weight x squared distance: k-means++ without its dice, so that results repeat."""
    chosen = [int(np.argmax(weights))]
    nearest = ((colours - colours[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < MAX_COLOURS and nearest.max() > MERGE_DISTANCE**2:
        chosen.append(int(np.argmax(weights * nearest)))
        nearest = np.minimum(nearest, ((colours - colours[chosen[-1]]) ** 2).sum(axis=1))
    return colours[chosen]


def _assignment(centres: _Floats, colours: _Floats) -> NDArray[np.intp]:
    owner: NDArray[np.intp] = np.argmin(((colours[:, None, :] - centres[None]) ** 2).sum(axis=2), axis=1)
    return owner


def _moved_to_means(centres: _Floats, colours: _Floats, weights: _Floats) -> _Floats:
    owner = _assignment(centres, colours)
    mass = np.bincount(owner, weights=weights, minlength=len(centres))
    sums = [np.bincount(owner, weights=weights * colours[:, axis], minlength=len(centres)) for axis in range(3)]
    means = np.stack(sums, axis=1) / np.maximum(mass, 1e-9)[:, None]
    return np.where(mass[:, None] > 0, means, centres).astype(np.float32)


def _shares(centres: _Floats, colours: _Floats, weights: _Floats) -> _Floats:
    mass = np.bincount(_assignment(centres, colours), weights=weights, minlength=len(centres))
    shares: _Floats = (mass / mass.sum()).astype(np.float32)
    return shares


def _merged_shades(centres: _Floats, shares: _Floats) -> tuple[_Floats, _Floats]:
    kept: list[int] = []
    merged = shares.copy()
    for index in np.argsort(-shares, kind="stable"):
        twin = next((k for k in kept if np.linalg.norm(centres[k] - centres[index]) < MERGE_DISTANCE), None)
        if twin is None:
            kept.append(int(index))
        else:
            merged[twin] += shares[index]
    return centres[kept], merged[kept]
