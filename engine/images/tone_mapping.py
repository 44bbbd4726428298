"""Scene-linear light to display pixels, for the decoders of HDR and EXR.

Invariant: values that already fit the display (textures saved as floats) keep their brightness; only brighter scenes
are mapped. Operator: Reinhard, Stark, Shirley, Ferwerda, "Photographic Tone Reproduction for Digital Images"
(2002), global form with the log-average as key and the brightest part burning to white.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

KEY = 0.18
WHITE_PERCENTILE = 99.5
FITS_PERCENTILE = 99.9
DARKEST = 1e-4  # of the brightest; darker pixels are background and do not count for the exposure
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def box_reduced(linear: Floats, edge: int) -> Floats:
    """Average whole blocks of `[h, w, c]` so that the long edge is at least `edge` and under twice that."""
    height, width, channels = linear.shape
    factor = min(max(height, width) // edge, height, width)
    if factor < 2:
        return linear
    rows, columns = height // factor, width // factor
    cut = linear[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor, channels)
    reduced: Floats = cut.mean(axis=(1, 3), dtype=np.float32)
    return reduced


def tone_mapped(linear: Floats) -> NDArray[np.uint8]:
    """Return sRGB `[h, w, 3]` of linear Rec. 709 light `[h, w, 3]`."""
    light = np.clip(np.nan_to_num(linear, nan=0.0, posinf=65504.0, neginf=0.0), 0.0, 65504.0)
    luminance = light @ LUMINANCE
    if luminance.size and float(np.percentile(luminance, FITS_PERCENTILE)) > 1.0:
        light = light * _gain(luminance)[..., None]
    return _encoded(np.clip(light, 0.0, 1.0))


def _gain(luminance: Floats) -> Floats:
    counted = luminance[luminance > DARKEST * luminance.max()]
    exposure = KEY / float(np.exp(np.log(counted).mean()))
    white = max(1.0, exposure * float(np.percentile(counted, WHITE_PERCENTILE)))
    exposed = luminance * exposure
    gain: Floats = (exposure * (1 + exposed / white**2) / (1 + exposed)).astype(np.float32)
    return gain


def _encoded(light: Floats) -> NDArray[np.uint8]:
    """Apply the transfer function of sRGB (IEC 61966-2-1)."""
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055)
    pixels: NDArray[np.uint8] = np.rint(encoded * 255).astype(np.uint8)
    return pixels
