"""The one program that is frozen: the window, the command line, or one of the parts they start as processes.

Each part is imported only where it runs, so that the window loads no torch and the engine no Qt.
"""

from __future__ import annotations

import multiprocessing
import sys

from engine.launching import Child


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    multiprocessing.freeze_support()
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == Child.ENGINE.flag:
        from engine.worker import main as serve

        return serve(sys.argv[2:])
    if asked == Child.DECODER.flag:
        from engine.images.isolated_child import main as decode

        decode()
        return 0
    from engine.cli import main as run

    run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
