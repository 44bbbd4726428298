"""Sizes and ratios in pixels, for generators that are asked for pixels."""

from __future__ import annotations

EDGES_PX = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""Edge of a square of each size; other ratios have as many pixels."""


def size_px(size: str, ratio: str, *, step: int = 1, longest: int = 8192) -> tuple[int, int]:
    """Return width and height of a size such as "1K" at a ratio such as "3:4": multiples of `step` up to `longest`."""
    across, down = (int(side) for side in ratio.split(":"))
    edge = EDGES_PX[size]
    width, height = edge * (across / down) ** 0.5, edge * (down / across) ** 0.5
    shrink = min(1.0, longest / max(width, height))
    return round(width * shrink / step) * step, round(height * shrink / step) * step
