"""Cuts a picture's subject out of its plain ground, for drafts and for picks with true alpha.

Pure functions, any thread. A difference key, no recognition: what is connected to the border and has the ground's
colour becomes transparent, and the edge is freed of it. Its limits: a ground that is not plain is refused; what the
subject has of the ground's colour goes with it where it reaches the outline; enclosed ground, as inside a handle,
stays, and so does a cast shadow; hair and glass come out hard.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.errors import PropmasterError

BORDER_SHARE = 0.01
"""Width of the frame whose colour is the ground's, as a share of the short edge; at least one pixel."""
PLAIN_SHARE, PLAIN_WITHIN = 0.6, 8
"""This share of the frame must lie within so much, of 255, of one colour; the subject may cross the rest."""
LEAST_TOLERANCE = 10
"""Of 255, in the channel that differs most: what still is ground. JPEG's ringing on white reaches about 10."""
EDGE_PX = 3
"""How far from the ground the subject's edge may be mixed with it."""
LEAST_SUBJECT, MOST_SUBJECT = 0.005, 0.98
"""Shares of the picture; less or more says that the key found something else than a subject."""

_Mask = NDArray[np.bool_]
_Floats = NDArray[np.float32]


class NoPlainGround(PropmasterError):
    """The picture has no plain ground to cut its subject out of."""

    code = "no_plain_ground"


def cut_out(image: Image.Image) -> Image.Image:
    """Return an RGB or RGBA image as RGBA with its ground transparent; one that has alpha, as it is.

    Raises NoPlainGround.
    """
    if image.mode == "RGBA" and image.getchannel("A").point(lambda alpha: 255 - alpha).getbbox():
        return image
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    ground, tolerance = _ground(pixels)
    distance = np.abs(pixels - ground).max(axis=2)
    outside = _reached_from_border(distance <= tolerance)
    subject = 1 - outside.mean()
    if not LEAST_SUBJECT <= subject <= MOST_SUBJECT:
        raise NoPlainGround(
            f"The subject cannot be told from the ground: {subject:.0%} of the picture differ from it.",
            "Ask for the picture on a plain ground of a colour that the subject does not have.",
        )
    return _with_clean_edge(pixels, ground, distance, outside)


def cut_out_file(data: bytes) -> bytes:
    """Return a finished picture's file as a PNG with its ground transparent. Raises NoPlainGround."""
    with Image.open(io.BytesIO(data)) as image:
        cut = cut_out(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    stream = io.BytesIO()
    cut.save(stream, "PNG")
    return stream.getvalue()


def trimmed(image: Image.Image) -> Image.Image:
    """Return an RGBA image without the transparent margin around it; one that is all transparent, as it is."""
    box = image.getchannel("A").point(lambda alpha: 255 * (alpha > 8)).getbbox()
    return image.crop(box) if box else image


def _ground(pixels: _Floats) -> tuple[_Floats, float]:
    """Return the ground's colour `[3]` and the tolerance around it, both 0…255. Raises NoPlainGround."""
    width = max(1, round(min(pixels.shape[:2]) * BORDER_SHARE))
    sides = pixels[:width], pixels[-width:], pixels[width:-width, :width], pixels[width:-width, -width:]
    frame = np.concatenate([side.reshape(-1, 3) for side in sides])
    colour = np.median(frame, axis=0).astype(np.float32)
    off = np.abs(frame - colour).max(axis=1)
    plain = off <= PLAIN_WITHIN
    if plain.mean() < PLAIN_SHARE:
        raise NoPlainGround(
            "The picture has no plain ground: its border has many colours.",
            "Ask for the picture on a plain white ground, or cut it out in a paint program.",
        )
    return colour, max(2 * float(np.quantile(off[plain], 0.95)), LEAST_TOLERANCE)


def _reached_from_border(passable: _Mask) -> _Mask:
    """Flood from the border through what is passable, up, down and sideways.

    Each round fills whole runs of a row, then of a column, so that the number of rounds is that of the turns on the
    longest way, not of its pixels.
    """
    reached = np.zeros_like(passable)
    reached[0], reached[-1], reached[:, 0], reached[:, -1] = passable[0], passable[-1], passable[:, 0], passable[:, -1]
    rows, columns = _runs(passable), _runs(passable.T)
    known = -1
    while (count := int(reached.sum())) != known:
        known = count
        reached = _filled_runs(rows, passable, reached)
        reached = _filled_runs(columns, passable.T, reached.T).T
    return reached


def _runs(passable: _Mask) -> NDArray[np.int32]:
    """Number the runs between impassable pixels, row by row; no run goes on in the next row."""
    starts = ~passable
    starts[:, 0] = True
    return np.cumsum(starts.ravel(), dtype=np.int32).reshape(passable.shape)


def _filled_runs(runs: NDArray[np.int32], passable: _Mask, reached: _Mask) -> _Mask:
    hit = np.zeros(int(runs[-1, -1]) + 1, dtype=bool)
    hit[runs[reached]] = True
    filled: _Mask = hit[runs] & passable
    return filled


def _with_clean_edge(pixels: _Floats, ground: _Floats, distance: _Floats, outside: _Mask) -> Image.Image:
    """Give the edge its share of the ground as transparency, and take the ground's colour out of it.

    A pixel of the edge is a mixture C = αF + (1 - α)G. The subject's own colour F is taken to be as far from the
    ground as the farthest pixel nearby, which gives α, and with it F (Smith and Blinn, "Blue Screen Matting", 1996).
    """
    inside = Image.fromarray(np.where(outside, 0, 255).astype(np.uint8))
    near = np.asarray(inside.filter(ImageFilter.MinFilter(2 * EDGE_PX - 1))) == 0
    farthest = Image.fromarray(np.minimum(distance, 255).astype(np.uint8)).filter(
        ImageFilter.MaxFilter(2 * EDGE_PX + 1)
    )
    mixed = np.clip(distance / np.maximum(np.asarray(farthest, dtype=np.float32), 1), 0, 1)
    alpha = np.where(outside, 0, np.where(near, mixed, 1)).astype(np.float32)
    share = np.maximum(alpha, 1 / 255)[..., None]
    own = np.where(alpha[..., None] < 1, ground + (pixels - ground) / share, pixels)
    rgba = np.dstack([np.clip(own, 0, 255), alpha * 255])
    return Image.fromarray(np.rint(rgba).astype(np.uint8), "RGBA")
