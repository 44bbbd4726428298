"""Runs the stages that make the starter encoder: `python packaging/starter_encoder STAGE`; see README.md."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_ROOT / "packaging"), str(_ROOT)]

from starter_encoder.stages import main  # noqa: E402

if __name__ == "__main__":
    main()
